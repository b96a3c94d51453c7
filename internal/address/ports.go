package address

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
)

// PortRange is a range of ports, both ends included.
type PortRange struct{ First, Last uint16 }

// portMin is the first port that every user may listen at.
const portMin = 1024

// ParsePortRange reads a range as people write it: FIRST-LAST.
func ParsePortRange(text string) (PortRange, error) {
	first, last, _ := strings.Cut(text, "-")
	from, err := strconv.ParseUint(first, 10, 16)
	to, wrong := strconv.ParseUint(last, 10, 16)
	if err != nil || wrong != nil || from < portMin || to <= from {
		return PortRange{}, fmt.Errorf("port range %q: want FIRST-LAST, from %d to 65535, like 7000-7999", text, portMin)
	}
	return PortRange{uint16(from), uint16(to)}, nil
}

// String is the range as [ParsePortRange] reads it.
func (r PortRange) String() string { return fmt.Sprintf("%d-%d", r.First, r.Last) }

// Contains reports whether a port is one of the range's.
func (r PortRange) Contains(port uint16) bool { return r.First <= port && port <= r.Last }

func (r PortRange) len() int { return int(r.Last) - int(r.First) + 1 }

// Ports are ports of a range at addresses of this machine, to be given out: first those at the first address, and when it has
// none left those at the next. They are safe for concurrent use.
type Ports struct {
	addresses []netip.Addr
	ports     PortRange

	next sync.Mutex     // held by Next; guards last
	last netip.AddrPort // given out last; the search goes on behind it
}

// NewPorts makes ports of which none was given out yet. There is at least one address.
func NewPorts(addresses []netip.Addr, ports PortRange) *Ports {
	return &Ports{addresses: addresses, ports: ports, last: netip.AddrPortFrom(addresses[0], ports.Last)}
}

// Next returns a port that is in nobody's hands: not taken, and nobody listens there. One that was just given up comes last among those
// of its address, so that a client of a deleted group does not end up at another. The error is of [cache.KindCapacity].
func (p *Ports) Next(taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	p.next.Lock() // two that search at the same time do not find the same
	defer p.next.Unlock()
	found, err := p.search(taken)
	if err == nil {
		p.last = found
	}
	return found, err
}

// At returns the port that is asked for, at the first address where it is in nobody's hands; ok is false if there is none.
func (p *Ports) At(port uint16, taken func(netip.AddrPort) bool) (at netip.AddrPort, ok bool) {
	for _, a := range p.addresses {
		if at = netip.AddrPortFrom(a, port); !taken(at) && !Occupied(at) {
			return at, true
		}
	}
	return netip.AddrPort{}, false
}

// Room reports whether Next would find so many ports, with its error if not. It gives none out.
func (p *Ports) Room(taken func(netip.AddrPort) bool, count int) error {
	p.next.Lock()
	search := Ports{addresses: p.addresses, ports: p.ports, last: p.last}
	p.next.Unlock()
	found := map[netip.AddrPort]bool{}
	for range count {
		next, err := search.search(func(at netip.AddrPort) bool { return found[at] || taken(at) })
		if err != nil {
			return err
		}
		search.last, found[next] = next, true
	}
	return nil
}

// search looks at the ports of one address after the other, at each behind the last that was given out.
func (p *Ports) search(taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	foreign := 0
	for _, address := range p.addresses {
		port := p.last.Port()
		if address != p.last.Addr() {
			port = p.ports.Last
		}
		for range p.ports.len() {
			if port++; !p.ports.Contains(port) { // behind the last port, which may be the last that there is
				port = p.ports.First
			}
			at := netip.AddrPortFrom(address, port)
			switch {
			case taken(at):
			case Occupied(at):
				foreign++
			default:
				return at, nil
			}
		}
	}
	return netip.AddrPort{}, p.full(foreign)
}

func (p *Ports) full(foreign int) error {
	var at []string
	for _, a := range p.addresses {
		at = append(at, a.String())
	}
	others := ""
	if foreign > 0 {
		others = fmt.Sprintf(" (other programs listen at %d of them)", foreign)
	}
	return cache.Errorf(cache.KindCapacity, "No free port of %s is left at %s%s. Delete groups, or serve with a larger --port-range.",
		p.ports, strings.Join(at, ", "), others)
}
