package cluster

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Reboot is RebootCacheCluster.
func (h Handlers) Reboot(ctx context.Context, in *sdk.RebootCacheClusterInput) (*sdk.RebootCacheClusterOutput, error) {
	if !slices.Equal(in.CacheNodeIdsToReboot, []string{cache.CacheNodeID}) {
		return nil, cache.Errorf(cache.KindInvalid, "The parameter CacheNodeIdsToReboot must be the one node of the cache cluster, %s.", cache.CacheNodeID)
	}
	id := act.Lower(in.CacheClusterId)
	g, err := act.ChangeGroup(ctx, h.Groups, act.GroupOf(id), func(g *replication.Group) ([]cache.Event, error) {
		return g.Reboot(id, h.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered, err := h.changed(ctx, g, g.Node(id), true)
	return &sdk.RebootCacheClusterOutput{CacheCluster: rendered}, err
}
