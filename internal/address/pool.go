package address

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"go4.org/netipx"

	"github.com/aikagi/aikagi/internal/cache"
)

// ParsePoolRange reads a range of addresses that other machines can reach: 10.0.0.64/26, or 10.0.0.64-10.0.0.99.
func ParsePoolRange(text string) (netipx.IPRange, error) {
	r, err := netipx.ParseIPRange(text)
	if err != nil {
		prefix, err := netip.ParsePrefix(text)
		if err != nil || prefix != prefix.Masked() {
			return netipx.IPRange{}, fmt.Errorf("%q: want a form like 10.0.0.64/26, 10.0.0.64-10.0.0.99 or fd00::1:0/112", text)
		}
		r = netipx.RangeOfPrefix(prefix)
	}
	for _, a := range []netip.Addr{r.From(), r.To()} {
		if !a.IsGlobalUnicast() || a.Is4In6() {
			return netipx.IPRange{}, fmt.Errorf("%q: %s is not an address that other machines can reach this one at", text, a)
		}
	}
	return r, nil
}

const (
	askAtOnce  = 8           // candidates whose users are looked for together, because that takes a moment
	quietFor   = time.Minute // that nobody was found to use an address
	searchMost = 4096        // candidates that are looked at before the search is given up
)

// Pool is a range to give addresses out of that other machines reach. It is safe for concurrent use.
type Pool struct {
	within netipx.IPRange
	// users says who uses addresses already: another machine, or this one for something else. Those that nobody uses are not in it.
	users func(context.Context, []netip.Addr) (map[netip.Addr]string, error)

	last atomic.Pointer[netip.Addr] // given out last; the search goes on behind it

	next  sync.Mutex               // held by Next; guards all below
	quiet map[netip.Addr]time.Time // when an address was found to be nobody's
}

// NewPool makes a pool of which nothing was given out yet. users says who uses addresses already; without it nobody does.
func NewPool(within netipx.IPRange, users func(context.Context, []netip.Addr) (map[netip.Addr]string, error)) *Pool {
	if users == nil {
		users = func(context.Context, []netip.Addr) (map[netip.Addr]string, error) { return nil, nil }
	}
	p := &Pool{within: within, users: users, quiet: map[netip.Addr]time.Time{}}
	last := within.To()
	p.last.Store(&last)
	return p
}

// Next returns an address that is in nobody's hands: not taken, without a listener at the port, and used by nobody on the network. An
// address that was just given up comes last. The error is of [cache.KindCapacity], or that of looking for users.
func (p *Pool) Next(ctx context.Context, taken func(netip.Addr) bool, port int) (netip.Addr, error) {
	p.next.Lock() // two that search at the same time do not find the same
	defer p.next.Unlock()
	used := map[netip.Addr]bool{}
	for {
		candidates := p.candidates(func(a netip.Addr) bool { return used[a] || taken(a) }, port, askAtOnce)
		if len(candidates) == 0 {
			return netip.Addr{}, p.full(len(used))
		}
		if !p.isQuiet(candidates[0]) {
			users, err := p.users(ctx, candidates)
			if err != nil {
				return netip.Addr{}, err
			}
			for _, a := range candidates {
				if _, is := users[a]; is {
					used[a] = true
				} else {
					p.quiet[a] = time.Now()
				}
			}
		}
		if !used[candidates[0]] {
			p.last.Store(&candidates[0])
			return candidates[0], nil
		}
	}
}

func (p *Pool) isQuiet(a netip.Addr) bool {
	since, is := p.quiet[a]
	if is && time.Since(since) < quietFor {
		return true
	}
	delete(p.quiet, a)
	return false
}

// Room reports whether there are so many addresses, with the error of Next if not. It gives none out, asks nobody on the network,
// and does not wait for others that search.
func (p *Pool) Room(taken func(netip.Addr) bool, port, count int) error {
	if len(p.candidates(taken, port, count)) < count {
		return p.full(0)
	}
	return nil
}

// candidates are up to so many addresses behind the last, and then before it.
func (p *Pool) candidates(taken func(netip.Addr) bool, port, count int) (found []netip.Addr) {
	last := *p.last.Load()
	candidate := last
	for range searchMost {
		if candidate == p.within.To() {
			candidate = p.within.From()
		} else {
			candidate = candidate.Next()
		}
		if poolUsable(candidate) && !taken(candidate) && !Occupied(netip.AddrPortFrom(candidate, uint16(port))) {
			found = append(found, candidate)
		}
		if candidate == last || len(found) == count {
			break
		}
	}
	return found
}

// poolUsable keeps out what tools take for networks, and what stands for the routers of one (RFC 4291, 2.6.1).
func poolUsable(a netip.Addr) bool {
	if a.Is4() {
		return usable(a)
	}
	bytes := a.As16()
	return [8]byte(bytes[8:]) != [8]byte{}
}

func (p *Pool) full(used int) error {
	others := ""
	if used > 0 {
		others = fmt.Sprintf(" (%d are used by other machines, or by this one for something else)", used)
	}
	return cache.Errorf(cache.KindCapacity, "No free address is left in %s%s. Delete groups, or serve with a larger --pool-range.", p.within, others)
}
