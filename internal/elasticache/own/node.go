package own

import "time"

// Nodes that cannot start. No action of the original tells of them.
const (
	DescribeNodeFaults Action[NoInput, DescribeNodeFaultsOutput] = "DescribeNodeFaults"
	// RepairCacheCluster has a node started without its snapshot, which it cannot load. The file is kept beside.
	RepairCacheCluster Action[RepairCacheClusterInput, RepairCacheClusterOutput] = "RepairCacheCluster"
)

// DescribeNodeFaultsOutput says which nodes cannot start, in the order of the groups.
type DescribeNodeFaultsOutput struct {
	Nodes []FaultyNode
}

// FaultyNode is a node that cannot start.
type FaultyNode struct {
	CacheClusterId     string    `json:"cache_cluster_id"`
	ReplicationGroupId string    `json:"replication_group_id,omitempty" query:"omitempty"` // absent: it stands alone
	Fault              NodeFault `json:"fault"`
}

// RepairCacheClusterInput names the node.
type RepairCacheClusterInput struct {
	CacheClusterId *string
}

// RepairCacheClusterOutput says what the snapshot is called then, in the node's directory.
type RepairCacheClusterOutput struct {
	CacheClusterId string
	SetAsideAs     string
}

// NodeFault is why a node cannot start; see [replication.NodeFault].
type NodeFault struct {
	Kind     string    `json:"kind"`
	Why      string    `json:"why"`
	Evidence string    `json:"evidence"` // how its process ended, and the line of its log that tells most
	Fix      string    `json:"fix"`      // what to do about it
	Since    time.Time `json:"since" query:"omitempty"`
	Text     string    `json:"-"` // all of it but the time
	Fact     *Fact     `json:"-"` // what the text says
}

// NodeCrowd is who has all connections that a node has for clients; see [replication.Crowd].
type NodeCrowd struct {
	Connections int64           `json:"connections"`
	Limit       int64           `json:"limit"`
	Addresses   []ClientAddress `json:"addresses"` // that most come from, most first
	Fix         string          `json:"fix"`       // what to do about it
	FixFact     *Fact           `json:"-"`         // what that says
	Since       time.Time       `json:"since" query:"omitempty"`
}

// ClientAddress is an address that clients connect from.
type ClientAddress struct {
	Address     string `json:"address"`
	Connections int64  `json:"connections"`
}
