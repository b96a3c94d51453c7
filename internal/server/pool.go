package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"go4.org/netipx"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/nic"
	"github.com/aikagi/aikagi/internal/store"
)

// This file has the address plan pool: addresses that aikagi itself puts on a network interface of this machine.

// ParsePoolRanges reads the --pool-range of [Options].
func ParsePoolRanges(texts []string) (all []netipx.IPRange, err error) {
	for _, text := range texts {
		r, err := address.ParsePoolRange(text)
		if err != nil {
			return nil, fmt.Errorf("--pool-range %w", err)
		}
		for _, other := range all {
			if r.Overlaps(other) {
				return nil, fmt.Errorf("--pool-range %q: it has addresses of %s, too: name each once", text, other)
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// servesPool reports whether groups can have the plan pool: it is that of new ones, or they can be moved to it.
func (o *Options) servesPool() bool { return len(o.PoolRanges) > 0 }

func (o *Options) validatePool() error {
	switch isPool := o.AddressPlan == cache.PlanPool; {
	case o.PoolInterface != "" && !o.servesPool():
		return errors.New("--pool-interface says where the addresses of --pool-range are: name that as well")
	case isPool && !o.servesPool():
		return errors.New("the address plan pool gives out addresses of a range that is reserved for it: name it with --pool-range, like 10.0.0.64/26")
	case isPool && o.Advertise != "" && !o.servesHost():
		return errors.New("--advertise is what clients call one address, and with the address plan pool every place has one of its own: leave it out")
	}
	return nil
}

// findPool completes the settings of the plan pool, or says why it cannot be served.
func (s *Server) findPool() error {
	o := &s.options
	if !o.servesPool() {
		return nil
	}
	if err := nic.CheckRights(); err != nil {
		return fmt.Errorf("the address plan pool cannot be served: %w", err)
	}
	for _, within := range o.PoolRanges {
		where, err := nic.Find(within, o.PoolInterface)
		if err != nil {
			return err
		}
		if !where.Inside {
			o.Logger.Warn("no subnet of the interface has the range of the pool: other machines reach its addresses only if a router knows the way",
				"interface", where.Name, "range", within)
		}
		s.poolRanges = append(s.poolRanges, nic.Range{Within: within, Interface: where.Name})
	}
	return nil
}

// keepAddresses makes what puts addresses of groups on the network: those of the plan that is served, and those that groups have from
// earlier.
func (s *Server) keepAddresses() (err error) {
	o := &s.options
	s.addresses, err = nic.New(nic.Options{
		Ranges: s.poolRanges, Record: s.dir.Pool(), Logger: o.Logger,
		Wanted: func(ctx context.Context) ([]netip.Addr, error) {
			held, err := s.ownAddresses(ctx)
			return slices.Collect(maps.Keys(held)), err
		},
		Restored: func(ctx context.Context, all []netip.Addr) {
			s.tellOfAddresses(ctx, all, func(g *replication.Group, a netip.Addr) []cache.Event { return g.NoteRestored(a, o.Now()) })
		},
		Contested: func(ctx context.Context, a netip.Addr, by string) {
			s.tellOfAddresses(ctx, []netip.Addr{a}, func(g *replication.Group, a netip.Addr) []cache.Event { return g.NoteContested(a, by, o.Now()) })
		},
	})
	return err
}

func (s *Server) ownAddresses(ctx context.Context) (held map[netip.Addr]cache.Key, err error) {
	err = s.store.View(ctx, func(tx store.Tx) (err error) {
		held, err = store.OwnAddresses(tx)
		return err
	})
	return held, err
}

// pools are what the plan pool gives addresses out of, by the network type; none without it.
func (s *Server) pools() map[cache.NetworkType]*address.Pool {
	ranges, pools := map[cache.NetworkType][]netipx.IPRange{}, map[cache.NetworkType]*address.Pool{}
	for _, r := range s.options.PoolRanges {
		network := cache.NetworkTypeOf(r.From())
		ranges[network] = append(ranges[network], r)
	}
	for network, of := range ranges {
		pools[network] = address.NewPool(of, s.addresses.Users)
	}
	return pools
}

// tellOfAddresses writes events about addresses for the groups that hold them. Without the store nobody can be told; the log has it.
func (s *Server) tellOfAddresses(ctx context.Context, all []netip.Addr, tell func(*replication.Group, netip.Addr) []cache.Event) {
	err := s.store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error {
		held, err := store.OwnAddresses(tx)
		if err != nil {
			return err
		}
		for _, a := range all {
			groups, err := store.Some(tx, store.Groups, held[a])
			if err != nil {
				return err
			}
			for _, g := range groups {
				events := tell(g, a)
				for _, e := range events {
					s.options.Logger.Warn("address of a group", "group", g.Key(), "what", e.Message)
				}
				if err := store.Append(tx, store.Events, events...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		s.options.Logger.Error("tell groups of their addresses", "error", err)
	}
}

// calledInPool are the networks that the pool's ranges consist of.
func (o *Options) calledInPool() (all []string) {
	for _, r := range o.PoolRanges {
		for _, p := range r.Prefixes() {
			all = append(all, p.String())
		}
	}
	return all
}
