package group

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/health"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// modulePath is the engine module, built once for all tests.
var modulePath = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-module-")
	if err != nil {
		return "", err
	}
	return module.Build(context.Background(), dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := modulePath(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// plane is a reconciler over real nodes of this machine, with a clock that the test sets.
type plane struct {
	*Reconciler
	t     *testing.T
	ahead atomic.Int64 // of the real clock, in nanoseconds
	key   cache.Key
}

func (p *plane) now() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }

// newPlane makes a group with TLS and brings it up.
func newPlane(t *testing.T, installed engine.Installed, replicas int) *plane {
	t.Helper()
	p := &plane{t: t}
	path, err := modulePath()
	must(t, err)
	dir := t.TempDir()
	authority, err := pki.Open(dir, p.now)
	must(t, err)
	database, err := sqlite.Open(t.Context(), filepath.Join(dir, "store.db"), sqlite.Options{})
	must(t, err)
	nodes, err := process.New(process.Options{
		Dir: filepath.Join(dir, "nodes"), Programs: engine.Programs([]engine.Installed{installed}), Now: p.now,
	})
	must(t, err)
	keyring := engine.NewKeyring(make([]byte, 32))
	monitor := health.New(health.Options{
		Connect:  ConnectHealth(reach.Nodes{Provider: nodes, Keyring: keyring}),
		Activity: nodes.Activity,
	})
	p.Reconciler = New(Options{
		Store: database, Provider: nodes, Authority: authority, Keyring: keyring, Health: monitor,
		Engines: []cache.EngineVersion{installed.EngineVersion}, Module: func(context.Context) (string, error) { return path, nil }, Network: netip.MustParsePrefix("127.0.0.0/8"), Witness: NewWitness(), Logger: slog.New(slog.DiscardHandler), Now: p.now,
	})
	ctx, stop := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() { _ = monitor.Run(ctx) })
	t.Cleanup(func() {
		stop()
		watching.Wait()
		for _, state := range nodes.List() {
			if err := nodes.Kill(context.Background(), state.Node); err != nil {
				t.Error(err)
			}
		}
		ended, end := context.WithCancel(context.Background())
		end()
		if err := nodes.Run(ended); err != nil {
			t.Error(err)
		}
		if err := database.Close(); err != nil {
			t.Error(err)
		}
	})
	p.create(installed, replicas)
	return p
}

func (p *plane) create(installed engine.Installed, replicas int) {
	p.t.Helper()
	g, err := replication.NewGroup(replication.Spec{
		ID: "g", EngineVersion: installed.EngineVersion, Replicas: replicas, Transit: cache.TransitRequired, AutomaticFailover: replicas > 0,
	}, p.now())
	must(p.t, err)
	next := addresstest.Claim(p.t).Addr()
	must(p.t, g.AssignAddresses(func() (netip.Addr, error) { next = next.Next(); return next, nil }))
	must(p.t, p.Store.Update(p.t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }))
	p.key = g.Key()
	p.settle()
}

// settle reconciles, as a loop would, until there is nothing left to do.
func (p *plane) settle() {
	p.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		result, err := p.Reconcile(p.t.Context(), p.key)
		again, _ := result.Wait()
		if err == nil && again == resyncAfter {
			return
		}
		time.Sleep(min(again, 20*time.Millisecond) + time.Millisecond)
	}
	p.t.Fatalf("group is not at rest: %+v", p.group())
}

func (p *plane) group() *replication.Group {
	p.t.Helper()
	var g *replication.Group
	must(p.t, p.Store.View(p.t.Context(), func(tx store.Tx) (err error) {
		g, err = store.Get(tx, store.Groups, p.key)
		return err
	}))
	return g
}

// client is a TLS connection to a node, as a client with the test's clock has it.
type client struct {
	conn    *tls.Conn
	replies *bufio.Reader
}

func (p *plane) connect(node *replication.Node) *client {
	p.t.Helper()
	conn, err := tls.Dial("tcp", node.Address.String(),
		&tls.Config{RootCAs: p.Authority.CertPool(), MinVersion: tls.VersionTLS12, Time: p.now})
	if err != nil {
		p.t.Fatalf("connect to %s at %s: %v", node.ID, p.now(), err)
	}
	p.t.Cleanup(func() { conn.Close() })
	return &client{conn: conn, replies: bufio.NewReader(conn)}
}

func (c *client) ping() error {
	if err := c.conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if _, err := io.WriteString(c.conn, "PING\r\n"); err != nil {
		return err
	}
	line, err := c.replies.ReadString('\n')
	if err == nil && !strings.HasPrefix(line, "+PONG") {
		err = fmt.Errorf("answer %q", line)
	}
	return err
}

func (c *client) serial() string {
	return c.conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eachEngine(t *testing.T, test func(t *testing.T, installed engine.Installed)) {
	t.Helper()
	found, err := engine.Find(t.Context(), nil)
	must(t, err)
	if len(found) == 0 {
		t.Fatal("no engine is installed")
	}
	for _, installed := range found {
		t.Run(string(installed.Engine), func(t *testing.T) {
			t.Parallel()
			test(t, installed)
		})
	}
}

// Certificates are renewed in time, again and again, in the running process: who is
// connected stays, who connects gets the new one, replicas stay in sync.
func TestCertificatesAreRenewedInPlace(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed engine.Installed) {
		p := newPlane(t, installed, 1)
		g := p.group()
		open := map[string][]*client{}
		pids := map[string]int{}
		for i := range g.Shards[0].Nodes {
			node := &g.Shards[0].Nodes[i]
			open[node.ID] = []*client{p.connect(node)}
			pids[node.ID] = p.Provider.Inspect(provider.NameOf(node)).PID
		}
		for round := range 3 {
			p.ahead.Add(int64(59 * 24 * time.Hour))
			p.settle()
			p.wantSerials(g, open, false)
			p.ahead.Add(int64(2 * 24 * time.Hour)) // two thirds of 90 days are over
			p.settle()
			p.wantSerials(g, open, true)
			for id, connections := range open {
				for n, c := range connections {
					if err := c.ping(); err != nil {
						t.Errorf("round %d: connection %d to %s: %v", round, n, id, err)
					}
				}
			}
		}
		for i := range g.Shards[0].Nodes {
			node := &g.Shards[0].Nodes[i]
			if pid := p.Provider.Inspect(provider.NameOf(node)).PID; pid != pids[node.ID] {
				t.Errorf("%s was restarted", node.ID)
			}
		}
	})
}

// wantSerials connects anew to each node, and checks whether the certificate is
// another one than that of the connection before.
func (p *plane) wantSerials(g *replication.Group, open map[string][]*client, renewed bool) {
	p.t.Helper()
	for i := range g.Shards[0].Nodes {
		node := &g.Shards[0].Nodes[i]
		before := open[node.ID][len(open[node.ID])-1]
		c := p.connect(node)
		if got := c.serial() != before.serial(); got != renewed {
			p.t.Errorf("%s: certificate renewed: %t, want %t", node.ID, got, renewed)
		}
		open[node.ID] = append(open[node.ID], c)
	}
}

// A control plane that was killed with a new certificate written and not in use
// leaves nothing that a restart of the node, or the next renewal, stumbles over.
func TestRenewalBrokenOff(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed engine.Installed) {
		p := newPlane(t, installed, 0)
		node := p.group().Shards[0].Primary()
		first := p.connect(node)
		// What the kill leaves; half a file it cannot be, for files are installed whole.
		s := newSession(p.Reconciler)
		unused, err := s.certificateFile(p.group(), node, engine.OtherCertificateFile(engine.CertificateFiles[0]))
		must(t, err)
		must(t, p.Provider.Install(t.Context(), provider.NameOf(node), []provider.File{unused}))
		p.settle()
		if second := p.connect(node); second.serial() != first.serial() {
			t.Error("a certificate that is good was replaced")
		}
		p.ahead.Add(int64(61 * 24 * time.Hour))
		p.settle()
		if third := p.connect(node); third.serial() == first.serial() {
			t.Error("the old certificate is still in use")
		}
		must(t, first.ping())

		// The next process begins with the first file, which is the old one now.
		must(t, p.Provider.Stop(t.Context(), provider.NameOf(node)))
		p.settle()
		if fourth := p.connect(node); fourth.serial() == first.serial() {
			t.Error("the old certificate is back after a restart")
		}
	})
}
