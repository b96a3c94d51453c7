package process

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/provider"
)

var (
	// errNoRange: the provider was opened to start no new node.
	errNoRange = errors.New("provider has no addresses to give out")
	// errNoPorts: a group needs what the provider was opened without.
	errNoPorts = cache.Errorf(cache.KindCapacity, "The group has the address plan host, or is to have it, and the service is not served with it, so there is no port for it. "+
		"Serve with --address-plan host, or with --host-address and another plan for new caches.")
	errNoPool = cache.Errorf(cache.KindCapacity, "The group has the address plan pool, or is to have it, and the service is not served with it, so there is no address for it. "+
		"Serve with --address-plan pool, or with --pool-range and another plan for new caches.")
)

// Propose looks for a loopback address of the range that no other program has, for a port of this machine's addresses, or for an address
// of the pool.
func (p *Provider) Propose(ctx context.Context, place provider.Place, taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	port := uint16(place.Port)
	switch o := &p.options; {
	case place.Plan == cache.PlanHost && !place.Link:
		if o.Ports == nil {
			return netip.AddrPort{}, errNoPorts
		}
		return o.Ports.Next(taken)
	case place.Plan == cache.PlanPool && !place.Link:
		if o.Pool == nil {
			return netip.AddrPort{}, errNoPool
		}
		at, err := o.Pool.Next(ctx, atPort(taken, port), place.Port, place.Networks)
		return netip.AddrPortFrom(at, port), err
	case o.Addresses == nil:
		return netip.AddrPort{}, fmt.Errorf("propose address: %w", errNoRange)
	default:
		at, err := o.Addresses.Next(atPort(taken, port), place.Port)
		return netip.AddrPortFrom(at, port), err
	}
}

// Room reports whether there are so many.
func (p *Provider) Room(port int, wanted replication.Wanted, taken func(netip.AddrPort) bool) error {
	o, takenAt := &p.options, atPort(taken, uint16(port))
	switch {
	case o.Addresses == nil:
		return fmt.Errorf("look for addresses: %w", errNoRange)
	case wanted.Ports > 0 && o.Ports == nil:
		return errNoPorts
	case wanted.Pool > 0 && o.Pool == nil:
		return errNoPool
	}
	if wanted.Ports > 0 {
		if err := o.Ports.Room(taken, wanted.Ports); err != nil {
			return err
		}
	}
	if wanted.Pool > 0 {
		if err := o.Pool.Room(takenAt, port, wanted.Pool, wanted.Subnets); err != nil {
			return err
		}
	}
	return o.Addresses.Room(takenAt, port, wanted.Addresses)
}

// Hold has addresses of the pool be there.
func (p *Provider) Hold(ctx context.Context, addresses ...netip.Addr) error {
	if p.options.Hold == nil {
		return nil
	}
	return p.options.Hold(ctx, addresses...)
}

func atPort(taken func(netip.AddrPort) bool, port uint16) func(netip.Addr) bool {
	return func(a netip.Addr) bool { return taken(netip.AddrPortFrom(a, port)) }
}

// Occupied asks the kernel.
func (p *Provider) Occupied(at netip.AddrPort) bool { return address.Occupied(at) }

// Occupant looks through the processes of this machine.
func (p *Provider) Occupant(at netip.AddrPort) provider.Occupant {
	return provider.Occupant(address.FindOccupant(at))
}
