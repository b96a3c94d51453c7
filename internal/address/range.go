// Package address gives out what nodes and endpoints are reached at, and says who has it if it is taken.
//
//   - A [Range] gives each a loopback address of its own, like the nodes of the original have addresses of their own. Linux answers
//     on every address of 127.0.0.0/8 without any configuration.
//   - [Ports] give each a port of its own, at an address of this machine that other machines reach.
//   - A [Pool] gives each an address of its own that other machines reach; package nic puts those on a network interface.
package address

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/aikagi/aikagi/internal/cache"
)

// Range is a range to give addresses out of. It is safe for concurrent use.
type Range struct {
	prefix netip.Prefix

	next sync.Mutex                 // held by Next
	last atomic.Pointer[netip.Addr] // given out last; the search goes on behind it
}

// NewRange checks that the range is one of IPv4 loopback addresses with room for a
// group.
func NewRange(prefix netip.Prefix) (*Range, error) {
	prefix = prefix.Masked()
	if !prefix.Addr().Is4() || !prefix.Addr().IsLoopback() {
		return nil, fmt.Errorf("address range %s is not in 127.0.0.0/8", prefix)
	}
	if prefix.Bits() > 28 || prefix.Bits() < 8 {
		return nil, fmt.Errorf("address range %s has no room: use /8 to /28", prefix)
	}
	r := &Range{prefix: prefix}
	first := prefix.Addr()
	r.last.Store(&first)
	return r, nil
}

// Contains reports whether an address is one of the range's.
func (r *Range) Contains(address netip.Addr) bool { return r.prefix.Contains(address) }

// Next returns an address that is in nobody's hands: not taken, and without a
// listener at the port. An address that was just given up comes last, so that a
// client of a deleted group does not end up at another. The error is of
// [cache.KindCapacity].
func (r *Range) Next(taken func(netip.Addr) bool, port int) (netip.Addr, error) {
	r.next.Lock() // two that search at the same time do not find the same
	defer r.next.Unlock()
	found, err := r.search(*r.last.Load(), taken, port, free)
	if err == nil {
		r.last.Store(&found)
	}
	return found, err
}

// Room reports whether Next would find so many addresses, with its error if not. It gives none out, and does not
// wait for others that search.
func (r *Range) Room(taken func(netip.Addr) bool, port, count int) error {
	last := *r.last.Load()
	found := map[netip.Addr]bool{}
	for range count {
		next, err := r.search(last, func(a netip.Addr) bool { return found[a] || taken(a) }, port, vacant)
		if err != nil {
			return err
		}
		last, found[next] = next, true
	}
	return nil
}

// search looks at the addresses behind last, and then at those before it.
func (r *Range) search(last netip.Addr, taken func(netip.Addr) bool, port int, free func(netip.Addr, int) bool) (netip.Addr, error) {
	candidate, occupied := last, 0
	for range 1 << (32 - r.prefix.Bits()) {
		candidate = candidate.Next()
		if !r.prefix.Contains(candidate) {
			candidate = r.prefix.Addr()
		}
		if !usable(candidate) || taken(candidate) {
			continue
		}
		if free(candidate, port) {
			return candidate, nil
		}
		if occupied++; occupied == occupiedMax {
			break
		}
	}
	if occupied > 0 {
		return netip.Addr{}, cache.Errorf(cache.KindCapacity,
			"Port %d is in use by another program on every address of %s that was tried. Perhaps it listens on all addresses "+
				"(ss -ltnp 'sport = :%d' shows it): stop it, create the group with another port, or serve with another --address-range.", port, r.prefix, port)
	}
	return netip.Addr{}, cache.Errorf(cache.KindCapacity,
		"No free address is left in %s. Delete groups, or serve with a larger --address-range.", r.prefix)
}

// occupiedMax is how many addresses in a row may be occupied by other programs
// before the search is given up.
const occupiedMax = 64

// usable keeps the addresses that end in 0 and 255 out: some tools take them for
// networks.
func usable(address netip.Addr) bool {
	last := address.As4()[3]
	return last != 0 && last != 255
}

// vacant reports whether nobody listens there, without being in the way of whoever is about to.
func vacant(address netip.Addr, port int) bool {
	return !Occupied(netip.AddrPortFrom(address, uint16(port)))
}

// free reports whether nobody listens there, by listening for an instant.
func free(address netip.Addr, port int) bool {
	listener, err := net.Listen("tcp4", net.JoinHostPort(address.String(), strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
