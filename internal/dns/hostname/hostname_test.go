package hostname_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/dns/hostname"
)

func newGroup(t rapid.TB, spec replication.Spec) *replication.Group {
	t.Helper()
	spec.EngineVersion = cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}
	g, err := replication.NewGroup(spec, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	address := netip.MustParseAddr("127.80.0.1")
	err = g.AssignAddresses(func() (netip.Addr, error) {
		address = address.Next()
		return address, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNamesAsShown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		spec replication.Spec
		want []string // primary endpoint, reader endpoint, first node
	}{
		{replication.Spec{ID: "shop", Replicas: 1, Transit: cache.TransitRequired},
			[]string{"master.shop.cache.internal", "replica.shop.cache.internal", "shop-001.shop.cache.internal"}},
		{replication.Spec{ID: "shop", Replicas: 1},
			[]string{"shop.ng.0001.cache.internal", "shop-ro.ng.0001.cache.internal", "shop-001.0001.cache.internal"}},
		{replication.Spec{ID: "shop", Replicas: 1, Transit: cache.TransitPreferred},
			[]string{"master.shop.cache.internal", "replica.shop.cache.internal", "shop-001.shop.cache.internal"}},
		// shop-ro.ng.0001 is the reader endpoint of a group called "shop".
		{replication.Spec{ID: "shop-ro", Replicas: 1},
			[]string{"master.shop-ro.cache.internal", "shop-ro-ro.ng.0001.cache.internal", "shop-ro-001.0001.cache.internal"}},
		{replication.Spec{ID: "alone", Standalone: true}, []string{"alone.0001.cache.internal"}},
		{replication.Spec{ID: "alone", Standalone: true, Transit: cache.TransitRequired}, []string{"alone.0001.cache.internal"}},
	} {
		g := newGroup(t, test.spec)
		var got []string
		for _, address := range g.Addresses()[:len(test.want)] {
			got = append(got, hostname.Default.Of(g, address))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", test.spec, diff)
		}
	}
}

func TestCertified(t *testing.T) {
	t.Parallel()
	g := newGroup(t, replication.Spec{ID: "shop", Replicas: 1, Transit: cache.TransitRequired})
	want := []string{
		"master.shop.a.test", "replica.shop.a.test", "shop-002.shop.a.test",
		"shop-ro.ng.0001.a.test", "shop-002.0001.a.test", "shop.ng.0001.a.test",
	}
	if diff := cmp.Diff(want, hostname.Domain("a.test").Certified(g, &g.Shards[0].Nodes[1])); diff != "" {
		t.Error(diff)
	}
	if names := hostname.Domain("").Certified(g, g.Shards[0].Primary()); names != nil {
		t.Errorf("without a domain: %q", names)
	}
	alone := newGroup(t, replication.Spec{ID: "alone", Standalone: true, Transit: cache.TransitRequired})
	if diff := cmp.Diff([]string{"alone.0001.a.test"}, hostname.Domain("a.test").Certified(alone, alone.Shards[0].Primary())); diff != "" {
		t.Error(diff)
	}
}

var anyTransit = rapid.SampledFrom([]cache.Transit{cache.TransitNone, cache.TransitPreferred, cache.TransitRequired})

// Every name that is shown or certified means what it was made for, whatever the ids.
func TestNamesAreRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(
			rapid.SampledFrom([]string{"ng", "ns", "master", "replica", "a-ro", "a-ro-ro", "master-001"}),
			rapid.StringMatching(`[a-z](-?[a-z0-9]){0,19}(-ro)?`),
		).Draw(t, "id")
		g := newGroup(t, replication.Spec{
			ID: id, Replicas: rapid.IntRange(1, 5).Draw(t, "replicas"), Transit: anyTransit.Draw(t, "transit"),
		})
		expect := func(name string, kind hostname.Kind, group, node string) {
			t.Helper()
			m := hostname.Read(strings.Split(strings.TrimSuffix(name, ".cache.internal"), "."))
			if m.Kind != kind || m.GroupID != group || m.NodeID != node {
				t.Fatalf("%s means %+v", name, m)
			}
		}
		expect(hostname.Default.Primary(g), hostname.Primary, id, "")
		expect(hostname.Default.Reader(g), hostname.Reader, id, "")
		for i := range g.Shards[0].Nodes {
			node := &g.Shards[0].Nodes[i]
			names := hostname.Default.Certified(g, node)
			expect(names[0], hostname.Primary, id, "")
			expect(names[1], hostname.Reader, id, "")
			expect(names[2], hostname.Node, id, node.ID)
			expect(names[3], hostname.Reader, id, "")
			expect(names[4], hostname.LoneNode, "", node.ID)
			if len(names) > 5 {
				expect(names[5], hostname.Primary, id, "")
			}
			if g.Transit.TLS() {
				expect(hostname.Default.Node(g, node), hostname.Node, id, node.ID)
			} else {
				expect(hostname.Default.Node(g, node), hostname.LoneNode, "", node.ID)
			}
		}
	})
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]hostname.Domain{
		"cache.internal": "cache.internal", "Cache.Internal.": "cache.internal", "internal": "internal",
		"": "", ".": "", "a..b": "", "-a.test": "", "a_b.test": "", "caché.test": "", "a.test..": "", " a.test": "",
		strings.Repeat("a", 64) + ".test": "", strings.Repeat("a.", 100) + "test": "",
	} {
		got, err := hostname.Parse(text)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	longest, err := hostname.Parse(strings.Repeat("a.", 81) + "lan.a")
	if err != nil || len(longest) != 167 {
		t.Fatal(longest, err)
	}
	id := strings.Repeat("a", 40)
	g := newGroup(t, replication.Spec{ID: id, Transit: cache.TransitRequired})
	if name := longest.Node(g, g.Shards[0].Primary()); len(name) != 253 {
		t.Errorf("the longest name has %d characters", len(name))
	}
}
