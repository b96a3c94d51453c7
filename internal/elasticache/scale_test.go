package elasticache

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/replication"
)

// Codes that several tests expect.
const (
	badValue       = "InvalidParameterValue"
	badCombination = "InvalidParameterCombination"
)

// zonesOf are those of a group as the API shows it, primary first.
func zonesOf(g *types.ReplicationGroup) string {
	var zones []string
	for _, m := range g.NodeGroups[0].NodeGroupMembers {
		zones = append(zones, aws.ToString(m.PreferredAvailabilityZone))
	}
	return strings.Join(zones, " ")
}

func TestCreatePlacement(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.createSubnetGroup("single")
	one := func(c types.NodeGroupConfiguration) []types.NodeGroupConfiguration {
		return []types.NodeGroupConfiguration{c}
	}
	for name, c := range map[string]struct {
		in   sdk.CreateReplicationGroupInput
		want string // zones, or the code of the refusal
		text string
	}{
		"spread": {in: sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(4), MultiAZEnabled: aws.Bool(true), AutomaticFailoverEnabled: aws.Bool(true)},
			want: "us-east-1a us-east-1b us-east-1c us-east-1a"},
		"named": {in: sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), PreferredCacheClusterAZs: []string{"us-east-1b", "us-east-1a"}},
			want: "us-east-1b us-east-1a"},
		"named elsewhere": {in: sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), PreferredCacheClusterAZs: []string{"us-east-1b", "us-east-1f"}},
			want: "us-east-1b us-east-1f"}, // subnets that nobody was asked of may be anywhere
		"subnets of one zone": {in: sdk.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), MultiAZEnabled: aws.Bool(true), AutomaticFailoverEnabled: aws.Bool(true), CacheSubnetGroupName: aws.String("Single"),
		}, want: "us-east-1a us-east-1a"},
		"named beyond subnets": {in: sdk.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), CacheSubnetGroupName: aws.String("single"), PreferredCacheClusterAZs: []string{"us-east-1b", "us-east-1c"},
		}, want: "us-east-1b us-east-1c"},
		"node group": {in: sdk.CreateReplicationGroupInput{NodeGroupConfiguration: one(types.NodeGroupConfiguration{
			PrimaryAvailabilityZone: aws.String("us-east-1b"), ReplicaAvailabilityZones: []string{"us-east-1a", "us-east-1c"}, ReplicaCount: aws.Int32(2)})}, want: "us-east-1b us-east-1a us-east-1c"},
		"node group's zones count": {in: sdk.CreateReplicationGroupInput{NodeGroupConfiguration: one(types.NodeGroupConfiguration{
			PrimaryAvailabilityZone: aws.String("us-east-1b"), ReplicaAvailabilityZones: []string{"us-east-1a"}})}, want: "us-east-1b us-east-1a"},
		"node group's zones elsewhere": {in: sdk.CreateReplicationGroupInput{NodeGroupConfiguration: one(types.NodeGroupConfiguration{
			PrimaryAvailabilityZone: aws.String("us-east-1b"), ReplicaAvailabilityZones: []string{"z"}})}, want: "us-east-1b z"},
		"node group's count": {in: sdk.CreateReplicationGroupInput{NodeGroupConfiguration: one(types.NodeGroupConfiguration{ReplicaCount: aws.Int32(1)})},
			want: "us-east-1a us-east-1b"},
		"zones missing": {in: sdk.CreateReplicationGroupInput{ReplicasPerNodeGroup: aws.Int32(2), NodeGroupConfiguration: one(types.NodeGroupConfiguration{
			PrimaryAvailabilityZone: aws.String("b"), ReplicaAvailabilityZones: []string{"a"}})}, want: badCombination},
		"counts contradict": {in: sdk.CreateReplicationGroupInput{ReplicasPerNodeGroup: aws.Int32(2), NodeGroupConfiguration: one(types.NodeGroupConfiguration{
			ReplicaCount: aws.Int32(1)})}, want: badCombination},
		"slots": {in: sdk.CreateReplicationGroupInput{NodeGroupConfiguration: one(types.NodeGroupConfiguration{Slots: aws.String("0-16383")})}, want: "NotImplemented"},
		"automatic failover alone": {in: sdk.CreateReplicationGroupInput{AutomaticFailoverEnabled: aws.Bool(true)}, want: badCombination,
			text: "When using automatic failover, there must be at least 2 cache clusters in the replication group."},
		"Multi-AZ without": {in: sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), MultiAZEnabled: aws.Bool(true)}, want: badCombination, text: "Multi-AZ"},
	} {
		c.in.ReplicationGroupId, c.in.ReplicationGroupDescription = aws.String("g-"+strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(name), " ", "-"), "'", "")), aws.String("d")
		c.in.CacheNodeType = aws.String("cache.t4g.micro")
		out, err := f.CreateReplicationGroup(t.Context(), &c.in)
		if !strings.Contains(c.want, " ") {
			refused(t, name, err, c.want, c.text)
			continue
		}
		if err != nil || len(out.ReplicationGroup.NodeGroups) != 0 {
			t.Errorf("%s: %v, %v", name, err, out)
			continue
		}
		f.settle(*c.in.ReplicationGroupId)
		g := f.shown(*c.in.ReplicationGroupId)
		if zones := zonesOf(&g); zones != c.want {
			t.Errorf("%s: %s; want %s", name, zones, c.want)
		}
		on := aws.ToBool(c.in.AutomaticFailoverEnabled)
		if (g.AutomaticFailover == types.AutomaticFailoverStatusEnabled) != on || (g.MultiAZ == types.MultiAZStatusEnabled) != on {
			t.Errorf("%s: automatic failover %s, Multi-AZ %s", name, g.AutomaticFailover, g.MultiAZ)
		}
	}
}

func TestReplicaCount(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(1)})
	increase := func(zones ...string) (*sdk.IncreaseReplicaCountOutput, error) {
		return f.IncreaseReplicaCount(t.Context(), &sdk.IncreaseReplicaCountInput{
			ReplicationGroupId: aws.String("G"), ApplyImmediately: aws.Bool(true),
			ReplicaConfiguration: []types.ConfigureShard{{NodeGroupId: aws.String("0001"), NewReplicaCount: aws.Int32(2), PreferredAvailabilityZones: zones}},
		})
	}
	up, err := increase("us-east-1b", "us-east-1c", "us-east-1a")
	if err != nil || aws.ToString(up.ReplicationGroup.Status) != "modifying" || zonesOf(up.ReplicationGroup) != "us-east-1a us-east-1b us-east-1c" {
		t.Fatalf("increase: %v, %+v", err, up)
	}
	if m := up.ReplicationGroup.NodeGroups[0].NodeGroupMembers; m[0].ReadEndpoint == nil || m[2].ReadEndpoint != nil {
		t.Errorf("endpoints of members while one is created: %+v", m)
	}
	g := f.settle("g")
	if len(g.Addresses()) != 5 {
		t.Errorf("addresses: %v", g.Addresses())
	}
	down, err := f.DecreaseReplicaCount(t.Context(), &sdk.DecreaseReplicaCountInput{
		ReplicationGroupId: aws.String("g"), ApplyImmediately: aws.Bool(true), ReplicasToRemove: []string{"G-002"},
	})
	if err != nil || aws.ToString(down.ReplicationGroup.Status) != "modifying" {
		t.Fatalf("decrease: %v, %+v", err, down)
	}
	clusters, err := f.DescribeCacheClusters(t.Context(), &sdk.DescribeCacheClustersInput{CacheClusterId: aws.String("g-002")})
	if err != nil || aws.ToString(clusters.CacheClusters[0].CacheClusterStatus) != "deleting" {
		t.Errorf("the replica that is going: %v, %+v", err, clusters)
	}
	f.settle("g")
	_, err = f.DescribeCacheClusters(t.Context(), &sdk.DescribeCacheClustersInput{CacheClusterId: aws.String("g-002")})
	refused(t, "the replica that is gone", err, "CacheClusterNotFound", "g-002")
}

func TestReplicaCountRefuses(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true)})
	shard := func(id string, count int32) []types.ConfigureShard {
		return []types.ConfigureShard{{NodeGroupId: &id, NewReplicaCount: &count}}
	}
	for name, c := range map[string]struct {
		group   string
		later   bool
		count   *int32
		shards  []types.ConfigureShard
		code    string
		message string
	}{
		"another group":      {group: "none", count: aws.Int32(2), code: "ReplicationGroupNotFoundFault"},
		"later":              {later: true, count: aws.Int32(2), code: badValue, message: "ApplyImmediately must be true"},
		"no count":           {code: badCombination, message: "NewReplicaCount"},
		"another node group": {shards: shard("0002", 2), code: badValue, message: "0001"},
		"two node groups":    {shards: append(shard("0001", 2), shard("0002", 2)...), code: badCombination},
		"contradiction":      {count: aws.Int32(2), shards: shard("0001", 3), code: badCombination, message: "contradict"},
		"six":                {count: aws.Int32(6), code: "NodeQuotaForCustomerExceeded", message: "at most 5"},
		"as it is":           {count: aws.Int32(1), code: "NoOperationFault"},
	} {
		if c.group == "" {
			c.group = "g"
		}
		_, err := f.IncreaseReplicaCount(t.Context(), &sdk.IncreaseReplicaCountInput{
			ReplicationGroupId: &c.group, ApplyImmediately: aws.Bool(!c.later), NewReplicaCount: c.count, ReplicaConfiguration: c.shards,
		})
		refused(t, "increase, "+name, err, c.code, c.message)
		_, err = f.DecreaseReplicaCount(t.Context(), &sdk.DecreaseReplicaCountInput{
			ReplicationGroupId: &c.group, ApplyImmediately: aws.Bool(!c.later), NewReplicaCount: c.count, ReplicaConfiguration: c.shards,
		})
		if name != "six" {
			refused(t, "decrease, "+name, err, c.code, c.message)
		}
	}
	for name, remove := range map[string][]string{"serving as primary": {"g-001"}, "not part of": {"g-007"}, "auto failover enabled.": {"g-002"}} {
		_, err := f.DecreaseReplicaCount(t.Context(), &sdk.DecreaseReplicaCountInput{
			ReplicationGroupId: aws.String("g"), ApplyImmediately: aws.Bool(true), ReplicasToRemove: remove,
		})
		refused(t, "remove "+remove[0], err, badValue, name)
	}
	if g := f.settle("g"); len(g.Shards[0].Nodes) != 2 {
		t.Errorf("nodes after the refusals: %+v", g.Shards[0].Nodes)
	}
}

func TestReplicaAsCacheCluster(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(1), CacheNodeType: aws.String("cache.t4g.small")})
	_, err := f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("alone"), CacheNodeType: aws.String("cache.t4g.micro")})
	if err != nil {
		t.Fatal(err)
	}
	create := func(id string, edit func(*sdk.CreateCacheClusterInput)) (*types.CacheCluster, error) {
		in := &sdk.CreateCacheClusterInput{CacheClusterId: &id, ReplicationGroupId: aws.String("G")}
		if edit != nil {
			edit(in)
		}
		out, err := f.CreateCacheCluster(t.Context(), in)
		if err != nil {
			return nil, err
		}
		return out.CacheCluster, nil
	}
	for name, c := range map[string]struct {
		id, code, message string
		edit              func(*sdk.CreateCacheClusterInput)
	}{
		"taken by a cluster":   {id: "alone", code: "CacheClusterAlreadyExists", message: "alone"},
		"taken by a member":    {id: "g-001", code: "CacheClusterAlreadyExists", message: "g-001"},
		"a group that is none": {id: "r", code: "ReplicationGroupNotFoundFault", edit: func(in *sdk.CreateCacheClusterInput) { in.ReplicationGroupId = aws.String("none") }},
	} {
		_, err := create(c.id, c.edit)
		refused(t, name, err, c.code, c.message)
	}
	got, err := create("Reports", func(in *sdk.CreateCacheClusterInput) {
		in.PreferredAvailabilityZone, in.AutoMinorVersionUpgrade = aws.String("us-east-1b"), aws.Bool(true)
		in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	})
	if err != nil || aws.ToString(got.CacheClusterId) != "reports" || aws.ToString(got.ReplicationGroupId) != "g" ||
		aws.ToString(got.CacheClusterStatus) != "creating" || aws.ToString(got.PreferredAvailabilityZone) != "us-east-1b" {
		t.Fatalf("created: %v, %+v", err, got)
	}
	g := f.settle("g")
	if !g.Shards[0].ReaderEndpoint.IsValid() || g.Node("reports").Tags["k"] != "v" {
		t.Errorf("group: %+v", g)
	}
	remove := func(id string) error {
		_, err := f.DeleteCacheCluster(t.Context(), &sdk.DeleteCacheClusterInput{CacheClusterId: &id})
		return err
	}
	refused(t, "delete the primary", remove("g-001"), "InvalidCacheClusterState", "serving as primary for replication group g")
	if err := remove("Reports"); err != nil {
		t.Fatal(err)
	}
	if g := f.settle("g"); len(g.Shards[0].Nodes) != 1 {
		t.Errorf("nodes: %+v", g.Shards[0].Nodes)
	}
	refused(t, "delete the only one", remove("g-001"), "InvalidCacheClusterState", "only member")
}

func TestModifyAvailability(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
	modify := func(in sdk.ModifyReplicationGroupInput) (*types.ReplicationGroup, error) {
		in.ReplicationGroupId = aws.String("g")
		out, err := f.ModifyReplicationGroup(t.Context(), &in)
		if err != nil {
			return nil, err
		}
		return out.ReplicationGroup, nil
	}
	g, err := modify(sdk.ModifyReplicationGroupInput{AutomaticFailoverEnabled: aws.Bool(true), MultiAZEnabled: aws.Bool(true)})
	if err != nil || g.AutomaticFailover != "enabled" || g.MultiAZ != "enabled" || aws.ToString(g.Status) != "available" {
		t.Fatalf("on: %v, %+v", err, g)
	}
	_, err = modify(sdk.ModifyReplicationGroupInput{AutomaticFailoverEnabled: aws.Bool(false)})
	refused(t, "off under Multi-AZ", err, badCombination, "Multi-AZ")
	_, err = modify(sdk.ModifyReplicationGroupInput{PrimaryClusterId: aws.String("g-002")})
	refused(t, "promote under automatic failover", err, badCombination, "promoted")
	_, err = modify(sdk.ModifyReplicationGroupInput{PrimaryClusterId: aws.String("g-003")})
	refused(t, "promote nobody", err, "CacheClusterNotFound", "g-003")
	_, err = modify(sdk.ModifyReplicationGroupInput{PrimaryClusterId: aws.String("g-001")})
	refused(t, "promote the primary", err, badCombination, "No modifications were requested")
	g, err = modify(sdk.ModifyReplicationGroupInput{PrimaryClusterId: aws.String("g-002"), AutomaticFailoverEnabled: aws.Bool(false), MultiAZEnabled: aws.Bool(false)})
	if err != nil || g.AutomaticFailover != "disabled" || aws.ToString(g.PendingModifiedValues.PrimaryClusterId) != "g-002" {
		t.Fatalf("promote: %v, %+v", err, g)
	}
	if stored := f.update("g", func(*replication.Group) {}); stored.Shards[0].Failover == nil || stored.Shards[0].Failover.To != "g-002" {
		t.Errorf("stored: %+v", stored.Shards[0])
	}
	if members := g.MemberClusters; !slices.Equal(members, []string{"g-001", "g-002"}) {
		t.Errorf("members: %q", members)
	}
}
