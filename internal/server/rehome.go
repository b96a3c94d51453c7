package server

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// rehome moves places whose address this machine does not have any more to one that it has: a container that is made anew gets
// another address, and what clients outside call it stays. Ports stay where they can, for they are published. Groups of other plans
// stay as they are, and so does all if this plan is not served, or if it is not certain what this machine's address is: at its start, the
// network may not be there yet.
func (s *Server) rehome(ctx context.Context, ports map[cache.NetworkType]*address.Ports) error {
	if len(ports) == 0 || !s.surelyHere {
		return nil
	}
	err := s.store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error {
		groups, err := store.Page(tx, store.Groups, store.Range{})
		if err != nil {
			return err
		}
		for _, g := range groups {
			if err := s.rehomeGroup(tx, g, ports); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("move caches to this machine's addresses: %w", err)
	}
	return nil
}

func (s *Server) rehomeGroup(tx store.UpdateTx, g *replication.Group, ports map[cache.NetworkType]*address.Ports) error {
	given := map[netip.AddrPort]bool{}
	var failed error // to look into the store
	taken := func(at netip.AddrPort) bool {
		held, err := store.HoldsAddress(tx, at)
		if err != nil {
			failed = err
		}
		return held || given[at]
	}
	hosts := s.options.HostAddresses
	byNetwork := s.options.hostsByNetwork()
	events, err := g.Rehome(func(at netip.AddrPort) (netip.AddrPort, error) {
		if slices.Contains(hosts, at.Addr()) || address.IsLocal(at.Addr()) {
			return at, nil
		}
		network := cache.NetworkTypeOf(at.Addr())
		isPair := g.Network() == cache.NetworkDualStack
		switch {
		case len(byNetwork[network]) > 0:
		case isPair:
			return at, nil
		default: // better another than none
			network = cache.NetworkTypeOf(hosts[0])
		}
		to := netip.AddrPortFrom(byNetwork[network][0], at.Port())
		if taken(to) && isPair {
			return at, nil // it keeps the port that the pair has
		} else if taken(to) {
			var err error
			if to, err = ports[network].Next(taken); cache.IsKind(err, cache.KindCapacity) {
				return at, nil // the start says which address is lost; without an API nobody could make room
			} else if err != nil {
				return at, err
			}
		}
		given[to] = true
		return to, failed
	}, s.options.Now())
	if err != nil || len(events) == 0 {
		return err
	}
	for _, e := range events {
		s.options.Logger.Warn("place is at another address", "group", g.Key(), "what", e.Message)
	}
	return store.PutGroup(tx, g, events...)
}
