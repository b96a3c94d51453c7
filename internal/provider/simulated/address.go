package simulated

import (
	"context"
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
)

// Propose gives out one address of the network after the other, whatever the plan.
func (p *Provider) Propose(ctx context.Context, place provider.Place, taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	network := p.world.addresses
	for range 1 << (network.Addr().BitLen() - network.Bits()) {
		if err := ctx.Err(); err != nil {
			return netip.AddrPort{}, err
		}
		if at := netip.AddrPortFrom(p.world.next(), uint16(place.Port)); !taken(at) {
			return at, nil
		}
	}
	return netip.AddrPort{}, cache.Errorf(cache.KindCapacity, "No free address is left in %s.", network)
}

// next is the address behind the one that was looked at last.
func (w *World) next() netip.Addr {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last = w.last.Next(); !w.addresses.Contains(w.last) {
		w.last = w.addresses.Masked().Addr()
	}
	return w.last
}
