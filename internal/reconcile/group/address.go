package group

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/store"
)

// This file gives addresses to a group. The provider proposes them; they are the group's when the store has
// them, all of them in one write, before a node starts that is to have one. So a control plane that is killed leaves
// either none, and the next one asks anew, or those that nodes are then started with.

// needsAddress reports whether a node has no address. It is given one when there is nothing else to do, so that a lack of
// addresses does not keep the group's other nodes from anything.
func needsAddress(g *replication.Group) bool {
	lacks := func(n *replication.Node) bool { return lacksAddress(g, n) && !g.Leaving(n) }
	return slices.ContainsFunc(g.Nodes(), lacks) || lacksOther(g)
}

func lacksAddress(g *replication.Group, n *replication.Node) bool {
	return !n.Address.IsValid() || g.AddressPlan.Beyond() && !n.Link.IsValid()
}

// lacksOther reports whether a place has no address by the plan that is not shown, while the group is moved.
func lacksOther(g *replication.Group) bool {
	return slices.ContainsFunc(g.Unaddressed(), func(p replication.Place) bool { return p.Other && (p.NodeID == "" || !g.Leaving(g.Node(p.NodeID))) })
}

// lateAddresses are for what the group does without until there are some: the reader endpoint that one of an early release
// lacks, and nodes that are added while others are waited for.
func lateAddresses(g *replication.Group) []Step {
	if len(g.Unaddressed()) == 0 {
		return nil
	}
	return []Step{{Kind: StepAddress, Optional: true}}
}

// giveAddresses asks the provider for an address for each place of the group that has none.
func (s *session) giveAddresses(ctx context.Context, w work) (note, error) {
	given := map[replication.Place]netip.AddrPort{}
	var failed error // to look into the store
	taken := func(a netip.AddrPort) bool {
		if slices.Contains(slices.Collect(maps.Values(given)), a) {
			return true
		}
		held, err := s.holds(ctx, a)
		if err != nil {
			failed = err
		}
		return held
	}
	networks, err := s.networks(ctx, w.group)
	if err != nil {
		return nil, err
	}
	for _, place := range narrowFirst(w.group.Unaddressed(), networks) {
		wanted := placeOf(w.group, place, given)
		wanted.Networks = networks[place]
		at, err := s.Provider.Propose(ctx, wanted, taken)
		switch {
		case failed != nil:
			return nil, failed
		case err != nil && w.Optional && cache.IsKind(err, cache.KindCapacity):
			s.Logger.Debug("no address", "group", w.group.Key(), "error", err)
			return nil, nil
		case err != nil:
			return nil, err
		}
		given[place] = at
	}
	fault.Point(fault.AddressesProposed)
	return func(g *replication.Group) []cache.Event {
		for place, at := range given {
			g.Address(place, at)
		}
		return nil
	}, nil
}

// networks are those of the subnets that places of a group are to be in.
func (s *session) networks(ctx context.Context, g *replication.Group) (networks map[replication.Place][]netip.Prefix, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		networks, err = store.NetworksOfPlaces(tx, g)
		return err
	})
	return networks, err
}

// narrowFirst has places that can be in few subnets before those that can be in more: these would take away what is left in the few.
func narrowFirst(places []replication.Place, networks map[replication.Place][]netip.Prefix) []replication.Place {
	slices.SortStableFunc(places, func(a, b replication.Place) int { return subnet.CompareNarrow(networks[a], networks[b]) })
	return places
}

// placeOf describes a place to the provider. Of a pair, the address of IPv4 has been given before the one of IPv6.
func placeOf(g *replication.Group, place replication.Place, given map[replication.Place]netip.AddrPort) provider.Place {
	p := provider.Place{Group: g.UID, Shard: place.Shard, Endpoint: place.Endpoint, Link: place.Link, Plan: g.PlanOf(place), Network: g.NetworkOf(place), Port: g.Port}
	if node := g.Node(place.NodeID); node != nil {
		p.Node = provider.NameOf(node)
	}
	p.Pair = g.NetworkType == cache.NetworkDualStack && !place.Link
	if beside, at, ok := g.Beside(place); ok {
		if p.Beside = at; !at.IsValid() {
			p.Beside = given[beside]
		}
	}
	return p
}

// hold has addresses that clients come to be there before a node listens at them. While a group is created that is a condition; later the
// node listens all the same, and is reached as soon as they are there: whoever sees to them goes on trying.
func (s *session) hold(ctx context.Context, g *replication.Group, listen []netip.AddrPort) error {
	pool := g.PoolAddresses()
	var wanted []netip.Addr
	for _, at := range listen {
		if slices.Contains(pool, at.Addr()) {
			wanted = append(wanted, at.Addr())
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	err := provider.Hold(ctx, s.Provider, wanted...)
	if err != nil && g.Status != cache.StatusCreating {
		s.Logger.Warn("addresses of a group are not there, so nobody can connect to them", "group", g.Key(), "error", err)
		return nil
	}
	fault.Point(fault.AddressesHeld)
	return err
}

func (s *session) holds(ctx context.Context, at netip.AddrPort) (held bool, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		held, err = store.HoldsAddress(tx, at)
		return err
	})
	return held, err
}

// lostRace reports whether another group has taken what was proposed for this one.
func lostRace(err error) bool {
	var taken *store.TakenError
	return errors.As(err, &taken)
}

// noRoom returns the provider's sentence if an error is that it has no address.
func noRoom(err error) (sentence string, is bool) {
	var refusal *cache.Error
	if errors.As(err, &refusal) && cache.IsKind(refusal, cache.KindCapacity) {
		return refusal.Error(), true
	}
	return "", false
}

// addressed reports whether a plan has given addresses, so that there is more to do.
func addressed(g *replication.Group, decision Decision) bool {
	return len(g.Unaddressed()) == 0 && slices.ContainsFunc(decision.Steps, func(s Step) bool { return s.Kind == StepAddress })
}
