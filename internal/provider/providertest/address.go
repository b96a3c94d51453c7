package providertest

import (
	"net/netip"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/provider"
)

// addressPort is one at which nobody listens while the suite runs.
const addressPort = 16379

func (s Suite) addresses(t *testing.T) {
	for _, plan := range append([]cache.AddressPlan{cache.PlanLoopback}, s.Plans...) {
		t.Run(plan.String(), func(t *testing.T) { t.Parallel(); s.proposals(t, plan) })
	}
	s.check(t, "links are addresses of their own", func(t *testing.T, p *plane) {
		taken := map[netip.AddrPort]bool{}
		for _, plan := range append([]cache.AddressPlan{cache.PlanLoopback}, s.Plans...) {
			at, err := p.Propose(p.context(), provider.Place{Group: "g", Node: node, Link: true, Plan: plan, Port: addressPort}, in(taken))
			if err != nil || at.Port() != addressPort || taken[at] {
				t.Errorf("plan %s: Propose() of a link = %v, %v", plan, at, err)
			}
			taken[at] = true
		}
	})
	s.check(t, "room", func(t *testing.T, p *plane) {
		if _, ok := p.Provider.(provider.RoomTeller); ok != s.Room {
			t.Errorf("the provider tells whether there is room: %t, want %t", ok, s.Room)
		}
	})
}

// proposals checks what is said of the places of one plan.
func (s Suite) proposals(t *testing.T, plan cache.AddressPlan) {
	s.check(t, "are proposed until none is left", func(t *testing.T, p *plane) {
		taken := map[netip.AddrPort]bool{}
		for len(taken) <= 100 {
			at, err := p.propose(plan, taken)
			if cache.IsKind(err, cache.KindCapacity) && len(taken) >= 2 {
				return
			}
			if err != nil || !at.IsValid() || taken[at] || !plan.SharesAddresses() && at.Port() != addressPort {
				t.Fatalf("with %d taken: Propose() = %v, %v", len(taken), at, err)
			}
			taken[at] = true
		}
		t.Errorf("more than %d addresses", len(taken))
	})
	s.check(t, "are of the network type", func(t *testing.T, p *plane) {
		for _, network := range s.Networks[plan] {
			at, err := p.Propose(p.context(), provider.Place{Group: "g", Node: node, Plan: plan, Network: network, Port: addressPort}, in(nil))
			if err != nil || cache.NetworkTypeOf(at.Addr()) != network {
				t.Errorf("Propose() of %s = %v, %v", network, at, err)
			}
		}
		if len(s.Networks[plan]) < 2 {
			return
		}
		pair := provider.Place{Group: "g", Node: node, Plan: plan, Network: cache.NetworkIPv4, Pair: true, Port: addressPort}
		first, err := p.Propose(p.context(), pair, in(nil))
		pair.Network, pair.Beside = cache.NetworkIPv6, first
		second, other := p.Propose(p.context(), pair, in(nil))
		if err != nil || other != nil || first.Port() != second.Port() || !first.Addr().Is4() || !second.Addr().Is6() {
			t.Errorf("a pair = %v, %v (%v, %v)", first, second, err, other)
		}
	})
	s.check(t, "are not reserved", func(t *testing.T, p *plane) {
		for range 300 {
			if _, err := p.propose(plan, nil); err != nil {
				t.Fatalf("Propose() = %v, and nobody has taken one", err)
			}
		}
	})
	s.check(t, "room", func(t *testing.T, p *plane) {
		teller, ok := p.Provider.(provider.RoomTeller)
		if !ok {
			return
		}
		if err := teller.Room(addressPort, wanted(plan, 2), in(nil)); err != nil {
			t.Errorf("Room(2) = %v", err)
		}
		if err := teller.Room(addressPort, wanted(plan, 101), in(nil)); !cache.IsKind(err, cache.KindCapacity) {
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
		at, err := p.propose(plan, nil)
		if err != nil {
			t.Fatal(err)
		}
		if teller.Occupied(at) {
			t.Errorf("%s was proposed and is occupied", at)
		}
	})
}

func (p *plane) propose(plan cache.AddressPlan, taken map[netip.AddrPort]bool) (netip.AddrPort, error) {
	return p.Propose(p.context(), provider.Place{Group: "g", Node: node, Plan: plan, Port: addressPort}, in(taken))
}

func in(taken map[netip.AddrPort]bool) func(netip.AddrPort) bool {
	return func(at netip.AddrPort) bool { return taken[at] }
}

func wanted(plan cache.AddressPlan, count int) replication.Wanted {
	switch plan {
	case cache.PlanHost:
		return replication.Wanted{Ports: count}
	case cache.PlanPool:
		return replication.Wanted{Pool: count}
	}
	return replication.Wanted{Addresses: count}
}
