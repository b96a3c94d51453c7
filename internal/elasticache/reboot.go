package elasticache

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

func (a *API) rebootCacheCluster(ctx context.Context, in *sdk.RebootCacheClusterInput) (*sdk.RebootCacheClusterOutput, error) {
	if !slices.Equal(in.CacheNodeIdsToReboot, []string{cache.CacheNodeID}) {
		return nil, cache.Errorf(cache.KindInvalid, "The parameter CacheNodeIdsToReboot must be the one node of the cache cluster, %s.", cache.CacheNodeID)
	}
	id := act.Lower(in.CacheClusterId)
	g, err := act.ChangeGroup(ctx, a.groups(), act.GroupOf(id), func(g *replication.Group) ([]cache.Event, error) {
		return g.Reboot(id, a.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := a.cacheCluster(g, g.Node(id), true)
	return &sdk.RebootCacheClusterOutput{CacheCluster: &rendered}, nil
}
