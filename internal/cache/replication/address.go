package replication

import (
	"net/netip"
	"slices"
)

// Endpoint is one of the addresses that a replication group has beside those of its nodes.
type Endpoint string

// The endpoints.
const (
	EndpointPrimary Endpoint = "primary"
	EndpointReader  Endpoint = "reader"
)

// Place is what a group has an address for: an endpoint or a node.
type Place struct {
	Shard    string   // whose endpoint it is; empty for a node's
	Endpoint Endpoint // empty: a node's
	NodeID   string   // empty: an endpoint's
}

// Unaddressed returns the places that have no address yet: of a new group all, of one that is scaled its new nodes. A
// group of an early release may have no reader endpoint, and does without until there is an address for it.
func (g *Group) Unaddressed() []Place {
	var all []Place
	for i := range g.Shards {
		shard := &g.Shards[i]
		if !g.Standalone {
			all = append(all, Place{Shard: shard.ID, Endpoint: EndpointPrimary}, Place{Shard: shard.ID, Endpoint: EndpointReader})
		}
		for j := range shard.Nodes {
			all = append(all, Place{NodeID: shard.Nodes[j].ID})
		}
	}
	return slices.DeleteFunc(all, func(p Place) bool {
		at := g.placed(p)
		return at == nil || at.IsValid()
	})
}

// Address gives a place its address. One that has an address keeps it, and one that is no more gets none.
func (g *Group) Address(p Place, address netip.Addr) {
	if at := g.placed(p); at != nil && !at.IsValid() {
		*at = address
	}
}

// placed is where a place's address is kept; nil for a place that is not the group's.
func (g *Group) placed(p Place) *netip.Addr {
	switch shard := g.Shard(p.Shard); {
	case shard != nil && p.Endpoint == EndpointPrimary:
		return &shard.PrimaryEndpoint
	case shard != nil && p.Endpoint == EndpointReader:
		return &shard.ReaderEndpoint
	}
	if node := g.Node(p.NodeID); node != nil {
		return &node.Address
	}
	return nil
}

// AssignAddresses gives each place that lacks one the next address.
func (g *Group) AssignAddresses(next func() (netip.Addr, error)) error {
	for _, p := range g.Unaddressed() {
		a, err := next()
		if err != nil {
			return err
		}
		g.Address(p, a)
	}
	return nil
}

// Addresses returns every address that the group holds.
func (g *Group) Addresses() []netip.Addr {
	var all []netip.Addr
	for i := range g.Shards {
		shard := &g.Shards[i]
		all = append(all, shard.PrimaryEndpoint, shard.ReaderEndpoint)
		for j := range shard.Nodes {
			all = append(all, shard.Nodes[j].Address)
		}
	}
	return slices.DeleteFunc(all, func(a netip.Addr) bool { return !a.IsValid() })
}
