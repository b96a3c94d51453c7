package elasticache

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

func (a *API) deleteReplicationGroup(ctx context.Context, in *sdk.DeleteReplicationGroupInput) (*sdk.DeleteReplicationGroupOutput, error) {
	g, err := act.ChangeGroup(ctx, a.groups(), act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) { return g.Delete(a.Now()) })
	if err != nil {
		return nil, err
	}
	rendered := a.replicationGroup(g)
	return &sdk.DeleteReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}

func (a *API) deleteCacheCluster(ctx context.Context, in *sdk.DeleteCacheClusterInput) (*sdk.DeleteCacheClusterOutput, error) {
	id := act.Lower(in.CacheClusterId)
	g, err := act.ChangeGroup(ctx, a.groups(), act.GroupOf(id), func(g *replication.Group) ([]cache.Event, error) {
		if !g.Standalone {
			return g.RemoveMember(id, a.Now())
		}
		return g.Delete(a.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := a.cacheCluster(g, g.Node(id), false)
	return &sdk.DeleteCacheClusterOutput{CacheCluster: &rendered}, nil
}
