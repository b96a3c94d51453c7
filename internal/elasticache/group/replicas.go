package group

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

// IncreaseReplicas is IncreaseReplicaCount.
func (h Handlers) IncreaseReplicas(ctx context.Context, in *sdk.IncreaseReplicaCountInput) (*sdk.IncreaseReplicaCountOutput, error) {
	count, zones, err := newReplicaCount(in.ApplyImmediately, in.NewReplicaCount, in.ReplicaConfiguration)
	if err != nil {
		return nil, err
	}
	if count == nil {
		return nil, errNoReplicaCount
	}
	g, err := act.ChangeGroup(ctx, h.Groups, act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		return g.IncreaseReplicas(int(*count), zones, h.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := h.render(g)
	return &sdk.IncreaseReplicaCountOutput{ReplicationGroup: &rendered}, nil
}

// DecreaseReplicas is DecreaseReplicaCount.
func (h Handlers) DecreaseReplicas(ctx context.Context, in *sdk.DecreaseReplicaCountInput) (*sdk.DecreaseReplicaCountOutput, error) {
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
	g, err := act.ChangeGroup(ctx, h.Groups, act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		if count == nil {
			return g.RemoveReplicas(remove, h.Now())
		}
		return g.DecreaseReplicas(int(*count), zones, remove, h.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := h.render(g)
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
	case aws.ToString(c.NodeGroupId) != replication.OnlyShardID:
		return nil, nil, cache.Errorf(cache.KindInvalid, "The node group of a group with cluster mode disabled is %s.", replication.OnlyShardID)
	case count != nil && *count != aws.ToInt32(c.NewReplicaCount):
		return nil, nil, cache.Errorf(cache.KindCombination, "NewReplicaCount %d and that of ReplicaConfiguration, %d, contradict each other.", *count, aws.ToInt32(c.NewReplicaCount))
	}
	return c.NewReplicaCount, c.PreferredAvailabilityZones, nil
}
