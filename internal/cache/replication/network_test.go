package replication

import (
	"errors"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

// dual is an available group of dual_stack: of every pair, both addresses have one port.
func dual(t *testing.T, plan cache.AddressPlan) *Group {
	t.Helper()
	g := newGroup(t, func(s *Spec) {
		s.AddressPlan, s.Replicas, s.Transit, s.NetworkType = plan, 1, cache.TransitRequired, cache.NetworkDualStack
	})
	for _, p := range g.places() {
		*g.placed(p) = netip.AddrPort{}
	}
	givePairs(t, g)
	g.Status = cache.StatusAvailable
	return g
}

func givePairs(t *testing.T, g *Group) {
	t.Helper()
	host4, host6 := netip.MustParseAddr("10.9.0.7"), netip.MustParseAddr("fd00::7")
	port := uint16(7000 + len(g.Addresses()))
	for _, p := range g.Unaddressed() {
		_, beside, isPair := g.Beside(p)
		if isPair != (g.NetworkOf(p) == cache.NetworkIPv6) {
			t.Errorf("%+v is to be of %s", p, g.NetworkOf(p))
		}
		if isPair {
			g.Address(p, netip.AddrPortFrom(host6, beside.Port()))
			continue
		}
		port++
		g.Address(p, netip.AddrPortFrom(host4, port))
	}
}

func TestDualStackPlaces(t *testing.T) {
	t.Parallel()
	bare, err := NewGroup(Spec{ID: "g", AddressPlan: cache.PlanHost, NetworkType: cache.NetworkDualStack, Transit: cache.TransitRequired, Replicas: 1,
		EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := bare.Wanted(), (Wanted{Addresses: 2, PortPairs: 4}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v are wanted, not %+v", got, want)
	}
	bare.AddressPlan = cache.PlanPool
	if got, want := bare.Wanted(), (Wanted{Addresses: 2, Pool: 4, Pool6: 4}); !reflect.DeepEqual(got, want) {
		t.Errorf("of the pool %+v are wanted, not %+v", got, want)
	}

	g := dual(t, cache.PlanHost)
	s, n := &g.Shards[0], g.Nodes()[0]
	if len(g.Addresses()) != 10 || len(g.Primaries(s)) != 2 || len(g.Readers(s)) != 2 || len(g.Own(n)) != 3 || len(g.ForClients(n)) != 2 {
		t.Errorf("it serves %v and %v, a node %v", g.Primaries(s), g.Readers(s), g.Own(n))
	}
	if g.whose(s.ReaderEndpoint6).Text != g.whose(s.ReaderEndpoint).Text || !g.IsShared(n.Address6) || n.ServiceAddress() != n.Link {
		t.Errorf("node %+v, shard %+v", n, s)
	}
}

// A move takes both families along, and gives both back.
func TestMoveOfDualStack(t *testing.T) {
	t.Parallel()
	g := dual(t, cache.PlanHost)
	before := g.Addresses()
	if _, err := g.BeginMove(MoveRequest{To: cache.PlanLoopback}, noon); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("to loopback: %v", err)
	}
	if _, err := g.BeginMove(MoveRequest{To: cache.PlanHost, Anew: true}, noon); err != nil {
		t.Fatal(err)
	}
	givePairs(t, g)
	s, n := &g.Shards[0], g.Nodes()[1]
	if len(g.Addresses()) != 18 || len(g.Primaries(s)) != 4 || len(g.Own(n)) != 5 || len(g.ForClients(n)) != 4 || len(g.Others()) != 8 {
		t.Errorf("while it is moved it has %v", g.Addresses())
	}
	g.settleMove(noon)
	if slices.Contains(before, s.PrimaryEndpoint6) || slices.Contains(before, n.Address6) || !slices.Contains(before, n.Other6) {
		t.Errorf("when the move is open: %+v", s)
	}
	g.closeOthers(false, noon)
	g.settleMove(noon)
	if len(g.Addresses()) != 10 || g.Move != nil {
		t.Errorf("after the move it has %v", g.Addresses())
	}
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	g := dual(t, cache.PlanPool)
	shown := func() netip.AddrPort { return g.Shown(g.Shards[0].PrimaryEndpoint, g.Shards[0].PrimaryEndpoint6) }
	if g.IPDiscovery() != cache.NetworkIPv4 || shown() != g.Shards[0].PrimaryEndpoint {
		t.Errorf("%s: %s is shown", g.IPDiscovery(), shown())
	}
	if _, err := g.Modify(Change{Discovery: "ipv6"}, noon); err != nil || g.Status != cache.StatusAvailable || shown() != g.Shards[0].PrimaryEndpoint6 {
		t.Errorf("%v, %s: %s is shown", err, g.Status, shown())
	}
	if _, err := g.Modify(Change{Discovery: "ipv6"}, noon); !errors.Is(err, cache.ErrNoModification) {
		t.Errorf("once more: %v", err)
	}
	if _, err := g.Modify(Change{Discovery: "both"}, noon); !cache.IsKind(err, cache.KindInvalid) {
		t.Errorf("of both: %v", err)
	}
}

// A group of an earlier release, which kept no network type, has that of its addresses; so has one whose addresses were lost.
func TestNetworkOfAddresses(t *testing.T) {
	t.Parallel()
	g := newGroup(t, withHost)
	if g.Network() != cache.NetworkIPv4 || g.IPDiscovery() != cache.NetworkIPv4 {
		t.Errorf("it is of %q", g.Network())
	}
	g.NetworkType = cache.NetworkIPv4
	_, err := g.Rehome(func(at netip.AddrPort) (netip.AddrPort, error) {
		return netip.AddrPortFrom(netip.MustParseAddr("fd00::7"), at.Port()), nil
	}, noon)
	if err != nil || g.Network() != cache.NetworkIPv6 {
		t.Errorf("at other addresses it is of %q (%v)", g.Network(), err)
	}
	if _, err := g.Modify(Change{Discovery: "ipv4"}, noon); err == nil {
		t.Error("answers are to show what it has not")
	}
}
