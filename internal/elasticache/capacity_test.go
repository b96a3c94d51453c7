package elasticache

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/smithy-go"
)

// TestNodeMemory has room for four small nodes, with nothing to spare.
func TestNodeMemory(t *testing.T) {
	t.Parallel()
	const small, smallMemory = "cache.t4g.small", 1471026299
	f := newFace(t, func(o *Options) { o.NodeMemory = 4 * smallMemory })
	create := func(id string, nodes int32) error {
		_, err := f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{
			ReplicationGroupId: &id, ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String(small), NumCacheClusters: &nodes,
		})
		return err
	}
	retype := func(id, to string) error {
		_, err := f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: &id, CacheNodeType: &to, ApplyImmediately: aws.Bool(true)})
		return err
	}
	count := func(id string, replicas int32) error {
		_, err := f.IncreaseReplicaCount(t.Context(), &sdk.IncreaseReplicaCountInput{ReplicationGroupId: &id, NewReplicaCount: &replicas, ApplyImmediately: aws.Bool(true)})
		return err
	}
	full := func(what string, err error, words ...string) {
		t.Helper()
		var refusal smithy.APIError
		if !errors.As(err, &refusal) || refusal.ErrorCode() != "InsufficientCacheClusterCapacity" {
			t.Errorf("%s: %v", what, err)
			return
		}
		for _, word := range words {
			if !strings.Contains(refusal.ErrorMessage(), word) {
				t.Errorf("%s: %q does not say %q", what, refusal.ErrorMessage(), word)
			}
		}
	}
	fine := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	fine("three nodes", create("one", 3))
	f.settle("one")
	full("two more", create("two", 2), "5.5 GiB together", "have 4.1 GiB of that", "two is to have 2.7 GiB with 2 of cache.t4g.small", "--node-memory")
	fine("one more", create("two", 1))
	f.settle("two")
	full("a larger type", retype("two", "cache.t4g.medium"))
	_, err := f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("two"), CacheNodeType: aws.String("cache.t4g.medium")})
	full("a larger type in the maintenance window", err)
	full("another replica", count("two", 1))
	id := "lone"
	_, err = f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: &id, CacheNodeType: aws.String(small)})
	full("a cache cluster", err)
	replica := "another"
	_, err = f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: &replica, ReplicationGroupId: aws.String("two")})
	full("a replica as a cache cluster", err)
	_, err = f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("one"), ReplicationGroupDescription: aws.String("other"), ApplyImmediately: aws.Bool(true)})
	fine("a change that needs no memory", err)
	f.settle("one")
	_, err = f.DecreaseReplicaCount(t.Context(), &sdk.DecreaseReplicaCountInput{ReplicationGroupId: aws.String("one"), NewReplicaCount: aws.Int32(1), ApplyImmediately: aws.Bool(true)})
	fine("a replica less", err)
	full("before it is gone", count("two", 1))
}
