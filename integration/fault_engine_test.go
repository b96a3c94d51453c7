package integration_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// ownVersion is of a major version that no machine has, so that nothing installed is its
// successor.
const (
	ownVersion = "99.0.1"
	ownRelease = "99.0" // as it is asked for
)

// writeEngine puts a program named redis-server into a directory: it says that it is a
// version that no machine has, and otherwise does what the script says.
func writeEngine(t *testing.T, dir, version, script string) {
	t.Helper()
	text := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = --version ] && { echo 'Redis server v=%s sha=00000000:0 malloc=libc bits=64'; exit 0; }\n%s\n", version, script)
	if err := os.WriteFile(filepath.Join(dir, "redis-server"), []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

func (g *subject) createVersion(version string) {
	g.t().Helper()
	_, err := g.client().ElastiCache.CreateReplicationGroup(context.Background(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &g.id, CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("under test"), Engine: &g.engine, EngineVersion: &version,
		NumCacheClusters: aws.Int32(int32(len(g.nodes))), TransitEncryptionEnabled: &g.tls,
	}, once)
	if err != nil {
		g.t().Fatal(err)
	}
}

// An engine that ends at once makes the creation fail, with the engine's own last
// words as the reason; the group can be deleted.
func TestEngineEndsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeEngine(t, dir, ownVersion, "echo 'the engine is out of order' >&2; exit 3")
	g := newSubject(harness.Start(t, "--engine-path", dir), "loop", "redis", 1, true)
	g.createVersion(ownRelease)
	g.await("create-failed", func() (bool, error) {
		access, _, err := g.access()
		return access.Status == "create-failed", fmt.Errorf("it is %s (%w)", access.Status, err)
	})
	access, _, _ := g.access()
	for _, part := range []string{"loop-001", "exit status 3", "the engine is out of order"} {
		if !strings.Contains(access.StatusReason, part) {
			t.Errorf("reason %q does not say %q", access.StatusReason, part)
		}
	}
	wantEvents(t, g, "loop: Creation of loop failed: "+access.StatusReason)
	if pids := g.pids(); len(pids) != 0 {
		t.Errorf("processes %v run", pids)
	}
	if err := g.delete(); err != nil {
		t.Fatal(err)
	}
	g.awaitGone()
	g.verifyGone()
}

// An engine that was removed keeps its nodes from coming back and nothing else: what
// runs goes on, and the rest comes back with the engine.
func TestEngineRemoved(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	dir := t.TempDir()
	// What it is told to allow, the real one, which is older, may not know.
	script := `sed -i -E 's/ \+(client\|(no-touch|setinfo)|cluster\|myshardid)//g' users.acl; exec ` + program + ` "$@"`
	writeEngine(t, dir, ownVersion, script)
	g := newSubject(harness.Start(t, "--engine-path", dir), "orphan", "redis", 1, true)
	g.createVersion(ownRelease)
	g.awaitSettled()
	g.write("before")
	pids := g.pids()

	g.Stop()
	if err := os.Remove(filepath.Join(dir, "redis-server")); err != nil {
		t.Fatal(err)
	}
	g.kill(g.node(1), syscall.SIGKILL)
	g.Args = nil
	g.Start()
	wantEvents(t, g, "orphan-002: Cache node ended unexpectedly")
	g.verifyLogins(g.node(0))
	if err := g.modify(rotate, tokenOf("first", 0)); err != nil {
		t.Errorf("token change while an engine is missing: %v", err)
	}
	if settled, _ := g.isSettled(); settled {
		t.Error("group counts as settled although a node cannot be started")
	}

	g.Stop()
	writeEngine(t, dir, ownVersion, script)
	g.Args = []string{"--engine-path", dir}
	g.Start()
	g.awaitSettled()
	g.tokens = append(g.tokens, tokenOf("first", 0))
	g.verify()
	g.wantPIDs(pids, g.node(1))
}

// The control plane's end, whatever its kind, is no matter to engines and clients;
// `aikagi down` saves the data and is no crash.
func TestControlPlaneEnds(t *testing.T) {
	t.Parallel()
	g := newGroup(t, oneEngine(t, 1), 2)
	g.write("before")
	connections, pids := g.hold(), g.pids()
	for _, end := range []func(){g.Kill, g.Stop, g.Kill} {
		end()
		g.wantPIDs(pids)
		g.Start()
		g.awaitSettled()
	}
	g.verify()
	g.wantPIDs(pids)
	connections.check(t)

	out, err := g.Aikagi("down")
	if err != nil || !strings.Contains(out, "3 engines stopped") {
		t.Fatalf("aikagi down: %v\n%s", err, out)
	}
	select {
	case <-g.Exited():
	default:
		t.Error("the control plane runs after aikagi down")
	}
	if left := leaders(g.Dir); len(left) != 0 {
		t.Errorf("processes %v run after aikagi down", left)
	}
	g.Start()
	g.awaitSettled()
	g.events["ended unexpectedly"] = 0
	for _, id := range g.nodes {
		g.events[id+": Cache node restarted"] = 1
	}
	g.verify()
}
