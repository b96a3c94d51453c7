package integration

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// clusterEngine is the engine of cache clusters that stand alone.
func clusterEngine(t *testing.T) string {
	t.Helper()
	if !slices.Contains(harness.Engines(t), "redis") {
		t.Skip("cache clusters run Redis, which is not installed")
	}
	return "redis"
}

// newCluster creates a cache cluster that stands alone and waits until it is
// available. The engine can only be Redis, as in the original.
func newCluster(t *testing.T, s *harness.Server, engine, id string) {
	t.Helper()
	if engine != "redis" {
		engine = clusterEngine(t)
	}
	out, err := s.API().CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{CacheClusterId: &id, CacheNodeType: aws.String("cache.t4g.micro"), Engine: &engine})
	if err != nil {
		t.Fatal(err)
	}
	if status := aws.ToString(out.CacheCluster.CacheClusterStatus); status != "creating" {
		t.Errorf("answer to create: %s", status)
	}
	awaitCluster(t, s, id, "available")
}

// awaitCluster waits until a cache cluster has a status; "" means until it is gone.
func awaitCluster(t *testing.T, s *harness.Server, id, status string) {
	t.Helper()
	harness.Await(t, harness.Patience, id+" to become "+status, func() (bool, error) {
		out, err := s.API().DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{CacheClusterId: &id})
		if err != nil {
			return status == "" && strings.Contains(err.Error(), "CacheClusterNotFound"), err
		}
		is := aws.ToString(out.CacheClusters[0].CacheClusterStatus)
		return is == status, fmt.Errorf("it is %s", is)
	})
}

func describeCluster(t *testing.T, s *harness.Server, id string) types.CacheCluster {
	t.Helper()
	out, err := s.API().DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{
		CacheClusterId: &id, ShowCacheNodeInfo: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.CacheClusters[0]
}

func TestCacheClusterLifecycle(t *testing.T) {
	t.Parallel()
	t.Run("redis", func(t *testing.T) {
		engine, s := clusterEngine(t), harness.Start(t)
		api := s.API()
		newCluster(t, s, engine, "Alone") // ids are kept in lower case
		cluster := describeCluster(t, s, "ALONE")
		if aws.ToString(cluster.CacheClusterId) != "alone" || len(cluster.CacheNodes) != 1 || cluster.ReplicationGroupId != nil {
			t.Fatalf("described as %+v", cluster)
		}
		address := hostPort(cluster.CacheNodes[0].Endpoint)
		if reply := dial(t, address, nil).do("SET", "kept", "through a reboot"); reply != "OK" {
			t.Errorf("SET: %s", reply)
		}
		if out, err := s.Aikagi("status"); err != nil || !strings.Contains(out, "alone  available  "+engine) || !strings.Contains(out, address) {
			t.Errorf("status (%v) does not show the cluster:\n%s", err, out)
		}

		_, err := api.CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{CacheClusterId: aws.String("alone"), CacheNodeType: aws.String("cache.t4g.micro"), Engine: &engine})
		checkRefusal(t, err, "CacheClusterAlreadyExists", "alone")
		modified, err := api.ModifyCacheCluster(t.Context(), &elasticache.ModifyCacheClusterInput{
			CacheClusterId: aws.String("alone"), PreferredMaintenanceWindow: aws.String("Tue:01:00-Tue:02:30"),
		})
		if err != nil || aws.ToString(modified.CacheCluster.PreferredMaintenanceWindow) != "tue:01:00-tue:02:30" {
			t.Errorf("modify: %v, %+v", err, modified)
		}
		_, err = api.ModifyCacheCluster(t.Context(), &elasticache.ModifyCacheClusterInput{CacheClusterId: aws.String("alone")})
		checkRefusal(t, err, invalidCombi, noChange)

		before := s.Nodes()
		rebooted, err := api.RebootCacheCluster(t.Context(), &elasticache.RebootCacheClusterInput{
			CacheClusterId: aws.String("alone"), CacheNodeIdsToReboot: []string{"0001"},
		})
		if err != nil || aws.ToString(rebooted.CacheCluster.CacheClusterStatus) != "rebooting cache cluster nodes" {
			t.Fatalf("reboot: %v, %+v", err, rebooted)
		}
		awaitCluster(t, s, "alone", "available")
		for name, pid := range s.Nodes() {
			if before[name] == pid {
				t.Errorf("%s is still process %d", name, pid)
			}
		}
		if reply := dial(t, address, nil).do("GET", "kept"); reply != "through a reboot" {
			t.Errorf("GET after the reboot: %s", reply)
		}
		want := []string{"Cache cluster created", "Added cache node 0001 in availability zone us-east-1a", "Cache node is being rebooted", "Cache node restarted: 1 keys were loaded"}
		if got := messages(t, s, types.SourceTypeCacheCluster, "alone"); !slices.Equal(got, want) {
			t.Errorf("events: %q, want %q", got, want)
		}
		deleteCluster(t, s, "alone")
	})
}

func deleteCluster(t *testing.T, s *harness.Server, id string) {
	t.Helper()
	deleted, err := s.API().DeleteCacheCluster(t.Context(), &elasticache.DeleteCacheClusterInput{CacheClusterId: &id})
	if err != nil || aws.ToString(deleted.CacheCluster.CacheClusterStatus) != "deleting" {
		t.Fatalf("delete: %v, %+v", err, deleted)
	}
	awaitCluster(t, s, id, "")
	_, err = s.API().DeleteCacheCluster(t.Context(), &elasticache.DeleteCacheClusterInput{CacheClusterId: &id})
	checkRefusal(t, err, "CacheClusterNotFound", id)
	if left := s.Nodes(); len(left) > 0 {
		t.Errorf("nodes of the deleted cluster: %v", left)
	}
}

// Members of a group are cache clusters that are described, but only changed through
// their group. (Replicas come and go as cache clusters, too: TestReplicaByName.)
func TestMembers(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		api := s.API()
		newCluster(t, s, engine, "alone")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("Pair"), NumCacheClusters: aws.Int32(2), AuthToken: aws.String(token1),
		})
		all, err := api.DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{})
		if got := clusterIDs(all); err != nil || !slices.Equal(got, []string{"alone", "pair-001", "pair-002"}) {
			t.Errorf("clusters: %q, %v", got, err)
		}
		alone, err := api.DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{ShowCacheClustersNotInReplicationGroups: aws.Bool(true)})
		if got := clusterIDs(alone); err != nil || !slices.Equal(got, []string{"alone"}) {
			t.Errorf("clusters that are in no group: %q, %v", got, err)
		}
		member := describeCluster(t, s, "PAIR-002")
		if aws.ToString(member.ReplicationGroupId) != "pair" || !aws.ToBool(member.AuthTokenEnabled) || !aws.ToBool(member.TransitEncryptionEnabled) ||
			member.AuthTokenLastModifiedDate == nil || hostPort(member.CacheNodes[0].Endpoint) != hostPort(g.describe().NodeGroups[0].NodeGroupMembers[1].ReadEndpoint) {
			t.Errorf("member: %+v", member)
		}
		_, err = api.DeleteCacheCluster(t.Context(), &elasticache.DeleteCacheClusterInput{CacheClusterId: aws.String("pair-001")})
		checkRefusal(t, err, "InvalidCacheClusterState", "serving as primary for replication group pair")
		_, err = api.ModifyCacheCluster(t.Context(), &elasticache.ModifyCacheClusterInput{CacheClusterId: aws.String("pair-002"), SnapshotWindow: aws.String("01:00-02:00")})
		checkRefusal(t, err, invalidCombi, "modify the replication group instead")
		_, err = api.CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{CacheClusterId: aws.String("pair-002"), CacheNodeType: aws.String("cache.t4g.micro"), Engine: aws.String("redis")})
		checkRefusal(t, err, "CacheClusterAlreadyExists", "pair-002")

		if _, err = api.RebootCacheCluster(t.Context(), &elasticache.RebootCacheClusterInput{
			CacheClusterId: aws.String("pair-001"), CacheNodeIdsToReboot: []string{"0001"},
		}); err != nil {
			t.Fatal(err)
		}
		if status := aws.ToString(g.describe().Status); status != "available" {
			t.Errorf("a group with a rebooting member is %s", status)
		}
		awaitCluster(t, s, "pair-001", "available")
		g.checkAccess(token1)
	})
}

func clusterIDs(out *elasticache.DescribeCacheClustersOutput) []string {
	var ids []string
	if out != nil {
		for _, c := range out.CacheClusters {
			ids = append(ids, aws.ToString(c.CacheClusterId))
		}
	}
	return ids
}
