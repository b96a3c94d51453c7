package replication

import (
	"cmp"
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file has the family of the addresses that clients reach a group at. What stays on this machine, like links, is of IPv4.

// Network is the network type of the group: that of the addresses that it has, and of those that its new nodes get. It was not kept
// by earlier releases, so that of their groups is the one of the first place; empty where that has no address yet, which may be of either family then.
func (g *Group) Network() cache.NetworkType {
	if g.NetworkType != "" {
		return g.NetworkType
	}
	for _, p := range g.shownPlaces() {
		if at := g.placed(p); !p.Link && at.IsValid() {
			return cache.NetworkTypeOf(at.Addr())
		}
	}
	return ""
}

// NetworkOf is the family of a place's address; empty where Network is.
func (g *Group) NetworkOf(p Place) cache.NetworkType {
	switch network := g.Network(); {
	case p.IPv6:
		return cache.NetworkIPv6
	case network == cache.NetworkDualStack, p.Link:
		return cache.NetworkIPv4
	default:
		return network
	}
}

// IPDiscovery is the family of the addresses that answers show; empty where Network is.
func (g *Group) IPDiscovery() cache.NetworkType {
	if network := g.Network(); network != cache.NetworkDualStack {
		return network
	}
	return cmp.Or(g.Discovery, cache.NetworkIPv4)
}

// Shown is which of a place's addresses answers show; the second is not valid unless the group has the network type dual_stack.
func (g *Group) Shown(at, at6 netip.AddrPort) netip.AddrPort {
	if at6.IsValid() && g.IPDiscovery() == cache.NetworkIPv6 {
		return at6
	}
	return at
}

// changeDiscovery has answers show addresses of another family; only who asks for the places needs to know.
func (g *Group) changeDiscovery(discovery string) error {
	network := g.Network()
	if discovery == "" || network == "" {
		return nil
	}
	if err := network.CheckDiscovery(discovery); err != nil {
		return err
	}
	if network == cache.NetworkDualStack {
		g.Discovery = cache.NetworkType(discovery)
	}
	return nil
}
