package integration

import (
	"fmt"
	"slices"
	"strconv"
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

// TestNodeType changes the node type at once, then before the maintenance window, takes such a change back, then has it in the window.
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
		g.mustModify(elasticache.ModifyReplicationGroupInput{CacheNodeType: aws.String("cache.t4g.micro"), PreferredMaintenanceWindow: &closed})
		if out, err := g.Aikagi("maintenance"); err != nil || !strings.Contains(out, closed) || !strings.Contains(out, "node type cache.t4g.micro") {
			t.Errorf("aikagi maintenance: %v: %s", err, out)
		}
		if out, err := g.Aikagi("maintenance", g.id, "--now"); err != nil || !strings.Contains(out, "g is available") {
			t.Errorf("aikagi maintenance --now: %v: %s", err, out)
		}
		g.checkMemory(memoryOfMicro)
		if out, err := g.Aikagi("maintenance", g.id, "--now"); err == nil || !strings.Contains(out, "Nothing waits for the maintenance window of g.") {
			t.Errorf("aikagi maintenance --now, again: %v: %s", err, out)
		}

		answer = g.mustModify(elasticache.ModifyReplicationGroupInput{CacheNodeType: aws.String("cache.t4g.medium")})
		if aws.ToString(answer.Status) != "available" || aws.ToString(answer.CacheNodeType) != "cache.t4g.micro" {
			t.Errorf("answer to a deferred change: %s, %s", aws.ToString(answer.Status), aws.ToString(answer.CacheNodeType))
		}
		if pending := describeCluster(t, g.Server, "g-001").PendingModifiedValues; aws.ToString(pending.CacheNodeType) != "cache.t4g.medium" {
			t.Errorf("pending: %+v", pending)
		}
		g.checkMemory(memoryOfMicro)
		if out, err := g.Aikagi("maintenance", g.id, "--cancel"); err != nil || !strings.Contains(out, "nothing") {
			t.Errorf("aikagi maintenance --cancel: %v: %s", err, out)
		}
		if pending := describeCluster(t, g.Server, "g-001").PendingModifiedValues; pending.CacheNodeType != nil {
			t.Errorf("pending after it was taken back: %+v", pending)
		}

		g.mustModify(elasticache.ModifyReplicationGroupInput{CacheNodeType: aws.String("cache.t4g.medium"), PreferredMaintenanceWindow: &open})
		harness.Await(t, harness.Patience, "the deferred node type", func() (bool, error) {
			now := g.describe()
			return aws.ToString(now.CacheNodeType) == "cache.t4g.medium" && aws.ToString(now.Status) == "available", nil
		})
		if pending := describeCluster(t, g.Server, "g-001").PendingModifiedValues; pending.CacheNodeType != nil {
			t.Errorf("pending after the window: %+v", pending)
		}
		g.checkMemory(memoryOfMedium)
		g.checkResizes(closed, open)
	})
}

// checkResizes asks what a group of type cache.t4g.medium can become, with and without data, and for what it cannot: also where data came
// while a smaller type waited for the window.
func (g *group) checkResizes(closed, open string) {
	g.t.Helper()
	small, micro := "cache.t4g.small", "cache.t4g.micro"
	if up, down := g.resizes(); !slices.Contains(up, "cache.m7g.large") || !slices.Contains(down, small) || !slices.Contains(down, micro) {
		g.t.Errorf("an empty group can become %v, %v", up, down)
	}
	family := strings.TrimPrefix(aws.ToString(describeCluster(g.t, g.Server, "g-001").CacheParameterGroup.CacheParameterGroupName), "default.")
	tight := aws.String("tight")
	if _, err := g.API().CreateCacheParameterGroup(g.t.Context(), &elasticache.CreateCacheParameterGroupInput{CacheParameterGroupName: tight, CacheParameterGroupFamily: &family, Description: aws.String("d")}); err != nil {
		g.t.Fatal(err)
	}
	if _, err := g.API().ModifyCacheParameterGroup(g.t.Context(), &elasticache.ModifyCacheParameterGroupInput{
		CacheParameterGroupName: tight, ParameterNameValues: []types.ParameterNameValue{{ParameterName: aws.String("reserved-memory-percent"), ParameterValue: aws.String("99")}},
	}); err != nil {
		g.t.Fatal(err)
	}
	g.mustModify(elasticache.ModifyReplicationGroupInput{CacheParameterGroupName: tight, ApplyImmediately: aws.Bool(true)})
	g.AwaitStatus(g.id, "available") // of which a node of the type holds 31 MiB, a small one 13, a micro one 5
	g.mustModify(elasticache.ModifyReplicationGroupInput{CacheNodeType: &micro, PreferredMaintenanceWindow: &closed})
	client := dial(g.t, g.primary(), g.CA())
	for i := range 16 {
		client.do("SET", "k"+strconv.Itoa(i), strings.Repeat("x", 1<<20))
	}
	if up, down := g.resizes(); !slices.Contains(up, "cache.m7g.large") || slices.Contains(down, small) || slices.Contains(down, micro) {
		g.t.Errorf("a full group can become %v, %v", up, down)
	}
	for _, atOnce := range []bool{true, false} {
		_, err := g.API().ModifyReplicationGroup(g.t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, CacheNodeType: &small, ApplyImmediately: &atOnce})
		checkRefusal(g.t, err, invalidValue, "A cache of type cache.t4g.medium cannot be changed to cache.t4g.small: its fullest node uses ")
	}
	_, err := g.API().ModifyReplicationGroup(g.t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, CacheNodeType: aws.String("cache.r6gd.xlarge"), ApplyImmediately: aws.Bool(true)})
	checkRefusal(g.t, err, invalidValue, "nodes of the family r6gd can only be changed among themselves")
	if out, err := g.Aikagi("maintenance", g.id, "--now"); err == nil || !strings.Contains(out, "cannot be changed to cache.t4g.micro: its fullest node uses ") {
		g.t.Errorf("aikagi maintenance --now, with too much data: %v: %s", err, out)
	}
	g.mustModify(elasticache.ModifyReplicationGroupInput{PreferredMaintenanceWindow: &open})
	harness.Await(g.t, harness.Patience, "the smaller type to be given up", func() (bool, error) {
		return describeCluster(g.t, g.Server, "g-001").PendingModifiedValues.CacheNodeType == nil, nil
	})
	if now := g.describe(); aws.ToString(now.CacheNodeType) != "cache.t4g.medium" {
		g.t.Errorf("after refusals it is of type %s", aws.ToString(now.CacheNodeType))
	}
}

// resizes are the node types that a group can be changed to, as its member says, too.
func (g *group) resizes() (up, down []string) {
	g.t.Helper()
	out, err := g.API().ListAllowedNodeTypeModifications(g.t.Context(), &elasticache.ListAllowedNodeTypeModificationsInput{ReplicationGroupId: &g.id})
	if err != nil {
		g.t.Fatal(err)
	}
	of, err := g.API().ListAllowedNodeTypeModifications(g.t.Context(), &elasticache.ListAllowedNodeTypeModificationsInput{CacheClusterId: aws.String(g.id + "-002")})
	if err != nil || !slices.Equal(of.ScaleUpModifications, out.ScaleUpModifications) || !slices.Equal(of.ScaleDownModifications, out.ScaleDownModifications) {
		g.t.Errorf("a member can become %+v (%v)", of, err)
	}
	return out.ScaleUpModifications, out.ScaleDownModifications
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
