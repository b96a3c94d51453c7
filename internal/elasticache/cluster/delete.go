package cluster

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Delete is DeleteCacheCluster.
func (h Handlers) Delete(ctx context.Context, in *sdk.DeleteCacheClusterInput) (*sdk.DeleteCacheClusterOutput, error) {
	id := act.Lower(in.CacheClusterId)
	g, err := act.ChangeGroup(ctx, h.Groups, act.GroupOf(id), func(g *replication.Group) ([]cache.Event, error) {
		if !g.Standalone {
			return g.RemoveMember(id, h.Now())
		}
		return g.Delete(h.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered, err := h.changed(ctx, g, g.Node(id), false)
	return &sdk.DeleteCacheClusterOutput{CacheCluster: rendered}, err
}
