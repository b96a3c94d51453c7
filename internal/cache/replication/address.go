package replication

import (
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
)

// Endpoint is one of the addresses that a replication group has beside those of its nodes.
type Endpoint string

// The endpoints.
const (
	EndpointPrimary Endpoint = "primary"
	EndpointReader  Endpoint = "reader"
)

// Place is what a group has an address and a port for: an endpoint or a node.
type Place struct {
	Shard    string   // whose endpoint it is; empty for a node's
	Endpoint Endpoint // empty: a node's
	NodeID   string   // empty: an endpoint's
	Link     bool     // of a node: it is its link ([Node.Link]), which clients have no use for
	Other    bool     // while the group is moved: by the plan that is not shown
	IPv6     bool     // of a group of the network type dual_stack: the address of IPv6, beside the one of IPv4
}

// Unaddressed returns the places that have no address yet: of a new group all, of one that is scaled its new nodes. A
// group of an early release may have no reader endpoint, and does without until there is an address for it.
func (g *Group) Unaddressed() []Place {
	return slices.DeleteFunc(g.places(), func(p Place) bool {
		at := g.placed(p)
		return at == nil || at.IsValid()
	})
}

// places are all that the group is to have an address for.
func (g *Group) places() []Place {
	all := g.shownPlaces()
	if g.Move.Both() {
		all = append(all, g.otherPlaces()...)
	}
	return all
}

func (g *Group) shownPlaces() (all []Place) {
	for i := range g.Shards {
		shard := &g.Shards[i]
		if !g.Standalone {
			all = append(all, Place{Shard: shard.ID, Endpoint: EndpointPrimary}, Place{Shard: shard.ID, Endpoint: EndpointReader})
		}
		for j := range shard.Nodes {
			all = append(all, Place{NodeID: shard.Nodes[j].ID})
			if g.AddressPlan.Beyond() {
				all = append(all, Place{NodeID: shard.Nodes[j].ID, Link: true})
			}
		}
	}
	if g.NetworkType != cache.NetworkDualStack {
		return all
	}
	for _, p := range all {
		if p.IPv6 = true; !p.Link {
			all = append(all, p)
		}
	}
	return all
}

// otherPlaces are those that a move calls for. A node's own by the plan loopback is its link.
func (g *Group) otherPlaces() (all []Place) {
	for _, p := range g.shownPlaces() {
		if !p.Link && (p.NodeID == "" || g.Move.Other().Beyond()) {
			p.Other = true
			all = append(all, p)
		}
	}
	return all
}

// Address gives a place its address. One that has an address keeps it, and one that is no more gets none.
func (g *Group) Address(p Place, at netip.AddrPort) {
	if held := g.placed(p); held != nil && !held.IsValid() {
		*held = at
	}
}

// placed is where a place's address is kept; nil for a place that is not the group's.
func (g *Group) placed(p Place) *netip.AddrPort {
	switch shard := g.Shard(p.Shard); {
	case shard != nil && p.Endpoint == EndpointPrimary:
		return p.among(&shard.PrimaryEndpoint, &shard.PrimaryEndpoint6, &shard.OtherPrimary, &shard.OtherPrimary6)
	case shard != nil && p.Endpoint == EndpointReader:
		return p.among(&shard.ReaderEndpoint, &shard.ReaderEndpoint6, &shard.OtherReader, &shard.OtherReader6)
	}
	switch node := g.Node(p.NodeID); {
	case node == nil:
		return nil
	case p.Link:
		return &node.Link
	default:
		return p.among(&node.Address, &node.Address6, &node.Other, &node.Other6)
	}
}

func (p Place) among(shown, shown6, other, other6 *netip.AddrPort) *netip.AddrPort {
	switch {
	case p.Other && p.IPv6:
		return other6
	case p.Other:
		return other
	case p.IPv6:
		return shown6
	}
	return shown
}

// Beside is the address of IPv4 of a place's address of IPv6, of a group of the network type dual_stack: they have one port. ok is false
// for any other place.
func (g *Group) Beside(p Place) (beside Place, at netip.AddrPort, ok bool) {
	if !p.IPv6 {
		return Place{}, netip.AddrPort{}, false
	}
	p.IPv6 = false
	return p, *g.placed(p), true
}

// AssignAddresses gives each place that lacks one the next address, at the group's port.
func (g *Group) AssignAddresses(next func() (netip.Addr, error)) error {
	for _, p := range g.Unaddressed() {
		a, err := next()
		if err != nil {
			return err
		}
		g.Address(p, netip.AddrPortFrom(a, uint16(g.Port)))
	}
	return nil
}

// Addresses returns everything that the group's nodes serve at, for clients and for the service.
func (g *Group) Addresses() []netip.AddrPort {
	var all []netip.AddrPort
	for i := range g.Shards {
		shard := &g.Shards[i]
		all = append(all, shard.PrimaryEndpoint, shard.ReaderEndpoint, shard.OtherPrimary, shard.OtherReader,
			shard.PrimaryEndpoint6, shard.ReaderEndpoint6, shard.OtherPrimary6, shard.OtherReader6)
		for j := range shard.Nodes {
			n := &shard.Nodes[j]
			all = append(all, n.Address, n.Link, n.Other, n.Address6, n.Other6)
		}
	}
	return slices.DeleteFunc(all, func(at netip.AddrPort) bool { return !at.IsValid() })
}

// IsShared reports whether other places have the same address as this one of the group's, at other ports. Else the
// address is the place's own, whatever its port.
func (g *Group) IsShared(at netip.AddrPort) bool {
	isLink := slices.ContainsFunc(g.Nodes(), func(n *Node) bool { return n.Link == at })
	return g.PlanAt(at).SharesAddresses() && !isLink
}

// Wanted is for how many places something is looked for.
type Wanted struct {
	Addresses int // of their own, on this machine's loopback
	Ports     int // at an address of IPv4 that others have, too
	Ports6    int // the same of IPv6
	PortPairs int // one port at an address of either family that others have, too
	Pool      int // addresses of IPv4 of their own that other machines reach
	Pool6     int // the same of IPv6
	// Subnets are, of each of those of the pool that is to be in certain subnets, the networks of these; those with few come first. Subnets6
	// are of those of IPv6.
	Subnets, Subnets6 [][]netip.Prefix
}

// Add counts what others look for, of each kind that is looked for at all. A port that they get may be one of a pair, too.
func (w *Wanted) Add(others Wanted) {
	for _, c := range []struct {
		own    *int
		others int
	}{
		{&w.Addresses, others.Addresses}, {&w.Ports, others.Ports + others.PortPairs}, {&w.Ports6, others.Ports6 + others.PortPairs},
		{&w.PortPairs, others.PortPairs + others.Ports + others.Ports6}, {&w.Pool, others.Pool}, {&w.Pool6, others.Pool6},
	} {
		if *c.own > 0 {
			*c.own += c.others
		}
	}
}

// Wanted counts the places that have no address yet.
func (g *Group) Wanted() (w Wanted) {
	for _, p := range g.Unaddressed() {
		switch is6 := g.NetworkOf(p) == cache.NetworkIPv6; {
		case g.WantsPort(p) && p.IPv6: // it is counted with the one of IPv4
		case g.WantsPort(p) && g.NetworkType == cache.NetworkDualStack:
			w.PortPairs++
		case g.WantsPort(p) && is6:
			w.Ports6++
		case g.WantsPort(p):
			w.Ports++
		case g.WantsPool(p) && is6:
			w.Pool6++
		case g.WantsPool(p):
			w.Pool++
		default:
			w.Addresses++
		}
	}
	return w
}

// WantsPort reports whether a place is to have a port at an address that others have, too, rather than an address of its own.
func (g *Group) WantsPort(p Place) bool { return g.PlanOf(p).SharesAddresses() && !p.Link }

// WantsPool reports whether a place is to have an address of its own that other machines reach.
func (g *Group) WantsPool(p Place) bool { return g.PlanOf(p) == cache.PlanPool && !p.Link }

// ZoneOf is the zone of a place that is a node's; empty for an endpoint, which follows the nodes' roles from zone to zone.
func (g *Group) ZoneOf(p Place) string {
	if node := g.Node(p.NodeID); node != nil {
		return node.Zone
	}
	return ""
}

// PoolAddresses are the addresses of their own that other machines reach the group's places at, each once.
func (g *Group) PoolAddresses() (all []netip.Addr) {
	for _, p := range g.places() {
		if at := g.placed(p).Addr(); g.WantsPool(p) && at.IsValid() && !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	return all
}

// Host is what clients connect to for one of the group's addresses, without the port: the address, or what other machines are told
// to call this one, if that is what they reach; advertise is empty if they are told nothing.
func (g *Group) Host(at netip.AddrPort, advertise string) string {
	if called := g.Calls(advertise); called != "" && g.PlanAt(at).SharesAddresses() {
		return called
	}
	return at.Addr().String()
}
