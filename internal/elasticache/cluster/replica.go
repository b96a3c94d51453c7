package cluster

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// createReplica is CreateCacheCluster with a ReplicationGroupId: it adds a replica
// under an id of the caller's choice.
func (h Handlers) createReplica(ctx context.Context, in *sdk.CreateCacheClusterInput) (*sdk.CreateCacheClusterOutput, error) {
	if err := checkReplica(in); err != nil {
		return nil, err
	}
	id := act.Lower(in.CacheClusterId)
	g, err := act.ChangeGroup(ctx, h.Groups, act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		return g.AddReplica(id, aws.ToString(in.PreferredAvailabilityZone), act.Tags(in.Tags), h.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered, err := h.changed(ctx, g, g.Node(id), false)
	return &sdk.CreateCacheClusterOutput{CacheCluster: rendered}, err
}

// parametersOfReplica are what a replica may have of its own.
//
// Source: answers quoted in aws/aws-sdk-js issue 255 and in boto/boto pull request 1711; and what
// Terraform's provider, which creates replicas this way, sends.
var parametersOfReplica = []string{"CacheClusterId", "ReplicationGroupId", "PreferredAvailabilityZone", "AutoMinorVersionUpgrade", "Tags"}

// ErrReplicaParameters refuses parameters that a replica takes from its group.
var ErrReplicaParameters = cache.Errorf(cache.KindCombination, "Cannot specify additional cache cluster parameters when creating a replica cluster.")

// checkReplica refuses what a replica takes from its group, also if it is the same there.
func checkReplica(in *sdk.CreateCacheClusterInput) error {
	if len(act.Unhonoured(in, parametersOfReplica)) > 0 {
		return ErrReplicaParameters
	}
	return nil
}
