package address

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
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

// RangesText names ranges as people write them.
func RangesText(all []netipx.IPRange) string {
	words := make([]string, len(all))
	for i, r := range all {
		words[i] = r.String()
	}
	return strings.Join(words, ", ")
}

const (
	askAtOnce  = 8           // candidates whose users are looked for together, because that takes a moment
	quietFor   = time.Minute // that nobody was found to use an address
	searchMost = 4096        // candidates that are looked at before the search is given up
)

// Pool is ranges to give addresses out of that other machines reach. It is safe for concurrent use.
type Pool struct {
	within []netipx.IPRange // in order
	// users says who uses addresses already: another machine, or this one for something else. Those that nobody uses are not in it.
	users func(context.Context, []netip.Addr) (map[netip.Addr]string, error)

	last sync.Map // netip.Addr, given out last of a part of the range, by the part's first address; the search goes on behind it

	next  sync.Mutex               // held by Next; guards all below
	quiet map[netip.Addr]time.Time // when an address was found to be nobody's
}

// NewPool makes a pool of which nothing was given out yet: at least one range, none of which has addresses of another. users says who uses addresses
// already; without it nobody does.
func NewPool(within []netipx.IPRange, users func(context.Context, []netip.Addr) (map[netip.Addr]string, error)) *Pool {
	if users == nil {
		users = func(context.Context, []netip.Addr) (map[netip.Addr]string, error) { return nil, nil }
	}
	return &Pool{within: sorted(within), users: users, quiet: map[netip.Addr]time.Time{}}
}

func sorted(all []netipx.IPRange) []netipx.IPRange {
	return slices.SortedFunc(slices.Values(all), func(a, b netipx.IPRange) int { return a.From().Compare(b.From()) })
}

// Next returns an address that is in nobody's hands: not taken, without a listener at the port, and used by nobody on the network. An
// address that was just given up comes last. It is in one of the networks, if the pool has addresses of any. The error is of
// [cache.KindCapacity], or that of looking for users.
func (p *Pool) Next(ctx context.Context, taken func(netip.Addr) bool, port int, networks []netip.Prefix) (netip.Addr, error) {
	p.next.Lock() // two that search at the same time do not find the same
	defer p.next.Unlock()
	parts, used := p.parts(networks), map[netip.Addr]bool{}
	for {
		candidates := p.candidates(parts, func(a netip.Addr) bool { return used[a] || taken(a) }, port, askAtOnce)
		if len(candidates) == 0 {
			return netip.Addr{}, p.full(parts, len(used))
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
			p.last.Store(parts[0].From(), candidates[0])
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

// Room reports whether there are so many addresses, of which each of subnets is to have one in these networks, with the error of Next if
// not. It gives none out, asks nobody on the network, and does not wait for others that search.
func (p *Pool) Room(taken func(netip.Addr) bool, port, count int, subnets [][]netip.Prefix) error {
	given := map[netip.Addr]bool{}
	free := func(a netip.Addr) bool { return given[a] || taken(a) }
	for _, networks := range subnets {
		parts := p.parts(networks)
		found := p.candidates(parts, free, port, 1)
		if len(found) == 0 {
			return p.full(parts, 0)
		}
		given[found[0]] = true
	}
	all := p.parts(nil)
	if len(p.candidates(all, taken, port, count)) < count {
		return p.full(all, 0)
	}
	return nil
}

// parts are what the pool has of some networks, in order; all of it, if it has nothing of them.
func (p *Pool) parts(networks []netip.Prefix) []netipx.IPRange {
	var pool, there netipx.IPSetBuilder
	for _, r := range p.within {
		pool.AddRange(r)
	}
	for _, network := range networks {
		there.AddPrefix(network)
	}
	if set, err := pool.IPSet(); err == nil { // it fails for what is no range or network
		there.Intersect(set)
	}
	if set, err := there.IPSet(); err == nil && len(set.Ranges()) > 0 {
		return set.Ranges()
	}
	return p.within
}

// candidates are up to so many addresses of the parts behind the last, and then before it.
func (p *Pool) candidates(parts []netipx.IPRange, taken func(netip.Addr) bool, port, count int) (found []netip.Addr) {
	looked := 0
	for _, r := range p.inTurn(parts) {
		for a := r.From(); r.Contains(a) && looked < searchMost && len(found) < count; a = a.Next() {
			looked++
			if poolUsable(a) && !taken(a) && !Occupied(netip.AddrPortFrom(a, uint16(port))) {
				found = append(found, a)
			}
		}
	}
	return found
}

// inTurn are the parts in the order of a search: what is behind the address that was given out last, and then the rest.
func (p *Pool) inTurn(parts []netipx.IPRange) []netipx.IPRange {
	last, ok := p.last.Load(parts[0].From())
	if !ok {
		return parts
	}
	var behind, before []netipx.IPRange
	for _, r := range parts {
		switch at := last.(netip.Addr); {
		case at.Less(r.From()):
			behind = append(behind, r)
		case !at.Less(r.To()):
			before = append(before, r)
		default:
			behind, before = append(behind, netipx.IPRangeFrom(at.Next(), r.To())), append(before, netipx.IPRangeFrom(r.From(), at))
		}
	}
	return append(behind, before...)
}

// poolUsable keeps out what tools take for networks, and what stands for the routers of one (RFC 4291, 2.6.1).
func poolUsable(a netip.Addr) bool {
	if a.Is4() {
		return usable(a)
	}
	bytes := a.As16()
	return [8]byte(bytes[8:]) != [8]byte{}
}

func (p *Pool) full(parts []netipx.IPRange, used int) error {
	others, subnets := "", ""
	if used > 0 {
		others = fmt.Sprintf(" (%d are used by other machines, or by this one for something else)", used)
	}
	if !slices.Equal(parts, p.within) {
		subnets = ", what the pool has of the subnets of a place"
	}
	return cache.Errorf(cache.KindCapacity, "No free address is left in %s%s%s. Delete groups, or serve with a larger --pool-range, or one more.", RangesText(parts), subnets, others)
}
