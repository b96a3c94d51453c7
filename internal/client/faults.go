package client

import (
	"context"
	"net/url"
	"time"
)

// NodeFault is why a node cannot start.
type NodeFault struct {
	Kind     string    `json:"kind"`
	Why      string    `json:"why"`
	Evidence string    `json:"evidence"`
	Fix      string    `json:"fix"`
	Since    time.Time `json:"since"`
}

// FaultyNode is a node that cannot start.
type FaultyNode struct {
	CacheClusterID     string `xml:"CacheClusterId"`
	ReplicationGroupID string `xml:"ReplicationGroupId"` // empty: it stands alone
	Fault              NodeFault
}

// NodeFaults says which nodes cannot start.
func (c *Client) NodeFaults(ctx context.Context) ([]FaultyNode, error) {
	var answer struct {
		Nodes []FaultyNode `xml:"DescribeNodeFaultsResult>Nodes>member"`
	}
	err := c.call(ctx, url.Values{"Action": {"DescribeNodeFaults"}}, &answer)
	return answer.Nodes, err
}

// RepairNode has a node started without its snapshot, and returns what that is called then.
func (c *Client) RepairNode(ctx context.Context, node string) (setAsideAs string, err error) {
	var answer struct {
		As string `xml:"RepairCacheClusterResult>SetAsideAs"`
	}
	err = c.call(ctx, url.Values{"Action": {"RepairCacheCluster"}, "CacheClusterId": {node}}, &answer)
	return answer.As, err
}
