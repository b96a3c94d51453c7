package process

import (
	"cmp"
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
	// errPairLost: a port was free at both addresses of a pair a moment ago. It is worth another try, so it is no lack of ports.
	errPairLost = errors.New("the port has been taken at the addresses of IPv6 meanwhile")
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
		return o.proposePort(place, taken)
	case place.Plan == cache.PlanPool && !place.Link:
		pool, err := o.poolOf(place.Network)
		if err != nil {
			return netip.AddrPort{}, err
		}
		at, err := pool.Next(ctx, atPort(taken, port), place.Port, place.Networks)
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
	if o.Addresses == nil {
		return fmt.Errorf("look for addresses: %w", errNoRange)
	}
	if wanted.PortPairs > 0 {
		ports, pairTaken, err := o.pairs(taken)
		if err != nil {
			return err
		}
		if err := ports.Room(pairTaken, wanted.PortPairs); err != nil {
			return err
		}
	}
	for _, w := range []struct {
		network     cache.NetworkType
		ports, pool int
		subnets     [][]netip.Prefix
	}{{cache.NetworkIPv4, wanted.Ports, wanted.Pool, wanted.Subnets}, {cache.NetworkIPv6, wanted.Ports6, wanted.Pool6, wanted.Subnets6}} {
		if w.ports > 0 {
			ports, err := o.portsOf(w.network)
			if err != nil {
				return err
			}
			if err := ports.Room(taken, w.ports); err != nil {
				return err
			}
		}
		if w.pool > 0 {
			pool, err := o.poolOf(w.network)
			if err != nil {
				return err
			}
			if err := pool.Room(takenAt, port, w.pool, w.subnets); err != nil {
				return err
			}
		}
	}
	return o.Addresses.Room(takenAt, port, wanted.Addresses)
}

// proposePort looks for a port of the plan host.
func (o *Options) proposePort(place provider.Place, taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	ports, err := o.portsOf(place.Network)
	switch {
	case err != nil:
		return netip.AddrPort{}, err
	case place.Beside.IsValid():
		at, ok := ports.At(place.Beside.Port(), taken)
		if !ok {
			return netip.AddrPort{}, fmt.Errorf("propose address beside %s: %w", place.Beside, errPairLost)
		}
		return at, nil
	case place.Pair:
		if ports, taken, err = o.pairs(taken); err != nil {
			return netip.AddrPort{}, err
		}
	}
	return ports.Next(taken)
}

// pairs are the ports of IPv4 of which one is taken, too, where no address of IPv6 has the same.
func (o *Options) pairs(taken func(netip.AddrPort) bool) (*address.Ports, func(netip.AddrPort) bool, error) {
	ports, err := o.portsOf(cache.NetworkIPv4)
	if err != nil {
		return nil, nil, err
	}
	beside, err := o.portsOf(cache.NetworkIPv6)
	if err != nil {
		return nil, nil, err
	}
	return ports, func(at netip.AddrPort) bool {
		if taken(at) {
			return true
		}
		_, free := beside.At(at.Port(), taken)
		return !free
	}, nil
}

// portsOf are those of a network type; of no type, they are of any that there is.
func (o *Options) portsOf(network cache.NetworkType) (*address.Ports, error) {
	switch ports := of(o.Ports, network); {
	case ports != nil:
		return ports, nil
	case len(o.Ports) == 0:
		return nil, errNoPorts
	}
	return nil, cache.Errorf(cache.KindCapacity, "The group has the network type %s, and the service has no address of that family for the address plan host. Serve with one more --host-address.", network)
}

// poolOf is the same for pools.
func (o *Options) poolOf(network cache.NetworkType) (*address.Pool, error) {
	switch pool := of(o.Pools, network); {
	case pool != nil:
		return pool, nil
	case len(o.Pools) == 0:
		return nil, errNoPool
	}
	return nil, cache.Errorf(cache.KindCapacity, "The group has the network type %s, and the service has no address of that family for the address plan pool. Serve with one more --pool-range.", network)
}

func of[T any](all map[cache.NetworkType]*T, network cache.NetworkType) *T {
	if network == "" { // of a group of an earlier release that has no address yet
		return cmp.Or(all[cache.NetworkIPv4], all[cache.NetworkIPv6])
	}
	return all[network]
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
