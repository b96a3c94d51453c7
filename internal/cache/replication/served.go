package replication

import (
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file says where a group serves. While it is moved each of its places has two addresses: the one that is shown, and another.

// Primaries are where a shard's primary endpoint is to be served: nowhere (a cache cluster on its own), at one address, at one of each
// family, and while the group is moved at as many others, which come last.
func (g *Group) Primaries(s *Shard) []netip.AddrPort {
	return g.servedAt([]netip.AddrPort{s.PrimaryEndpoint, s.PrimaryEndpoint6}, s.OtherPrimary, s.OtherPrimary6)
}

// Readers are the same of a shard's reader endpoint.
func (g *Group) Readers(s *Shard) []netip.AddrPort {
	return g.servedAt([]netip.AddrPort{s.ReaderEndpoint, s.ReaderEndpoint6}, s.OtherReader, s.OtherReader6)
}

// Own are where a node is to be reached whatever its role is: the address that is shown, its link, and while the group is moved another.
func (g *Group) Own(n *Node) []netip.AddrPort {
	return g.servedAt([]netip.AddrPort{n.Address, n.Link, n.Address6}, n.Other, n.Other6)
}

// servedAt leaves out what there is not, and the others, which belong to a move, when that does not serve both.
func (g *Group) servedAt(shown []netip.AddrPort, others ...netip.AddrPort) []netip.AddrPort {
	if g.Move.Both() {
		shown = append(shown, others...)
	}
	return slices.DeleteFunc(shown, func(a netip.AddrPort) bool { return !a.IsValid() })
}

// ForClients are where clients reach a node, whatever its role is.
func (g *Group) ForClients(n *Node) []netip.AddrPort {
	return g.servedAt([]netip.AddrPort{n.Address, n.Address6}, g.OtherOf(n), n.Other6)
}

// OtherOf is where clients reach a node beside the address that is shown; invalid: nowhere. By the plan loopback that is the node's link.
func (g *Group) OtherOf(n *Node) netip.AddrPort {
	switch {
	case g.Move == nil:
		return netip.AddrPort{}
	case !g.Move.Other().Beyond():
		return n.Link
	}
	return n.Other
}

// Others are the addresses of the places that are not shown while the group is moved.
func (g *Group) Others() []netip.AddrPort {
	var all []netip.AddrPort
	for i := range g.Shards {
		shard := &g.Shards[i]
		all = append(all, shard.OtherPrimary, shard.OtherReader, shard.OtherPrimary6, shard.OtherReader6)
		for j := range shard.Nodes {
			all = append(all, g.OtherOf(&shard.Nodes[j]), shard.Nodes[j].Other6)
		}
	}
	return slices.DeleteFunc(all, func(at netip.AddrPort) bool { return !at.IsValid() })
}

// Leaves reports whether an address is the group's only until it is given back: no node is to serve there any more.
func (g *Group) Leaves(at netip.AddrPort) bool {
	return g.Move != nil && !g.Move.Both() && slices.Contains(g.Others(), at) && !slices.Contains(g.Links(), at)
}

// Links are the addresses that nobody but the service and the group's nodes may come to: while the group is moved from or to the plan
// loopback, clients may come there, too.
func (g *Group) Links() (all []netip.AddrPort) {
	if g.Move.Both() && !g.Move.Other().Beyond() {
		return nil
	}
	for _, node := range g.Nodes() {
		if node.Link.IsValid() {
			all = append(all, node.Link)
		}
	}
	return all
}

// Beyond reports whether other machines may reach the group, at some of its places at least.
func (g *Group) Beyond() bool {
	return g.AddressPlan.Beyond() || g.Move != nil && g.Move.Other().Beyond()
}

// SharesAddresses reports whether places of the group, by either of its plans, have ports at addresses that others have, too.
func (g *Group) SharesAddresses() bool {
	return g.AddressPlan.SharesAddresses() || g.Move != nil && g.Move.Other().SharesAddresses()
}

// PlanAt is the plan by which an address is the group's, as far as clients are concerned.
func (g *Group) PlanAt(at netip.AddrPort) cache.AddressPlan {
	if g.Move != nil && slices.Contains(g.Others(), at) {
		return g.Move.Other()
	}
	return g.AddressPlan
}

// PlanOf is the plan by which a place gets its address.
func (g *Group) PlanOf(p Place) cache.AddressPlan {
	if p.Other && g.Move != nil {
		return g.Move.Other()
	}
	return g.AddressPlan
}
