package group

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// placement reads the ways to say how many replicas a new group is to have, and in
// which zones its nodes are to be, primary first.
func placement(in *sdk.CreateReplicationGroupInput) (replicas int, zones []string, err error) {
	if replicas, err = replicaCount(in); err != nil {
		return 0, nil, err
	}
	if len(in.NodeGroupConfiguration) != 1 {
		return replicas, in.PreferredCacheClusterAZs, nil
	}
	return nodeGroupPlacement(in, replicas)
}

// nodeGroupPlacement reads NodeGroupConfiguration, the newer way.
func nodeGroupPlacement(in *sdk.CreateReplicationGroupInput, replicas int) (int, []string, error) {
	c := in.NodeGroupConfiguration[0]
	counted := in.NumCacheClusters != nil || in.ReplicasPerNodeGroup != nil
	switch {
	case len(in.PreferredCacheClusterAZs) > 0:
		return 0, nil, cache.Errorf(cache.KindCombination, "PreferredCacheClusterAZs and NodeGroupConfiguration cannot be used together.")
	case aws.ToString(c.NodeGroupId) != "" && *c.NodeGroupId != replication.OnlyShardID:
		return 0, nil, cache.Errorf(cache.KindInvalid, "The node group of a group with cluster mode disabled is %s.", replication.OnlyShardID)
	case c.ReplicaCount != nil && counted && int(*c.ReplicaCount) != replicas:
		return 0, nil, cache.Errorf(cache.KindCombination, "ReplicaCount %d of NodeGroupConfiguration contradicts the %d replicas that are asked for.", *c.ReplicaCount, replicas)
	}
	switch {
	case c.ReplicaCount != nil:
		replicas = int(*c.ReplicaCount)
	case !counted:
		replicas = len(c.ReplicaAvailabilityZones)
	}
	zones, err := nodeGroupZones(c, replicas)
	return replicas, zones, err
}

func nodeGroupZones(c types.NodeGroupConfiguration, replicas int) ([]string, error) {
	primary := aws.ToString(c.PrimaryAvailabilityZone)
	switch {
	case primary == "" && len(c.ReplicaAvailabilityZones) == 0:
		return nil, nil
	case primary == "" || len(c.ReplicaAvailabilityZones) != replicas:
		return nil, cache.Errorf(cache.KindCombination,
			"NodeGroupConfiguration must have a PrimaryAvailabilityZone and a zone in ReplicaAvailabilityZones for each of the %d replicas, or neither.", replicas)
	}
	return append([]string{primary}, c.ReplicaAvailabilityZones...), nil
}

// replicaCount reads the two older ways to say how many nodes there are to be.
func replicaCount(in *sdk.CreateReplicationGroupInput) (int, error) {
	if in.NumNodeGroups != nil && *in.NumNodeGroups < 1 {
		return 0, cache.Errorf(cache.KindInvalid, "The parameter NumNodeGroups must be at least 1.")
	}
	nodes, replicas := aws.ToInt32(in.NumCacheClusters), aws.ToInt32(in.ReplicasPerNodeGroup)
	switch {
	case in.NumCacheClusters == nil:
		return int(replicas), nil
	case in.ReplicasPerNodeGroup != nil && nodes != replicas+1:
		return 0, cache.Errorf(cache.KindCombination, "NumCacheClusters %d and ReplicasPerNodeGroup %d contradict each other.", nodes, replicas)
	case nodes < 1 || nodes > replication.ReplicasMax+1:
		return 0, cache.Errorf(cache.KindInvalid, "The parameter NumCacheClusters must be between 1 and %d.", replication.ReplicasMax+1)
	}
	return int(nodes - 1), nil
}
