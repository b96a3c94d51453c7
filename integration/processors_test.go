package integration

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cgroup"
)

// TestProcessorsByNodeType has nodes of a type with 4 vCPUs on what passes for a machine of 4 processors (GOMAXPROCS), behind the gate and with TLS. A
// smaller type takes effect with the next start, and on the weight at once.
func TestProcessorsByNodeType(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.New(t, "--node-cgroups", "auto")
		s.Start("GOMAXPROCS=4")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{CacheNodeType: aws.String("cache.r7g.xlarge")})
		wantIOThreads(t, s, 2)
		wantWeight(t, s, "400")
		g.writeSideBySide(8)

		s.Kill()
		s.Start("GOMAXPROCS=4") // which takes the process over
		if _, err := g.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{
			ReplicationGroupId: &g.id, CacheNodeType: aws.String("cache.r7g.large"), ApplyImmediately: aws.Bool(true),
		}); err != nil {
			t.Fatal(err)
		}
		g.AwaitStatus(g.id, "available")
		wantIOThreads(t, s, 2)
		wantWeight(t, s, "200")

		before := slices.Collect(maps.Values(s.Nodes()))
		if _, err := g.API().RebootCacheCluster(t.Context(), &elasticache.RebootCacheClusterInput{CacheClusterId: aws.String(g.id + "-001"), CacheNodeIdsToReboot: []string{"0001"}}); err != nil {
			t.Fatal(err)
		}
		harness.Await(t, harness.Patience, "another process", func() (bool, error) {
			now := slices.Collect(maps.Values(s.Nodes()))
			return len(now) == 1 && now[0] != before[0], nil
		})
		g.AwaitStatus(g.id, "available")
		wantIOThreads(t, s, 1)
	})
}

// wantIOThreads counts the threads that read and write for a node's main thread, which counts, too.
func wantIOThreads(t *testing.T, s *harness.Server, want int) {
	t.Helper()
	for node, pid := range s.Nodes() {
		got := 1
		names, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/comm", pid))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if text, _ := os.ReadFile(name); strings.HasPrefix(string(text), "io_thd") {
				got++
			}
		}
		if got != want {
			t.Errorf("%s has %d I/O threads, want %d", node, got, want)
		}
	}
}

// wantWeight looks at the nodes' control groups, where the machine lets aikagi make some.
func wantWeight(t *testing.T, s *harness.Server, want string) {
	t.Helper()
	if _, err := cgroup.Check(); err != nil {
		t.Logf("NOT TRIED: control groups of nodes: %v", err)
		return
	}
	for node, pid := range s.Nodes() {
		text, err := os.ReadFile(filepath.Join(cgroup.Home(os.DirFS("/"), pid), "cpu.weight"))
		if err != nil || strings.TrimSpace(string(text)) != want {
			t.Errorf("%s weighs %q (%v), want %s", node, text, err, want)
		}
	}
}

// writeSideBySide has so many clients write and read at the same time: engines wake their I/O threads only for several.
func (g *group) writeSideBySide(clients int) {
	g.t.Helper()
	var all sync.WaitGroup
	for i := range clients {
		w := dial(g.t, g.primary(), g.ca)
		all.Go(func() {
			for n := range 20 {
				key, value := fmt.Sprintf("key-%d-%d", i, n), strings.Repeat(string(rune('a'+i)), 4096)
				if reply, err := w.try("SET", key, value); reply != "OK" || err != nil {
					g.t.Errorf("SET: %q, %v", reply, err)
					return
				}
				if reply, err := w.try("GET", key); reply != value || err != nil {
					g.t.Errorf("GET: %d bytes, %v", len(reply), err)
					return
				}
			}
		})
	}
	all.Wait()
}
