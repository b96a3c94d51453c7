package subnet

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

var abc = []string{"a", "b", "c"}

// Subnets that nobody was asked of are spread over the zones, and stay where they are when others come and go.
func TestSpread(t *testing.T) {
	t.Parallel()
	g, err := New(Spec{Name: "a", SubnetIDs: strings.Fields("subnet-1 subnet-2 subnet-3 subnet-4"), RegionZones: abc}, noon)
	if err != nil || !slices.Equal(g.Zones, []string{"a", "b", "c", "a"}) || !slices.Equal(g.NodeZones(abc), abc) {
		t.Fatalf("%+v, %v", g, err)
	}
	for _, c := range []struct{ ids, zones string }{
		{"subnet-4 subnet-2", "a b"}, {"subnet-5 subnet-2 subnet-4", "c b a"}, {"subnet-6 subnet-2", "a b"},
	} {
		if err := g.Modify(Change{SubnetIDs: strings.Fields(c.ids), RegionZones: abc}); err != nil || strings.Join(g.Zones, " ") != c.zones {
			t.Errorf("%s: %v, %v; want %s", c.ids, g.Zones, err, c.zones)
		}
	}
	early := &Group{Name: "early", SubnetIDs: strings.Fields("subnet-1 subnet-2 subnet-3 subnet-4")}
	if early.ZoneOf(3, abc) != "a" || !slices.Equal(early.NodeZones(abc), abc) {
		t.Errorf("a group of an early release is in %v", early.NodeZones(abc))
	}
	if err := early.Modify(Change{SubnetIDs: []string{"subnet-3"}, RegionZones: abc}); err != nil || early.ZoneOf(0, abc) != "c" {
		t.Errorf("its subnet went to %v: %v", early.Zones, err)
	}
}

// A zone without a subnet is refused if the subnets are known.
func TestCheckZone(t *testing.T) {
	t.Parallel()
	g := &Group{Name: "g", VPC: "vpc-1", SubnetIDs: []string{"subnet-1", "subnet-2", "subnet-3"}, Zones: []string{"a", "b", "a"}}
	err := g.CheckZone("c")
	if want := "No subnet is present in the cache subnet group for availability zone c. The subnets of g are in a, b."; !cache.IsKind(err, cache.KindState) || err.Error() != want {
		t.Errorf("c: %v", err)
	}
	if err := g.CheckZone("b"); err != nil {
		t.Errorf("b: %v", err)
	}
	g.VPC = ""
	if err := g.CheckZone("c"); err != nil {
		t.Errorf("nobody was asked: %v", err)
	}
}

// A subnet stays while nodes are in it: one has its address, or is in its zone, which has no other subnet.
func TestSubnetsInUse(t *testing.T) {
	t.Parallel()
	found := []Subnet{
		{"subnet-1", "vpc-1", "a", netip.MustParsePrefix("10.1.1.0/24")}, {ID: "subnet-2", VPC: "vpc-1", Zone: "b"},
		{"subnet-3", "vpc-1", "a", netip.MustParsePrefix("10.1.3.0/24")}, {ID: "subnet-4", VPC: "vpc-1", Zone: "c"},
	}
	nodes := []Node{{"far", "z", netip.Addr{}}, {"g-001", "a", netip.MustParseAddr("10.1.3.7")}, {"g-002", "b", netip.MustParseAddr("127.80.0.1")}}
	for ids, kind := range map[string]cache.Kind{
		"subnet-1 subnet-2 subnet-3": "", "subnet-2 subnet-3": "", "subnet-4 subnet-2 subnet-3": "",
		"subnet-1 subnet-2": cache.KindInUse, "subnet-1 subnet-3": cache.KindInUse, "subnet-2 subnet-4": cache.KindInUse, "subnet-1 x": cache.KindInvalid,
	} {
		g, err := New(Spec{Name: "g", SubnetIDs: strings.Fields("subnet-1 subnet-2 subnet-3"), Found: found}, noon)
		if err != nil {
			t.Fatal(err)
		}
		err = g.Modify(Change{SubnetIDs: strings.Fields(ids), RegionZones: abc, Nodes: nodes, Found: found})
		if (err != nil || kind != "") && !cache.IsKind(err, kind) || (err == nil) != slices.Equal(g.SubnetIDs, strings.Fields(ids)) {
			t.Errorf("%s: %v, %v", ids, g.SubnetIDs, err)
		}
	}
	made := &Group{Name: "g", SubnetIDs: []string{"subnet-1", "subnet-2"}, Zones: []string{"a", "b"}}
	if err := made.Modify(Change{SubnetIDs: []string{"subnet-2"}, RegionZones: abc, Nodes: nodes}); err != nil {
		t.Errorf("nobody was asked: %v", err)
	}
}

func TestNetworksIn(t *testing.T) {
	t.Parallel()
	one, two, three := netip.MustParsePrefix("10.1.1.0/24"), netip.MustParsePrefix("10.1.2.0/24"), netip.MustParsePrefix("10.1.3.0/24")
	g := &Group{SubnetIDs: strings.Fields("subnet-1 subnet-2 subnet-3 subnet-4"), Zones: strings.Fields("a b a c"), Networks: []netip.Prefix{one, two, three, {}}}
	for zone, want := range map[string][]netip.Prefix{"": {one, two, three}, "a": {one, three}, "b": {two}, "c": nil, "z": nil} {
		if got := g.NetworksIn(zone); !slices.Equal(got, want) {
			t.Errorf("in zone %q: %v, want %v", zone, got, want)
		}
	}
	if got := (&Group{SubnetIDs: []string{"subnet-1"}}).NetworksIn(""); got != nil {
		t.Errorf("nobody was asked: %v", got)
	}
	order := [][]netip.Prefix{nil, {one, two}, {one}}
	slices.SortFunc(order, CompareNarrow)
	if len(order[0]) != 1 || len(order[1]) != 2 {
		t.Errorf("in the order %v", order)
	}
}
