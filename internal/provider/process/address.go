package process

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/provider"
)

// errNoRange: the provider was opened to start no new node.
var errNoRange = errors.New("provider has no addresses to give out")

// Propose looks for a loopback address of the range that no other program has.
func (p *Provider) Propose(_ context.Context, place provider.Place, taken func(netip.Addr) bool) (netip.Addr, error) {
	if p.options.Addresses == nil {
		return netip.Addr{}, fmt.Errorf("propose address: %w", errNoRange)
	}
	return p.options.Addresses.Next(taken, place.Port)
}

// Room reports whether the range has so many.
func (p *Provider) Room(port, count int, taken func(netip.Addr) bool) error {
	if p.options.Addresses == nil {
		return fmt.Errorf("look for addresses: %w", errNoRange)
	}
	return p.options.Addresses.Room(taken, port, count)
}

// Occupied asks the kernel.
func (p *Provider) Occupied(at netip.AddrPort) bool { return address.Occupied(at) }

// Occupant looks through the processes of this machine.
func (p *Provider) Occupant(at netip.AddrPort) provider.Occupant {
	return provider.Occupant(address.FindOccupant(at))
}
