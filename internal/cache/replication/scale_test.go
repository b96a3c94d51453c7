package replication

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
)

// scalable is an available group "orders" whose nodes are in the given zones, the
// primary first.
func scalable(t *testing.T, edit func(*Spec), zones ...string) *Group {
	t.Helper()
	g := newGroup(t, func(s *Spec) {
		s.Zones, s.Replicas = zones, len(zones)-1
		if edit != nil {
			edit(s)
		}
	})
	g.Settle(noon, nil)
	return g
}

func available(s *Spec) { s.AutomaticFailover = true }
func multiAZ(s *Spec)   { s.AutomaticFailover, s.MultiAZ = true, true }

// shape is the nodes that stay, as number@zone.
func shape(g *Group) string {
	var nodes []string
	for _, n := range g.Shards[0].Nodes {
		if n.Status != cache.StatusDeleting {
			nodes = append(nodes, strings.TrimPrefix(n.ID, "orders-00")+"@"+n.Zone)
		}
	}
	return strings.Join(nodes, " ")
}

// TestPlace: each node goes where the fewest are, with and without Multi-AZ, and only to zones that the subnets are in.
func TestPlace(t *testing.T) {
	t.Parallel()
	grown := func(add int, had ...string) *Group {
		g := scalable(t, nil, had...)
		if _, err := g.AddReplicas(make([]string, add), noon); err != nil {
			t.Fatal(err)
		}
		return g
	}
	for name, c := range map[string]struct {
		group *Group
		zones []string
		want  string
	}{
		"new, Multi-AZ":       {newGroup(t, func(s *Spec) { s.Replicas = 3; multiAZ(s) }), zones, "1@us-east-1a 2@us-east-1b 3@us-east-1c 4@us-east-1a"},
		"new, without":        {newGroup(t, available), zones, "1@us-east-1a 2@us-east-1b 3@us-east-1c"},
		"one zone":            {grown(1, "z"), []string{"z"}, "1@z 2@z"},
		"beside others":       {grown(2, "b", "a", "b"), []string{"a", "b", "c"}, "1@b 2@a 3@b 4@c 5@a"},
		"zones without nodes": {grown(2, "a", "a"), []string{"b"}, "1@a 2@a 3@b 4@b"},
	} {
		if c.group.Place(c.zones); shape(c.group) != c.want {
			t.Errorf("%s: %s, want %s", name, shape(c.group), c.want)
		}
	}
}

func TestIncreaseReplicas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zones []string
		edit  func(*Spec)
		count int
		add   []string
		want  string
		kind  cache.Kind
	}{
		"first":                    {zones: []string{"a"}, count: 1, want: "1@a 2@b"},
		"to five":                  {zones: []string{"a", "b"}, count: 5, want: "1@a 2@b 3@c 4@a 5@b 6@c"},
		"Multi-AZ fills up":        {zones: []string{"a", "c"}, edit: multiAZ, count: 3, want: "1@a 2@c 3@b 4@a"},
		"zones in any order":       {zones: []string{"a", "b"}, count: 3, add: []string{"c", "b", "a", "a"}, want: "1@a 2@b 3@c 4@a"},
		"zones without one's node": {zones: []string{"a", "b"}, count: 2, add: []string{"a", "c", "c"}, kind: cache.KindCombination},
		"too few zones":            {zones: []string{"a", "b"}, count: 2, add: []string{"a", "b"}, kind: cache.KindCombination},
		"no zone's name":           {zones: []string{"a", "b"}, count: 2, add: []string{"a", "b", "<c>"}, kind: cache.KindInvalid},
		"as it is":                 {zones: []string{"a", "b"}, count: 1, kind: cache.KindNoOperation},
		"fewer":                    {zones: []string{"a", "b"}, count: 0, kind: cache.KindInvalid},
		"six":                      {zones: []string{"a", "b"}, count: 6, kind: cache.KindQuota},
		"negative":                 {zones: []string{"a", "b"}, count: -1, kind: cache.KindInvalid},
	} {
		g := scalable(t, c.edit, c.zones...)
		events, err := g.IncreaseReplicas(c.count, c.add, noon)
		if c.kind != "" {
			if !cache.IsKind(err, c.kind) || g.Status != cache.StatusAvailable || len(g.Shards[0].Nodes) != len(c.zones) {
				t.Errorf("%s: %v, %s, %s", name, err, g.Status, shape(g))
			}
			continue
		}
		g.Place([]string{"a", "b", "c"})
		if err != nil || shape(g) != c.want || g.Status != cache.StatusModifying || len(events) != 1 {
			t.Errorf("%s: %s, %s, %v, %v; want %s", name, shape(g), g.Status, events, err, c.want)
			continue
		}
		for _, n := range g.Shards[0].Nodes[len(c.zones):] {
			if n.Status != cache.StatusCreating || n.UID == "" || n.Tags["team"] != "shop" || n.CreatedAt != noon {
				t.Errorf("%s: new node %+v", name, n)
			}
		}
	}
}

func TestAddressesOfNewReplicas(t *testing.T) {
	t.Parallel()
	g := scalable(t, nil, "a")
	before := g.Addresses()
	if _, err := g.IncreaseReplicas(2, nil, noon); err != nil {
		t.Fatal(err)
	}
	next := netip.MustParseAddr("127.81.0.1")
	if err := g.AssignAddresses(func() (netip.Addr, error) { next = next.Next(); return next, nil }); err != nil {
		t.Fatal(err)
	}
	if got := g.Addresses(); len(got) != len(before)+2 || len(before) != 3 || !slices.Contains(got, before[0]) || !slices.Contains(got, before[1]) {
		t.Errorf("addresses %v, before %v", got, before)
	}
	g.Settle(noon, nil)
	reader := g.Shards[0].ReaderEndpoint
	if _, err := g.DecreaseReplicas(0, nil, nil, noon); err != nil {
		t.Fatal(err)
	}
	if len(g.Addresses()) != 5 {
		t.Errorf("nodes that are going gave their addresses up: %v", g.Addresses())
	}
	g.DropRemoved(noon)
	if len(g.Addresses()) != 3 || g.Shards[0].ReaderEndpoint != reader {
		t.Errorf("left: %v; the reader endpoint was %s", g.Addresses(), reader)
	}
}

func TestDecreaseReplicas(t *testing.T) {
	t.Parallel()
	four := []string{"a", "b", "a", "c"}
	for name, c := range map[string]struct {
		zones  []string
		edit   func(*Spec)
		count  int
		stay   []string
		remove []string
		want   string
		kind   cache.Kind
		text   string
	}{
		"highest of one zone":      {zones: []string{"a", "a", "a"}, count: 1, want: "1@a 2@a"},
		"fullest zone first":       {zones: four, count: 2, want: "1@a 2@b 4@c"},
		"then highest":             {zones: four, count: 1, want: "1@a 2@b"},
		"all":                      {zones: four, count: 0, want: "1@a"},
		"by id":                    {zones: four, count: 1, remove: []string{"orders-004", "orders-002"}, want: "1@a 3@a"},
		"by zones":                 {zones: four, count: 1, stay: []string{"c", "a"}, want: "1@a 4@c"},
		"zones that are not there": {zones: four, count: 1, stay: []string{"a", "d"}, kind: cache.KindCombination},
		"no zone for the primary":  {zones: four, count: 1, stay: []string{"b", "c"}, kind: cache.KindCombination, text: "orders-001"},
		"another number of ids":    {zones: four, count: 1, remove: []string{"orders-004"}, kind: cache.KindCombination},
		"the primary":              {zones: four, count: 2, remove: []string{"orders-001"}, kind: cache.KindInvalid, text: "serving as primary"},
		"one twice":                {zones: four, count: 1, remove: []string{"orders-002", "orders-002"}, kind: cache.KindInvalid, text: "twice"},
		"one of another group":     {zones: four, count: 2, remove: []string{"other-002"}, kind: cache.KindInvalid, text: "not part of"},
		"as it is":                 {zones: four, count: 3, kind: cache.KindNoOperation},
		"more":                     {zones: four, count: 4, kind: cache.KindInvalid},
		"negative":                 {zones: four, count: -1, kind: cache.KindInvalid},
		"last with failover":       {zones: []string{"a", "b"}, edit: available, count: 0, kind: cache.KindInvalid, text: "auto failover enabled."},
		"last with Multi-AZ":       {zones: []string{"a", "b"}, edit: multiAZ, count: 0, kind: cache.KindInvalid, text: "Multi-AZ enabled"},
		"all but one with both":    {zones: four, edit: multiAZ, count: 1, want: "1@a 2@b"},
	} {
		g := scalable(t, c.edit, c.zones...)
		_, err := g.DecreaseReplicas(c.count, c.stay, c.remove, noon)
		if c.kind != "" {
			if !cache.IsKind(err, c.kind) || !strings.Contains(err.Error(), c.text) || g.Status != cache.StatusAvailable || len(strings.Fields(shape(g))) != len(c.zones) {
				t.Errorf("%s: %v, %s, %s", name, err, g.Status, shape(g))
			}
			continue
		}
		if err != nil || shape(g) != c.want || g.Status != cache.StatusModifying || len(g.Shards[0].Nodes) != len(c.zones) {
			t.Errorf("%s: %s, %s, %v; want %s", name, shape(g), g.Status, err, c.want)
			continue
		}
		if events := g.DropRemoved(noon); len(events) != len(c.zones)-len(g.Shards[0].Nodes) || shape(g) != c.want {
			t.Errorf("%s: after the drop %s, %v", name, shape(g), events)
		}
	}
}

// TestNumbersAreReused sees that a new replica takes the lowest number that is free,
// with a UID of its own.
func TestNumbersAreReused(t *testing.T) {
	t.Parallel()
	g := scalable(t, nil, "a", "a", "a", "a")
	old := g.Node("orders-002").UID
	if _, err := g.RemoveReplicas([]string{"orders-002"}, noon); err != nil {
		t.Fatal(err)
	}
	g.DropRemoved(noon)
	g.Settle(noon, nil)
	if _, err := g.IncreaseReplicas(4, nil, noon); err != nil {
		t.Fatal(err)
	}
	if got := shape(g); got != "1@a 3@a 4@a 2@ 5@" || g.Node("orders-002").UID == old {
		t.Errorf("nodes: %s", got)
	}
}

func TestMembersOfTheirOwnName(t *testing.T) {
	t.Parallel()
	g := scalable(t, nil, "a")
	if _, err := g.AddReplica("Reports", "b", []cache.Tag{{Key: "use", Value: "reports"}}, noon); err != nil {
		t.Fatal(err)
	}
	n := g.Node("reports")
	if n == nil || n.Zone != "b" || n.Tags["use"] != "reports" || n.Tags["team"] != "shop" || g.Tags["use"] != "" {
		t.Fatalf("added %+v to %+v", n, g)
	}
	g.Settle(noon, nil)
	for id, kind := range map[string]cache.Kind{"reports": cache.KindExists, "no_name": cache.KindInvalid} {
		if _, err := g.AddReplica(id, "", nil, noon); !cache.IsKind(err, kind) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := g.RemoveMember("orders-001", noon); !cache.IsKind(err, cache.KindState) || !strings.Contains(err.Error(), "serving as primary") {
		t.Errorf("the primary: %v", err)
	}
	on := true
	if _, err := g.Modify(Change{AutomaticFailover: &on}, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := g.RemoveMember("reports", noon); !cache.IsKind(err, cache.KindState) || !strings.Contains(err.Error(), "only read replica") {
		t.Errorf("the last with automatic failover: %v", err)
	}
	g.AutomaticFailover = false
	if _, err := g.RemoveMember("reports", noon); err != nil || !g.Leaving(g.Node("reports")) {
		t.Errorf("the last: %v", err)
	}
	g.DropRemoved(noon)
	g.Settle(noon, nil)
	if _, err := g.RemoveMember("orders-001", noon); !cache.IsKind(err, cache.KindState) || !strings.Contains(err.Error(), "only member") {
		t.Errorf("the only one: %v", err)
	}
}

// A group in which something is under way is not scaled.
func TestScalingNeedsQuiet(t *testing.T) {
	t.Parallel()
	for name, disturb := range map[string]func(*Group){
		"modifying": func(g *Group) { g.Status = cache.StatusModifying },
		"failover":  func(g *Group) { g.Shards[0].Failover = &Failover{Cause: CauseCrash} },
	} {
		g := scalable(t, nil, "a", "b")
		disturb(g)
		for what, scale := range map[string]func() ([]cache.Event, error){
			"increase": func() ([]cache.Event, error) { return g.IncreaseReplicas(2, nil, noon) },
			"decrease": func() ([]cache.Event, error) { return g.DecreaseReplicas(0, nil, nil, noon) },
			"add":      func() ([]cache.Event, error) { return g.AddReplica("x", "", nil, noon) },
			"remove":   func() ([]cache.Event, error) { return g.RemoveMember("orders-002", noon) },
		} {
			if _, err := scale(); !cache.IsKind(err, cache.KindState) || shape(g) != "1@a 2@b" {
				t.Errorf("%s during %s: %v, %s", what, name, err, shape(g))
			}
		}
	}
}

// TestScalingHolds scales up and down at random, with roles that move, and looks for
// what must never be.
func TestScalingHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		g := scalable(t, multiAZ, "local-1a", "local-1b")
		uids := map[string]bool{}
		for range rapid.IntRange(1, 20).Draw(r, "steps") {
			g.Shards[0].PrimaryID = rapid.SampledFrom(g.Shards[0].Nodes).Draw(r, "primary").ID
			count := rapid.IntRange(-1, 7).Draw(r, "count")
			scale := g.IncreaseReplicas
			if count < len(g.Shards[0].Replicas()) {
				scale = func(count int, _ []string, _ time.Time) ([]cache.Event, error) {
					return g.DecreaseReplicas(count, nil, nil, noon)
				}
			}
			_, err := scale(count, nil, noon)
			g.Place(zones)
			g.DropRemoved(noon)
			g.Settle(noon, nil)
			if err == nil && len(g.Shards[0].Replicas()) != count {
				r.Fatalf("%d replicas, want %d", len(g.Shards[0].Replicas()), count)
			}
			if g.Shards[0].Primary() == nil || len(g.Shards[0].Replicas()) < 1 || len(g.Shards[0].Replicas()) > ReplicasMax {
				r.Fatalf("primary %v and %d replicas", g.Shards[0].Primary(), len(g.Shards[0].Replicas()))
			}
			used, ids := g.nodesByZone(), map[string]bool{}
			for _, n := range g.Shards[0].Nodes {
				ids[n.ID], uids[n.UID] = true, true
			}
			if len(ids) != len(g.Shards[0].Nodes) || len(used) < 2 {
				r.Fatalf("nodes %v in zones %v", ids, used)
			}
		}
	})
}
