package client

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// CacheInput names a group as our own actions about caches want it.
func (g Group) CacheInput() own.CacheInput {
	if g.Kind == KindCacheCluster {
		return own.CacheInput{CacheClusterId: &g.ReplicationGroupId}
	}
	return own.CacheInput{ReplicationGroupId: &g.ReplicationGroupId}
}

// Move begins to move a cache to another address plan.
func (c *Client) Move(ctx context.Context, in own.MoveCacheInput) (own.CacheMove, error) {
	return ask(ctx, c, own.MoveCache, in)
}

// FinishMove has the old places closed.
func (c *Client) FinishMove(ctx context.Context, in own.EndCacheMoveInput) (own.CacheMove, error) {
	return ask(ctx, c, own.FinishCacheMove, in)
}

// CancelMove goes back.
func (c *Client) CancelMove(ctx context.Context, in own.EndCacheMoveInput) (own.CacheMove, error) {
	return ask(ctx, c, own.CancelCacheMove, in)
}

// DescribeMove tells how far a move is.
func (c *Client) DescribeMove(ctx context.Context, in own.CacheInput) (own.CacheMove, error) {
	return ask(ctx, c, own.DescribeCacheMove, in)
}
