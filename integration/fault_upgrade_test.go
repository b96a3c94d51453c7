package integration_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/fault"
)

// upgradeTo asks for another version of an engine, at once or in the maintenance window.
func (g *subject) upgradeTo(engine, version string, atOnce bool) error {
	_, err := g.client().ElastiCache.ModifyReplicationGroup(context.Background(), &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.id, Engine: &engine, EngineVersion: &version, ApplyImmediately: &atOnce,
	}, once)
	return err
}

// newestValkey is the version of it that is installed, as it is asked for.
func newestValkey(t *testing.T, s *harness.Server) string {
	t.Helper()
	version, err := load.NewestVersion(t.Context(), s.API(), "valkey")
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(version.EngineVersion)
}

// toUpgrade is a settled group of Redis, which Valkey can take over; with a token, and with automatic failover only where there are three.
func toUpgrade(t *testing.T, replicas int) *subject {
	t.Helper()
	if all := harness.Engines(t); !slices.Contains(all, "redis") || !slices.Contains(all, "valkey") {
		t.Skip("takes redis and valkey")
	}
	g := newSubject(harness.Start(t), "group", "redis", replicas, true)
	g.automatic = replicas == 2
	g.tokens, g.retired = []string{tokenOf("first", 0)}, []string{""}
	if err := g.create(g.tokens[0]); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	return g
}

// awaitValkey waits until the group is at rest after its upgrade, and judges every acknowledged write on every node.
func (g *subject) awaitValkey(w *writer, version string) {
	g.t().Helper()
	g.await("upgrade to be over", func() (bool, error) {
		settled, err := g.isSettled()
		if !settled {
			return false, err
		}
		access, _, err := g.access()
		return err == nil && strings.HasPrefix(access.EngineVersion, version+"."), fmt.Errorf("it is %s (%w)", access.EngineVersion, err)
	})
	writes := w.stop(g.t())
	g.keep(writes)
	access, _, err := g.access()
	if err != nil {
		g.t().Fatal(err)
	}
	for _, n := range access.Nodes {
		if n.Role == "primary" {
			g.primary = n.CacheClusterId
		}
	}
	g.written = map[string]int{}
	g.write("after the upgrade") // every replica has what came before, too
	for _, node := range g.nodes {
		c := g.connect(node)
		if info, err := c.do("INFO", "server"); err != nil || !strings.HasPrefix(field(info, "valkey_version"), version+".") {
			g.t().Errorf("%s runs valkey %q (%v), want %s", node, field(info, "valkey_version"), err, version)
		}
		g.verifyAcked(node, c)
		c.Close()
	}
	g.t().Logf("%d writes were acknowledged over %d connections, and every one was looked for", len(writes), w.connections())
}

// TestUpgradeToValkey changes the engine below a client that writes all the time, of a group with and without replicas.
func TestUpgradeToValkey(t *testing.T) {
	t.Parallel()
	for name, replicas := range map[string]int{"three nodes": 2, "two without failover": 1, "one node": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := toUpgrade(t, replicas)
			valkey := newestValkey(t, g.Server)
			was := g.address[primaryEndpoint]
			w := g.writeAllTheTime("upgrade")
			if err := g.upgradeTo("valkey", valkey, true); err != nil {
				t.Fatal(err)
			}
			g.awaitValkey(w, valkey)
			if g.address[primaryEndpoint] != was {
				t.Errorf("the primary endpoint was %s, and is %s", was, g.address[primaryEndpoint])
			}
			access, _, _ := g.access()
			member, err := g.client().ElastiCache.DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{CacheClusterId: &g.nodes[0]})
			if err != nil {
				t.Fatal(err)
			}
			c := member.CacheClusters[0]
			if group := aws.ToString(c.CacheParameterGroup.CacheParameterGroupName); aws.ToString(c.Engine) != "valkey" || !strings.HasPrefix(aws.ToString(c.EngineVersion), valkey+".") ||
				!strings.HasPrefix(group, "default.valkey") || c.PendingModifiedValues != nil && c.PendingModifiedValues.EngineVersion != nil {
				t.Errorf("a member is %+v", c)
			}
			wantEvents(t, g, "group: Upgrade of group requested: from redis 7", "group: group runs valkey "+access.EngineVersion+" on every node")
			if err := g.upgradeTo("redis", "7.0", true); err == nil || !strings.Contains(err.Error(), "Cannot modify valkey from "+valkey) {
				t.Errorf("a way back: %v", err)
			}
		})
	}
}

// TestUpgradeIsKilled kills the control plane at the points of an upgrade; the next one goes on.
func TestUpgradeIsKilled(t *testing.T) {
	t.Parallel()
	points := []string{
		fault.UpgradeNoted, fault.NodeStopped, fault.UpgradeNoted + ":2", fault.Demoted, fault.UpgradeNoted + ":3",
	}
	if long() {
		points = append(points, fault.StoreAfterCommit, fault.NodeInstalled, fault.NodeStarted, fault.WritesPaused, fault.Promoted, fault.SwitchNoted,
			fault.NodeStopped+":2", fault.NodeStarted+":2", fault.Proven, fault.BeforeSettle, fault.AfterSettle)
	}
	for i, point := range points {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			g := toUpgrade(t, 1+i%2)
			valkey := newestValkey(t, g.Server)
			w := g.writeAllTheTime("killed")
			g.Stop()
			g.Start("AIKAGI_FAULT=" + point)
			if err := g.upgradeTo("valkey", valkey, true); harness.Refused(err) {
				t.Fatal(err)
			}
			g.await("death at "+point, func() (bool, error) {
				select {
				case <-g.Exited():
					return true, nil
				default:
					return false, nil
				}
			})
			if !g.Killed() {
				t.Errorf("the control plane ended before %s", point)
			}
			g.Start()
			g.awaitValkey(w, valkey)
		})
	}
}

// TestUpgradeIsUndone asks for a version that cannot be started: the group goes on with what it has, and says why.
func TestUpgradeIsUndone(t *testing.T) {
	t.Parallel()
	for name, replicas := range map[string]int{"with a replica": 1, "one node": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeEngine(t, dir, "7.9.1", "echo 'the engine is out of order' >&2; exit 3")
			g := newSubject(harness.Start(t, "--engine-path", dir), "group", "redis", replicas, true)
			g.createVersion("7.0")
			g.awaitSettled()
			w := g.writeAllTheTime("undone")
			if err := g.upgradeTo("redis", "7.9", true); err != nil {
				t.Fatal(err)
			}
			g.await("upgrade to be given up", func() (bool, error) {
				settled, err := g.isSettled()
				if !settled {
					return false, err
				}
				access, _, err := g.access()
				return err == nil && strings.HasPrefix(access.EngineVersion, "7.0."), err
			})
			g.keep(w.stop(t))
			c := g.connect(g.primary)
			defer c.Close()
			g.verifyAcked(g.primary, c)
			wantEvents(t, g, "is given up, and redis 7.0")
		})
	}
}

// TestUpgradeWaits has an upgrade wait for the maintenance window, over a restart of the control plane, and takes it back.
func TestUpgradeWaits(t *testing.T) {
	t.Parallel()
	g := toUpgrade(t, 0)
	valkey := newestValkey(t, g.Server)
	pids := g.pids()
	if err := g.upgradeTo("valkey", valkey, false); err != nil {
		t.Fatal(err)
	}
	g.Kill()
	g.Start()
	pending := func() string {
		t.Helper()
		out, err := g.client().ElastiCache.DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{CacheClusterId: &g.nodes[0]})
		if err != nil {
			t.Fatal(err)
		}
		if c := out.CacheClusters[0]; aws.ToString(c.Engine) != "redis" || c.PendingModifiedValues == nil {
			t.Fatalf("the member is %+v", c)
		}
		return aws.ToString(out.CacheClusters[0].PendingModifiedValues.EngineVersion)
	}
	if got := pending(); got != valkey {
		t.Errorf("waiting: %q, want %s", got, valkey)
	}
	if err := g.upgradeTo("redis", "7.0", false); err != nil {
		t.Errorf("take it back: %v", err)
	}
	if got := pending(); got != "" {
		t.Errorf("waiting: %q, after it was taken back", got)
	}
	wantEvents(t, g, "which waited for the maintenance window, is taken back: redis 7.0")
	g.wantPIDs(pids)
}
