package integration

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// What controllers read of answers. A field that is absent crashes them, or has them ask for the same change for ever.
//
// Source: Terraform's AWS provider, internal/service/elasticache (replication_group.go, cluster.go, flex of both); AWS Controllers for
// Kubernetes, elasticache-controller, pkg/resource (late initialisation and custom hooks of each resource).
var (
	groupReads = fields(`ARN AtRestEncryptionEnabled AuthTokenEnabled AutoMinorVersionUpgrade AutomaticFailover CacheNodeType ClusterEnabled
		ClusterMode DataTiering Description Durability EffectiveDurability Engine IpDiscovery LogDeliveryConfigurations MemberClusters MultiAZ NetworkType
		NodeGroups PendingModifiedValues ReplicationGroupCreateTime ReplicationGroupId SnapshotRetentionLimit SnapshotWindow Status TransitEncryptionEnabled
		TransitEncryptionMode`)
	nodeGroupReads = fields("NodeGroupId NodeGroupMembers PrimaryEndpoint ReaderEndpoint Status")
	memberReads    = fields("CacheClusterId CacheNodeId CurrentRole PreferredAvailabilityZone ReadEndpoint")
	clusterReads   = fields(`ARN AtRestEncryptionEnabled AuthTokenEnabled AutoMinorVersionUpgrade CacheClusterCreateTime CacheClusterId CacheClusterStatus
		CacheNodeType CacheNodes CacheParameterGroup CacheSubnetGroupName Engine EngineVersion IpDiscovery LogDeliveryConfigurations NetworkType
		NumCacheNodes PendingModifiedValues PreferredAvailabilityZone PreferredMaintenanceWindow SecurityGroups SnapshotRetentionLimit SnapshotWindow
		TransitEncryptionEnabled`)
	cacheNodeReads = fields("CacheNodeId CacheNodeCreateTime CacheNodeStatus CustomerAvailabilityZone Endpoint ParameterGroupStatus")
	parameterReads = fields("CacheParameterGroupName CacheNodeIdsToReboot ParameterApplyStatus")
	endpointReads  = fields("Address Port")
)

// fields are names with blanks between them.
func fields(s string) []string { return strings.Fields(s) }

// wantFields checks that fields of an answer are there. A list that is empty is there, one that is nil is not.
func wantFields(t *testing.T, what string, answer any, names []string) {
	t.Helper()
	v := reflect.Indirect(reflect.ValueOf(answer))
	for _, name := range names {
		switch f := v.FieldByName(name); {
		case !f.IsValid():
			t.Errorf("%s has no field %s in the SDK", what, name)
		case f.Kind() == reflect.Slice && f.IsNil(), f.Kind() != reflect.Slice && f.IsZero():
			t.Errorf("%s lacks %s", what, name)
		}
	}
}

// TestWhatControllersRead asks as controllers do that compare what is there with what is wanted.
func TestWhatControllersRead(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	g := newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true)})
	read := g.describe()
	wantFields(t, "the group", read, groupReads)
	if len(read.MemberClusters) != 2 || len(read.NodeGroups) != 1 {
		t.Fatalf("members %q, %d node groups", read.MemberClusters, len(read.NodeGroups))
	}
	shard := read.NodeGroups[0]
	wantFields(t, "its node group", shard, nodeGroupReads)
	wantFields(t, "its primary endpoint", shard.PrimaryEndpoint, endpointReads)
	wantFields(t, "its reader endpoint", shard.ReaderEndpoint, endpointReads)
	if aws.ToString(shard.Status) != "available" {
		t.Errorf("the node group of an available group is %s", aws.ToString(shard.Status))
	}
	for _, member := range shard.NodeGroupMembers {
		wantFields(t, "a member", member, memberReads)
	}
	for _, id := range read.MemberClusters {
		wantClusterReads(t, s, id)
	}
	// A controller asks for both before it calls a group synced.
	allowed, err := s.API().ListAllowedNodeTypeModifications(t.Context(), &elasticache.ListAllowedNodeTypeModificationsInput{ReplicationGroupId: &g.id})
	if err != nil || !slices.Contains(allowed.ScaleUpModifications, "cache.t4g.small") {
		t.Errorf("allowed node types %q: %v", allowed.ScaleUpModifications, err)
	}
	events, err := s.API().DescribeEvents(t.Context(), &elasticache.DescribeEventsInput{SourceIdentifier: &g.id, SourceType: types.SourceTypeReplicationGroup, MaxRecords: aws.Int32(20)})
	if err != nil || len(events.Events) == 0 {
		t.Errorf("events %v: %v", events, err)
	}
}

func wantClusterReads(t *testing.T, s *harness.Server, id string) {
	t.Helper()
	out, err := s.API().DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{CacheClusterId: &id, ShowCacheNodeInfo: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	c := out.CacheClusters[0]
	wantFields(t, id, c, clusterReads)
	wantFields(t, id+"'s parameter group", c.CacheParameterGroup, parameterReads)
	for _, node := range c.CacheNodes {
		wantFields(t, id+"'s node", node, cacheNodeReads)
		wantFields(t, id+"'s endpoint", node.Endpoint, endpointReads)
	}
	// What nobody has set must not read as if somebody had: it would become part of what is wanted.
	set, err := s.API().DescribeCacheParameters(t.Context(), &elasticache.DescribeCacheParametersInput{CacheParameterGroupName: c.CacheParameterGroup.CacheParameterGroupName, Source: aws.String("user")})
	if err != nil || len(set.Parameters) != 0 {
		t.Errorf("parameters of the default group that read as set: %d, %v", len(set.Parameters), err)
	}
}
