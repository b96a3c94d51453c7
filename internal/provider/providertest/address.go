package providertest

import (
	"net/netip"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
)

// addressPort is one at which nobody listens while the suite runs.
const addressPort = 16379

func (s Suite) addresses(t *testing.T) {
	s.check(t, "are proposed until none is left", func(t *testing.T, p *plane) {
		taken := map[netip.Addr]bool{}
		for len(taken) <= 100 {
			at, err := p.propose(taken)
			if cache.IsKind(err, cache.KindCapacity) && len(taken) >= 2 {
				return
			}
			if err != nil || !at.IsValid() || taken[at] {
				t.Fatalf("with %d taken: Propose() = %v, %v", len(taken), at, err)
			}
			taken[at] = true
		}
		t.Errorf("more than %d addresses", len(taken))
	})
	s.check(t, "are not reserved", func(t *testing.T, p *plane) {
		for range 300 {
			if _, err := p.propose(nil); err != nil {
				t.Fatalf("Propose() = %v, and nobody has taken one", err)
			}
		}
	})
	s.check(t, "room", func(t *testing.T, p *plane) {
		teller, ok := p.Provider.(provider.RoomTeller)
		if ok != s.Room {
			t.Fatalf("the provider tells whether there is room: %t, want %t", ok, s.Room)
		}
		if !ok {
			return
		}
		none := func(netip.Addr) bool { return false }
		if err := teller.Room(addressPort, 2, none); err != nil {
			t.Errorf("Room(2) = %v", err)
		}
		if err := teller.Room(addressPort, 101, none); !cache.IsKind(err, cache.KindCapacity) {
			t.Errorf("Room(101) = %v, want one of cache.KindCapacity", err)
		}
	})
	s.check(t, "occupancy", func(t *testing.T, p *plane) {
		teller, ok := p.Provider.(provider.OccupancyTeller)
		if ok != s.Occupancy {
			t.Fatalf("the provider tells who has an address: %t, want %t", ok, s.Occupancy)
		}
		if !ok {
			return
		}
		at, err := p.propose(nil)
		if err != nil {
			t.Fatal(err)
		}
		if teller.Occupied(netip.AddrPortFrom(at, addressPort)) {
			t.Errorf("%s was proposed and is occupied", at)
		}
	})
}

func (p *plane) propose(taken map[netip.Addr]bool) (netip.Addr, error) {
	return p.Propose(p.context(), provider.Place{Group: "g", Node: node, Port: addressPort}, func(a netip.Addr) bool { return taken[a] })
}
