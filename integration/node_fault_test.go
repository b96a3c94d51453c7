package integration_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/fault"
)

// saved is a settled group with keys, whose nodes have all saved them and do not run.
func saved(t *testing.T, engine string, replicas int, automatic bool) *subject {
	t.Helper()
	g := newSubject(harness.Start(t), "hurt", engine, replicas, true)
	g.automatic = automatic
	if err := g.create(""); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	for n := range 20 {
		g.write(fmt.Sprint("customer-", n))
	}
	if out, err := g.Aikagi("down"); err != nil {
		t.Fatalf("aikagi down: %v\n%s", err, out)
	}
	return g
}

// damage cuts a node's snapshot short and returns what is left of it.
func (g *subject) damage(node string) []byte {
	g.t().Helper()
	path := filepath.Join(g.dirOf(node), "dump.rdb")
	snapshot, err := os.ReadFile(path)
	if err != nil {
		g.t().Fatal(err)
	}
	snapshot = snapshot[:len(snapshot)*2/3]
	if err := os.WriteFile(path, snapshot, 0o600); err != nil {
		g.t().Fatal(err)
	}
	return snapshot
}

// setAside are the node's snapshots that were set aside.
func (g *subject) setAside(node string) []string {
	found, _ := filepath.Glob(filepath.Join(g.dirOf(node), "dump.rdb.set-aside*"))
	return found
}

// awaitFault returns what is known of the one node that cannot start.
func (g *subject) awaitFault(node, kind string) {
	g.t().Helper()
	g.await(node+" to be told to be unable to start", func() (bool, error) {
		faults, err := g.client().NodeFaults(context.Background())
		if err != nil || len(faults) != 1 || faults[0].CacheClusterId != node {
			return false, fmt.Errorf("faults %+v, %w", faults, err)
		}
		if faults[0].Fault.Kind != kind {
			return false, fmt.Errorf("it is %s: %s", faults[0].Fault.Kind, faults[0].Fault.Evidence)
		}
		return true, nil
	})
}

// A single node whose snapshot is damaged says why it cannot start, wherever one looks, and one
// command starts it without; the file is kept.
func TestDamagedSnapshotOfSingleNode(t *testing.T) {
	t.Parallel()
	for _, engine := range harness.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := saved(t, engine, 0, false)
			node := g.node(0)
			rest := g.damage(node)
			g.Start()
			g.awaitFault(node, "snapshot")
			wantEvents(t, g, node+": Cache node cannot start: its snapshot, dump.rdb, is damaged")
			for _, args := range [][]string{{"status"}, {"status", g.id}} {
				out, _ := g.Aikagi(args...)
				for _, part := range []string{node + " CANNOT START", "dump.rdb", "RDB", "aikagi node repair " + node} {
					if !strings.Contains(out, part) {
						t.Errorf("aikagi %s does not say %q:\n%s", args, part, out)
					}
				}
				if strings.Contains(out, "customer-") {
					t.Errorf("aikagi %s tells a key's name:\n%s", args, out)
				}
			}
			if access, _, _ := g.access(); !strings.Contains(access.StatusReason, node+" cannot start") {
				t.Errorf("the group's reason is %q", access.StatusReason)
			}
			if out, err := g.Aikagi("node", "repair", g.id+"/"+node); err == nil || len(g.setAside(node)) > 0 {
				t.Errorf("repair without a word changes something: %v\n%s", err, out)
			}
			out, err := g.Aikagi("node", "repair", g.id+"/"+node, "--yes")
			if err != nil {
				t.Fatalf("repair: %v\n%s", err, out)
			}
			g.awaitSettled()
			g.wantKept(node, rest, out)
			wantEvents(t, g, node+": Cache node's snapshot (")
			g.written = map[string]int{}
			g.write("after")
			if out, err := g.Aikagi("node", "repair", node, "--yes"); err == nil || !strings.Contains(out, "nothing to repair") {
				t.Errorf("repair of a node that runs: %v\n%s", err, out)
			}
		})
	}
}

func (g *subject) wantKept(node string, snapshot []byte, said string) {
	g.t().Helper()
	kept := g.setAside(node)
	if len(kept) != 1 {
		g.t().Fatalf("kept are %q, want one snapshot", kept)
	}
	if data, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(data, snapshot) {
		g.t().Errorf("the snapshot that was kept is not the one that was there (%v)", err)
	}
	if !strings.Contains(said, filepath.Base(kept[0])) {
		g.t().Errorf("%q does not say where the snapshot is: %s", said, kept[0])
	}
}

// A kill -9 of the control plane between the renaming and its note loses nothing: the file is kept
// once, and the node comes back.
func TestRepairSurvivesKill(t *testing.T) {
	t.Parallel()
	g := saved(t, oneEngine(t, 0), 0, false)
	node := g.node(0)
	rest := g.damage(node)
	g.Start("AIKAGI_FAULT=" + fault.SnapshotSetAside)
	g.awaitFault(node, "snapshot")
	_, _ = g.client().RepairNode(context.Background(), node)
	select {
	case <-g.Exited():
	case <-time.After(harness.Patience):
		t.Fatal("it was not killed")
	}
	if kept := g.setAside(node); len(kept) != 1 {
		t.Errorf("kept are %q when the control plane died", kept)
	}
	g.Start()
	g.awaitSettled()
	g.wantKept(node, rest, g.setAside(node)[0])
}

// A replica whose snapshot is damaged, and a primary whose replicas have the data, come back by
// themselves, also when no process lived.
func TestDamagedSnapshotIsReplaced(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		victim    int
		automatic bool
	}{
		{"replica", 1, false}, {"replica with failover", 2, true}, {"primary", 0, false}, {"primary with failover", 0, true},
	}
	for _, engine := range harness.Engines(t) {
		for _, c := range cases {
			t.Run(engine+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				g := saved(t, engine, 2, c.automatic)
				victim := g.node(c.victim)
				rest := g.damage(victim)
				g.Start()
				g.awaitSettled()
				wantEvents(t, g, victim+": Cache node cannot start", victim+": Cache node's snapshot (")
				g.wantKept(victim, rest, g.setAside(victim)[0])
				g.wantKeysEverywhere()
			})
		}
	}
}

// wantKeysEverywhere asks every node for every key.
func (g *subject) wantKeysEverywhere() {
	g.t().Helper()
	for _, node := range g.nodes {
		g.await(node+" to have every key", func() (bool, error) {
			c := g.connect(node)
			defer c.Close()
			for key := range g.written {
				if _, err := c.do("get", key); err != nil {
					return false, err
				}
				if n, err := c.do("exists", key); err != nil || n != "1" {
					return false, errors.Join(fmt.Errorf("%s is not there", key), err)
				}
			}
			return true, nil
		})
	}
}

// A primary that dies, and whose snapshot is damaged then, comes back as a replica of the one that took over.
func TestDamagedSnapshotAfterFailover(t *testing.T) {
	t.Parallel()
	g := saved(t, oneEngine(t, 1), 1, true)
	g.Start()
	g.awaitSettled()
	victim := g.primaryNow()
	g.damage(victim)
	g.kill(victim, syscall.SIGKILL)
	g.await("its snapshot to be set aside", func() (bool, error) { return len(g.setAside(victim)) == 1, nil })
	g.awaitSettled()
	g.wantKeysEverywhere()
}

func (g *subject) primaryNow() string {
	g.t().Helper()
	access, _, err := g.access()
	for _, n := range access.Nodes {
		if n.Role == "primary" {
			return n.CacheClusterId
		}
	}
	g.t().Fatalf("no primary: %v", err)
	return ""
}

// A module that was removed or damaged keeps a node from starting with a reason and a fix; the node
// comes back when the module does.
func TestModuleMissing(t *testing.T) {
	t.Parallel()
	binary, err := harness.Binary()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(filepath.Dir(binary), module.Name()))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "module.so")
	write := func(data []byte) {
		if err := os.WriteFile(path, data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(whole)
	g := newSubject(harness.Start(t, "--engine-module", path), "module", oneEngine(t, 0), 0, true)
	if err := g.create(""); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	for _, damage := range []func(){func() { _ = os.Remove(path) }, func() { _ = os.Remove(path); write(whole[:len(whole)/2]) }} {
		damage()
		g.kill(g.node(0), syscall.SIGKILL)
		g.awaitFault(g.node(0), "module")
		wantEvents(t, g, g.node(0)+": Cache node cannot start: the engine module is missing or damaged")
		_ = os.Remove(path)
		write(whole)
		g.awaitSettled()
	}
}
