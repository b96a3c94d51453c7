package elasticache

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

var errNoReplicaCount = cache.Errorf(cache.KindCombination, "NewReplicaCount or ReplicaConfiguration must be given.")

func (a *API) increaseReplicaCount(ctx context.Context, in *sdk.IncreaseReplicaCountInput) (*sdk.IncreaseReplicaCountOutput, error) {
	count, zones, err := newReplicaCount(in.ApplyImmediately, in.NewReplicaCount, in.ReplicaConfiguration)
	if err != nil {
		return nil, err
	}
	if count == nil {
		return nil, errNoReplicaCount
	}
	g, err := act.ChangeGroup(ctx, a.groups(), act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		return g.IncreaseReplicas(int(*count), zones, a.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := a.replicationGroup(g)
	return &sdk.IncreaseReplicaCountOutput{ReplicationGroup: &rendered}, nil
}

func (a *API) decreaseReplicaCount(ctx context.Context, in *sdk.DecreaseReplicaCountInput) (*sdk.DecreaseReplicaCountOutput, error) {
	var remove []string
	for _, id := range in.ReplicasToRemove {
		remove = append(remove, strings.ToLower(id))
	}
	count, zones, err := newReplicaCount(in.ApplyImmediately, in.NewReplicaCount, in.ReplicaConfiguration)
	if err != nil {
		return nil, err
	}
	if count == nil && len(remove) == 0 {
		return nil, errNoReplicaCount
	}
	if len(zones) > 0 && len(remove) > 0 {
		return nil, cache.Errorf(cache.KindCombination, "PreferredAvailabilityZones and ReplicasToRemove cannot be used together.")
	}
	g, err := act.ChangeGroup(ctx, a.groups(), act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		if count == nil {
			return g.RemoveReplicas(remove, a.Now())
		}
		return g.DecreaseReplicas(int(*count), zones, remove, a.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := a.replicationGroup(g)
	return &sdk.DecreaseReplicaCountOutput{ReplicationGroup: &rendered}, nil
}

// newReplicaCount reads the two ways to say how many replicas there are to be; nil
// means that neither was used.
//
// Source: API reference, IncreaseReplicaCount ("ApplyImmediately=False is not
// currently supported") and ConfigureShard.
func newReplicaCount(immediately *bool, count *int32, configuration []types.ConfigureShard) (replicas *int32, zones []string, err error) {
	switch {
	case !aws.ToBool(immediately):
		return nil, nil, cache.Errorf(cache.KindInvalid, "The parameter ApplyImmediately must be true.")
	case len(configuration) > 1:
		return nil, nil, cache.Errorf(cache.KindCombination, "A group with cluster mode disabled has one node group; ReplicaConfiguration must have one entry.")
	case len(configuration) == 0:
		return count, nil, nil
	}
	c := configuration[0]
	switch {
	case aws.ToString(c.NodeGroupId) != nodeGroupID:
		return nil, nil, cache.Errorf(cache.KindInvalid, "The node group of a group with cluster mode disabled is %s.", nodeGroupID)
	case count != nil && *count != aws.ToInt32(c.NewReplicaCount):
		return nil, nil, cache.Errorf(cache.KindCombination, "NewReplicaCount %d and that of ReplicaConfiguration, %d, contradict each other.", *count, aws.ToInt32(c.NewReplicaCount))
	}
	return c.NewReplicaCount, c.PreferredAvailabilityZones, nil
}

// createReplica is CreateCacheCluster with a ReplicationGroupId: it adds a replica
// under an id of the caller's choice.
func (a *API) createReplica(ctx context.Context, in *sdk.CreateCacheClusterInput) (*sdk.CreateCacheClusterOutput, error) {
	if err := checkReplica(in); err != nil {
		return nil, err
	}
	id := act.Lower(in.CacheClusterId)
	g, err := act.ChangeGroup(ctx, a.groups(), act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		return g.AddReplica(id, aws.ToString(in.PreferredAvailabilityZone), act.Tags(in.Tags), a.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := a.cacheCluster(g, g.Node(id), false)
	return &sdk.CreateCacheClusterOutput{CacheCluster: &rendered}, nil
}

// parametersOfReplica are what a replica may have of its own.
//
// Source: answers quoted in aws/aws-sdk-js issue 255 and in boto/boto pull request 1711; and what
// Terraform's provider, which creates replicas this way, sends.
var parametersOfReplica = []string{"CacheClusterId", "ReplicationGroupId", "PreferredAvailabilityZone", "AutoMinorVersionUpgrade", "Tags"}

var errReplicaParameters = cache.Errorf(cache.KindCombination, "Cannot specify additional cache cluster parameters when creating a replica cluster.")

// checkReplica refuses what a replica takes from its group, also if it is the same there.
func checkReplica(in *sdk.CreateCacheClusterInput) error {
	if len(unhonouredIn(in, parametersOfReplica)) > 0 {
		return errReplicaParameters
	}
	return nil
}
