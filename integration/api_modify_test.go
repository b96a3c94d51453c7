package integration

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// Memory that a node may fill with data, in bytes: three quarters of what the original says of its type.
const (
	memoryOfMicro  = 536870912 * 3 / 4
	memoryOfSmall  = 1471026299 * 3 / 4
	memoryOfMedium = 3317862236 * 3 / 4
)

// TestNodeType changes the node type at once, then in the maintenance window.
func TestNodeType(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		g.checkMemory(memoryOfMicro)

		answer := g.mustModify(elasticache.ModifyReplicationGroupInput{CacheNodeType: aws.String("cache.t4g.small"), ApplyImmediately: aws.Bool(true)})
		if aws.ToString(answer.Status) != "modifying" {
			t.Errorf("answer: %s", aws.ToString(answer.Status))
		}
		g.AwaitStatus(g.id, "available")
		g.checkMemory(memoryOfSmall)

		// A window that is closed now, and for the next day.
		closed, open := window(time.Now().UTC().Add(48*time.Hour)), window(time.Now().UTC())
		answer = g.mustModify(elasticache.ModifyReplicationGroupInput{
			CacheNodeType: aws.String("cache.t4g.medium"), PreferredMaintenanceWindow: &closed,
		})
		if aws.ToString(answer.Status) != "available" || aws.ToString(answer.CacheNodeType) != "cache.t4g.small" {
			t.Errorf("answer to a deferred change: %s, %s", aws.ToString(answer.Status), aws.ToString(answer.CacheNodeType))
		}
		if pending := describeCluster(t, g.Server, "g-001").PendingModifiedValues; aws.ToString(pending.CacheNodeType) != "cache.t4g.medium" {
			t.Errorf("pending: %+v", pending)
		}
		g.checkMemory(memoryOfSmall)

		g.mustModify(elasticache.ModifyReplicationGroupInput{PreferredMaintenanceWindow: &open})
		harness.Await(t, harness.Patience, "the deferred node type", func() (bool, error) {
			now := g.describe()
			return aws.ToString(now.CacheNodeType) == "cache.t4g.medium" && aws.ToString(now.Status) == "available", nil
		})
		if pending := describeCluster(t, g.Server, "g-001").PendingModifiedValues; pending.CacheNodeType != nil {
			t.Errorf("pending after the window: %+v", pending)
		}
		g.checkMemory(memoryOfMedium)
	})
}

// window is a maintenance window of four hours around a time.
func window(at time.Time) string {
	const form = "Mon:15:04"
	return strings.ToLower(at.Add(-2*time.Hour).Format(form) + "-" + at.Add(2*time.Hour).Format(form))
}

func (g *group) mustModify(in elasticache.ModifyReplicationGroupInput) types.ReplicationGroup {
	g.t.Helper()
	in.ReplicationGroupId = &g.id
	out, err := g.API().ModifyReplicationGroup(g.t.Context(), &in)
	if err != nil {
		g.t.Fatal(err)
	}
	return *out.ReplicationGroup
}

// checkMemory asks every node how much it may hold.
func (g *group) checkMemory(want int) {
	g.t.Helper()
	for _, address := range g.addresses() {
		w := dial(g.t, address, g.ca)
		if info := w.do("INFO", "memory"); !strings.Contains(info, fmt.Sprintf("\nmaxmemory:%d\r\n", want)) {
			g.t.Errorf("%s: maxmemory is not %d:\n%s", address, want, info)
		}
		w.close()
	}
}

// What is told to no node changes without the group ever being busy.
func TestDescriptiveChanges(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{})
		answer := g.mustModify(elasticache.ModifyReplicationGroupInput{
			ReplicationGroupDescription: aws.String("<&> ünïcode"), SnapshotWindow: aws.String("01:00-02:30"),
			AutoMinorVersionUpgrade: aws.Bool(false), Engine: &engine,
		})
		now := g.describe()
		for _, shown := range []types.ReplicationGroup{answer, now} {
			if aws.ToString(shown.Status) != "available" || aws.ToString(shown.Description) != "<&> ünïcode" ||
				aws.ToString(shown.SnapshotWindow) != "01:00-02:30" || aws.ToBool(shown.AutoMinorVersionUpgrade) {
				t.Errorf("shown: %+v", shown)
			}
		}
		_, err := g.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{
			ReplicationGroupId: &g.id, ReplicationGroupDescription: aws.String("<&> ünïcode"),
		})
		checkRefusal(t, err, invalidCombi, noChange)
	})
}
