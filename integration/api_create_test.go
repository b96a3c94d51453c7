package integration

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestCreationIsTruthful watches a creation: a group has no endpoints before it is
// available, and is not available before each of its members is and answers.
func TestCreationIsTruthful(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := &group{Server: s, t: t, id: "g", ca: s.CA()}
		_, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: &g.id, CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), Engine: &engine,
			NumCacheClusters: aws.Int32(3), TransitEncryptionEnabled: aws.Bool(true),
		})
		if err != nil {
			t.Fatal(err)
		}
		harness.Await(t, harness.Patience, "the group to be available", func() (bool, error) {
			now := g.describe()
			available := aws.ToString(now.Status) == "available"
			if shown := len(now.NodeGroups) == 1 && now.NodeGroups[0].PrimaryEndpoint != nil && now.NodeGroups[0].ReaderEndpoint != nil; shown != available {
				t.Errorf("a group that is %s shows its endpoints: %t", aws.ToString(now.Status), shown)
			}
			if !available && len(now.NodeGroups) != 0 {
				t.Errorf("a group that is %s shows %+v", aws.ToString(now.Status), now.NodeGroups)
			}
			return available, nil
		})
		members, err := s.API().DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{})
		if err != nil || len(members.CacheClusters) != 3 {
			t.Fatalf("members: %+v, %v", members, err)
		}
		for _, m := range members.CacheClusters {
			if aws.ToString(m.CacheClusterStatus) != "available" {
				t.Errorf("in an available group, %s is %s", aws.ToString(m.CacheClusterId), aws.ToString(m.CacheClusterStatus))
			}
		}
		w := dial(t, g.primary(), g.ca)
		if reply := w.do("SET", "k", "v"); reply != "OK" {
			t.Errorf("SET: %s", reply)
		}
		if replicas := w.do("WAIT", "2", "5000"); replicas != "2" {
			t.Errorf("replicas that have the first write: %s", replicas)
		}
	})
}

// TestSharedNames sees that a member's id is a cache cluster's, and taken for both.
func TestSharedNames(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	engine := harness.Engines(t)[0]
	newCluster(t, s, engine, "g-002")
	_, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("g"), CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), Engine: &engine, NumCacheClusters: aws.Int32(2),
	})
	checkRefusal(t, err, "CacheClusterAlreadyExists", "g-002")
	_, err = s.API().DescribeReplicationGroups(t.Context(), &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: aws.String("g")})
	checkRefusal(t, err, notThere, "g")
	if nodes := s.Nodes(); len(nodes) != 1 {
		t.Errorf("nodes: %v", nodes)
	}
	newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{}).checkAccess(none)
}
