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
)

// Propose looks for a loopback address of the range that no other program has, or for a port of this machine's addresses.
func (p *Provider) Propose(_ context.Context, place provider.Place, taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	switch o := &p.options; {
	case place.Plan == cache.PlanHost && !place.Link && o.Ports == nil:
		return netip.AddrPort{}, errNoPorts
	case place.Plan == cache.PlanHost && !place.Link:
		return o.Ports.Next(taken)
	case o.Addresses == nil:
		return netip.AddrPort{}, fmt.Errorf("propose address: %w", errNoRange)
	default:
		port := uint16(place.Port)
		at, err := o.Addresses.Next(atPort(taken, port), int(port))
		return netip.AddrPortFrom(at, port), err
	}
}

// Room reports whether there are so many.
func (p *Provider) Room(port int, wanted replication.Wanted, taken func(netip.AddrPort) bool) error {
	switch o := &p.options; {
	case o.Addresses == nil:
		return fmt.Errorf("look for addresses: %w", errNoRange)
	case wanted.Ports > 0 && o.Ports == nil:
		return errNoPorts
	case wanted.Ports > 0:
		if err := o.Ports.Room(taken, wanted.Ports); err != nil {
			return err
		}
	}
	return p.options.Addresses.Room(atPort(taken, uint16(port)), port, wanted.Addresses)
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
