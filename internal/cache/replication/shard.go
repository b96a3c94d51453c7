package replication

import (
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// OnlyShardID is the id of the one shard of a group with cluster mode disabled.
const OnlyShardID = "0001"

// Shard is a part of a group's data, a node group in the words of the API: the nodes that hold the same part, of which one
// takes writes, and the addresses that follow their roles.
type Shard struct {
	ID              string         `json:"id"`
	PrimaryEndpoint netip.AddrPort `json:"primary_endpoint,omitzero"` // zero: none (a cache cluster on its own)
	ReaderEndpoint  netip.AddrPort `json:"reader_endpoint,omitzero"`  // zero: none, likewise
	OtherPrimary    netip.AddrPort `json:"other_primary,omitzero"`    // while the group is moved: theirs by the plan that is not shown
	OtherReader     netip.AddrPort `json:"other_reader,omitzero"`
	// Of a group of the network type dual_stack those above are of IPv4, and these of IPv6, at the same ports. Zero: of another.
	PrimaryEndpoint6 netip.AddrPort `json:"primary_endpoint_ipv6,omitzero"`
	ReaderEndpoint6  netip.AddrPort `json:"reader_endpoint_ipv6,omitzero"`
	OtherPrimary6    netip.AddrPort `json:"other_primary_ipv6,omitzero"`
	OtherReader6     netip.AddrPort `json:"other_reader_ipv6,omitzero"`
	PrimaryID        string         `json:"primary_id"` // the node that takes writes
	Nodes            []Node         `json:"nodes"`
	Failover         *Failover      `json:"failover,omitempty"` // under way; nil: none
}

// Primary returns the node that takes writes.
func (s *Shard) Primary() *Node { return s.Node(s.PrimaryID) }

// Node returns the node of that id, or nil.
func (s *Shard) Node(id string) *Node {
	for i := range s.Nodes {
		if s.Nodes[i].ID == id {
			return &s.Nodes[i]
		}
	}
	return nil
}

// Replicas returns the nodes that are not the primary, in order.
func (s *Shard) Replicas() []*Node {
	var replicas []*Node
	for i := range s.Nodes {
		if n := &s.Nodes[i]; n.ID != s.PrimaryID {
			replicas = append(replicas, n)
		}
	}
	return replicas
}

// addNode puts a node into the shard that is to be created.
func (s *Shard) addNode(id, zone string, tags cache.Tags, now time.Time) {
	s.Nodes = append(slices.Clip(s.Nodes), Node{
		ID: id, UID: cache.NewUID(), Zone: zone, Status: cache.StatusCreating, Incarnation: 1, Tags: tags, CreatedAt: now,
	})
}
