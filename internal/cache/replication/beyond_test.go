package replication

import (
	"net/netip"
	"reflect"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
)

func withHost(s *Spec) { s.AddressPlan = cache.PlanHost }

func allowing(s *Spec) { s.Tags = []cache.Tag{{Key: cache.TagAllowPlaintext, Value: "true"}} }

func withoutTag(t cache.Tags) (cache.Tags, error) {
	return t.Without([]string{cache.TagAllowPlaintext})
}

// What other machines can reach has TLS, or its owner has said that it need not.
func TestPlaintextBeyondNeedsAWord(t *testing.T) {
	t.Parallel()
	for _, transit := range []cache.Transit{cache.TransitNone, cache.TransitPreferred, cache.TransitRequired} {
		for _, allowed := range []string{"", "false", "true"} {
			for _, plan := range cache.AddressPlans {
				spec := Spec{ID: "g", AddressPlan: plan, Transit: transit, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}
				if allowed != "" {
					spec.Tags = []cache.Tag{{Key: cache.TagAllowPlaintext, Value: allowed}}
				}
				_, err := NewGroup(spec, noon)
				refused := plan != cache.PlanLoopback && transit != cache.TransitRequired && allowed != "true"
				if refused != cache.IsKind(err, cache.KindCombination) || !refused && err != nil {
					t.Errorf("plan %s, transit %s, allowed %q: %v", plan, transit, allowed, err)
				}
			}
		}
	}
}

func TestPlaintextBeyondIsReachedByAWord(t *testing.T) {
	t.Parallel()
	g := newGroup(t, withHost)
	g.Status = cache.StatusAvailable
	toPreferred := Change{Transit: TransitUpdate{Mode: cache.TransitPreferred}, Immediately: true}
	if _, err := g.Modify(toPreferred, noon); !cache.IsKind(err, cache.KindCombination) || g.Transit != cache.TransitRequired {
		t.Fatalf("preferred without a word: %v", err)
	}
	allow := func(t cache.Tags) (cache.Tags, error) {
		return t.With([]cache.Tag{{Key: cache.TagAllowPlaintext, Value: "true"}})
	}
	if err := g.ChangeTags(g.ID, allow); err != nil {
		t.Fatal(err)
	}
	if err := g.ChangeTags(g.ID, withoutTag); err != nil {
		t.Errorf("the word is not taken back from a group with TLS: %v", err)
	}
	if err := g.ChangeTags(g.ID, allow); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Modify(toPreferred, noon); err != nil {
		t.Fatal(err)
	}
	g.Status = cache.StatusAvailable
	for _, mode := range []cache.Transit{cache.TransitPreferred, cache.TransitRequired} { // on its way there, and back
		g.Transit = mode
		if err := g.ChangeTags(g.ID, withoutTag); !cache.IsKind(err, cache.KindCombination) || !g.Tags.AllowsPlaintext() {
			t.Errorf("the word is taken back on the way to %s: %v", mode, err)
		}
		from := cache.TransitPreferred
		g.TransitFrom = &from
	}
	g.TransitFrom = nil
	if err := g.ChangeTags(g.ID, withoutTag); err != nil {
		t.Errorf("at the end: %v", err)
	}
}

func TestExposure(t *testing.T) {
	t.Parallel()
	secret := token.Generate().Digest()
	open := []user.Account{{ID: "off", NoPassword: true}, {ID: "open", On: true, NoPassword: true}}
	withUsers := func(s *Spec) { s.UserGroups = []string{"team"} }
	for _, test := range []struct {
		name     string
		spec     []func(*Spec)
		accounts []user.Account
		want     []cache.FactCode
	}{
		{"users", []func(*Spec){withHost, withUsers}, open[:1], nil},
		{"a user without a password", []func(*Spec){withHost, withUsers}, open, []cache.FactCode{cache.FactExposedOpenUser}},
		{"a user without a password, on loopback", []func(*Spec){withUsers}, open, nil},
		{"loopback", nil, nil, nil},
		{"plaintext", []func(*Spec){withHost, allowing, func(s *Spec) { s.Transit = cache.TransitNone }}, nil, []cache.FactCode{cache.FactExposedPlaintext, cache.FactExposedTokenless}},
		{"TLS", []func(*Spec){withHost}, nil, []cache.FactCode{cache.FactExposedTokenless}},
		{"token", []func(*Spec){withHost, func(s *Spec) { s.Token = &secret }}, nil, nil},
	} {
		exposure := newGroup(t, test.spec...).Exposure(test.accounts)
		if len(exposure) != len(test.want) {
			t.Errorf("%s: %v", test.name, exposure)
			continue
		}
		for i, s := range exposure {
			if s.Fact.Code != test.want[i] {
				t.Errorf("%s: %s, want %s", test.name, s.Fact.Code, test.want[i])
			}
		}
	}
}

// A node that other machines reach has a link besides, which is its own address.
func TestPlacesBeyond(t *testing.T) {
	t.Parallel()
	spec := Spec{ID: "g", AddressPlan: cache.PlanHost, Transit: cache.TransitRequired, Replicas: 1, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}
	g, err := NewGroup(spec, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.Wanted(), (Wanted{Addresses: 2, Ports: 4}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v are wanted, not %+v", got, want)
	}
	port := uint16(7000)
	for _, p := range g.Unaddressed() {
		if g.WantsPort(p) == p.Link {
			t.Errorf("%+v wants a port: %t", p, g.WantsPort(p))
		}
		port++
		g.Address(p, netip.AddrPortFrom(netip.MustParseAddr("10.9.0.7"), port))
	}
	if len(g.Addresses()) != 6 || len(g.Unaddressed()) != 0 {
		t.Errorf("addresses %v, none at %v", g.Addresses(), g.Unaddressed())
	}
	for _, n := range g.Nodes() {
		if n.ServiceAddress() != n.Link || g.IsShared(n.Link) || !g.IsShared(n.Address) {
			t.Errorf("node %+v", n)
		}
	}
	at := g.Nodes()[0].Address
	if g.Host(at, "") != "10.9.0.7" || g.Host(at, "cache.example.com") != "cache.example.com" {
		t.Errorf("%s is called %s, or %s", at, g.Host(at, ""), g.Host(at, "cache.example.com"))
	}
	if g.PoolAddresses() != nil {
		t.Errorf("%v are of a pool", g.PoolAddresses())
	}
	g.AddressPlan = cache.PlanLoopback
	if g.Host(at, "cache.example.com") != "10.9.0.7" {
		t.Error("a name for other machines is given to what they do not reach")
	}
}

// Of the plan pool every place has an address of its own, and nodes have a link besides.
func TestPlacesOfAPool(t *testing.T) {
	t.Parallel()
	g := newGroup(t, func(s *Spec) { s.AddressPlan, s.Replicas, s.Transit = cache.PlanPool, 1, cache.TransitRequired })
	if got := g.PoolAddresses(); len(got) != 4 {
		t.Errorf("%v are of the pool", got)
	}
	g.Shards[0].PrimaryEndpoint, g.Shards[0].Nodes[1].Link = netip.AddrPort{}, netip.AddrPort{}
	if got, want := g.Wanted(), (Wanted{Addresses: 1, Pool: 1}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v are wanted, not %+v", got, want)
	}
	n := g.Nodes()[0]
	if len(g.PoolAddresses()) != 3 || n.ServiceAddress() != n.Link || g.IsShared(n.Address) || g.IsShared(n.Link) {
		t.Errorf("of the pool %v, node %+v", g.PoolAddresses(), n)
	}
	if got := g.Host(n.Address, "cache.example.com"); got != n.Address.Addr().String() {
		t.Errorf("an address of its own is called %s", got)
	}
}

// Places whose address is gone get another, which is told; links and all others stay.
func TestRehome(t *testing.T) {
	t.Parallel()
	g := newGroup(t, withHost)
	gone := g.Nodes()[1].Address
	before := g.Addresses()
	to := netip.MustParseAddrPort("10.9.0.8:7000")
	events, err := g.Rehome(func(at netip.AddrPort) (netip.AddrPort, error) {
		if at == gone {
			return to, nil
		}
		return at, nil
	}, noon)
	if err != nil || len(events) != 1 || g.Nodes()[1].Address != to {
		t.Fatalf("%v, %v, node %+v", events, err, g.Nodes()[1])
	}
	want := "Address " + gone.String() + " of node orders-002 is not one of this machine's any more; clients connect to 10.9.0.8:7000 instead"
	if events[0].Message != want {
		t.Errorf("%q is told, want %q", events[0].Message, want)
	}
	changed := 0
	for i, at := range g.Addresses() {
		if at != before[i] {
			changed++
		}
	}
	if changed != 1 {
		t.Errorf("%v became %v", before, g.Addresses())
	}
}
