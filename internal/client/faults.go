package client

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// NodeFaults says which nodes cannot start.
func (c *Client) NodeFaults(ctx context.Context) ([]own.FaultyNode, error) {
	out, err := ask(ctx, c, own.DescribeNodeFaults, own.NoInput{})
	return out.Nodes, err
}

// RepairNode has a node started without its snapshot, and returns what that is called then.
func (c *Client) RepairNode(ctx context.Context, node string) (setAsideAs string, err error) {
	out, err := ask(ctx, c, own.RepairCacheCluster, own.RepairCacheClusterInput{CacheClusterId: &node})
	return out.SetAsideAs, err
}
