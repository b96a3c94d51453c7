package replication

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// zones are those that the subnets of new groups are in.
var zones = []string{"us-east-1a", "us-east-1b", "us-east-1c"}

func newGroup(t *testing.T, edits ...func(*Spec)) *Group {
	t.Helper()
	spec := Spec{
		ID: "Orders", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Replicas: 2, Transit: cache.TransitRequired,
		Tags: []cache.Tag{{Key: "team", Value: "shop"}},
	}
	for _, edit := range edits {
		if edit != nil {
			edit(&spec)
		}
	}
	g, err := NewGroup(spec, noon)
	if err != nil {
		t.Fatal(err)
	}
	g.Place(zones)
	next := netip.MustParseAddr("127.80.0.1")
	if err := g.AssignAddresses(func() (netip.Addr, error) { next = next.Next(); return next, nil }); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNewReplicationGroup(t *testing.T) {
	t.Parallel()
	g := newGroup(t, nil)
	if g.ID != "orders" || g.Key() != "replicationgroup:orders" || g.Status != cache.StatusCreating {
		t.Errorf("got %s, %s, %s", g.ID, g.Key(), g.Status)
	}
	if got := g.Shards[0].Nodes[2].ID; got != "orders-003" {
		t.Errorf("third node is %s", got)
	}
	if len(g.Addresses()) != 5 {
		t.Errorf("addresses %v, want one each for three nodes and two endpoints", g.Addresses())
	}
	if !g.Tokens.Passwordless() {
		t.Errorf("a group without a token holds %s", g.Tokens)
	}
}

func TestNewReplicationGroupRefuses(t *testing.T) {
	t.Parallel()
	token := t1
	for name, edit := range map[string]func(*Spec){
		"no id":                func(s *Spec) { s.ID = "" },
		"id with underscore":   func(s *Spec) { s.ID = "a_b" },
		"id ends in hyphen":    func(s *Spec) { s.ID = "a-" },
		"two hyphens":          func(s *Spec) { s.ID = "a--b" },
		"id begins with digit": func(s *Spec) { s.ID = "1a" },
		"long id":              func(s *Spec) { s.ID = strings.Repeat("a", 41) },
		"path in id":           func(s *Spec) { s.ID = "../a" },
		"node type":            func(s *Spec) { s.NodeType = "cache.huge" },
		"six replicas":         func(s *Spec) { s.Replicas = 6 },
		"negative replicas":    func(s *Spec) { s.Replicas = -1 },
		"low port":             func(s *Spec) { s.Port = 80 },
		"zones":                func(s *Spec) { s.Zones = []string{"a"} },
		"window":               func(s *Spec) { s.MaintenanceWindow = "sun:23:00-sun:23:30" },
		"snapshot window":      func(s *Spec) { s.SnapshotWindow = "25:00-26:00" },
		"reserved tag":         func(s *Spec) { s.Tags = []cache.Tag{{Key: "aws:x", Value: "y"}} },
		"token without TLS":    func(s *Spec) { s.Transit, s.Token = cache.TransitNone, &token },
	} {
		spec := Spec{ID: "orders", EngineVersion: cache.EngineVersion{Engine: cache.EngineRedis, Version: "7.0.15"}, Transit: cache.TransitRequired, Replicas: 1}
		edit(&spec)
		if g, err := NewGroup(spec, noon); err == nil {
			t.Errorf("%s: made %+v", name, g)
		}
	}
}

// TestLife walks a group through its states and tries what each forbids.
func TestLife(t *testing.T) {
	t.Parallel()
	g := newGroup(t, nil)
	rotate := Change{Token: &token.Update{Digest: &t1}, Immediately: true}
	if _, err := g.Modify(rotate, noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("modify while creating: %v", err)
	}
	if _, err := g.Delete(noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("delete while creating: %v", err)
	}
	if events := g.Settle(noon, nil); g.Status != cache.StatusAvailable || len(events) != 7 {
		t.Fatalf("settled to %s with %v", g.Status, events)
	}
	if _, err := g.Modify(rotate, noon.Add(time.Hour)); err != nil || g.Status != cache.StatusModifying || g.TokenChange != token.StrategyRotate {
		t.Fatalf("rotate: %v, %s %s", err, g.Status, g.TokenChange)
	}
	if !g.TokensModifiedAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("modified at %s", g.TokensModifiedAt)
	}
	if _, err := g.Modify(rotate, noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("modify while modifying: %v", err)
	}
	if _, err := g.Delete(noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("delete while modifying: %v", err)
	}
	events := g.Settle(noon, nil)
	if g.Status != cache.StatusAvailable || g.TokenChange != "" || !g.PasswordlessOpen() {
		t.Fatalf("settled to %s, change %q", g.Status, g.TokenChange)
	}
	if last := events[len(events)-1].Message; !strings.Contains(last, "without a token") {
		t.Errorf("nobody is told that passwordless access is open: %q", last)
	}
	g.StatusReason = "the disk was full for a moment"
	if g.Settled() {
		t.Error("settled in spite of a problem")
	}
	if events := g.Settle(noon, nil); !g.Settled() || len(events) != 0 {
		t.Errorf("the problem stayed, or was told: %v", events)
	}
	if _, err := g.Delete(noon); err != nil || g.Status != cache.StatusDeleting {
		t.Fatalf("delete: %v, %s", err, g.Status)
	}
	if _, err := g.Delete(noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("delete while deleting: %v", err)
	}
}

func TestModifyIsAllOrNothing(t *testing.T) {
	t.Parallel()
	g := newGroup(t, nil)
	g.Settle(noon, nil)
	description, window := "new", "nonsense"
	if _, err := g.Modify(Change{Description: &description, MaintenanceWindow: &window}, noon); err == nil || g.Description == "new" {
		t.Errorf("error %v, description %q", err, g.Description)
	}
	if _, err := g.Modify(Change{Description: &description}, noon); err != nil || g.Status != cache.StatusAvailable {
		t.Errorf("a description made the group %s (%v)", g.Status, err)
	}
	if _, err := g.Modify(Change{Description: &description}, noon); err != cache.ErrNoModification { //nolint:errorlint // it is returned as it is
		t.Errorf("the same again: %v", err)
	}
	if _, err := g.Modify(Change{Token: &token.Update{Digest: &t1, Strategy: token.StrategyDelete}}, noon); err != token.ErrDeleteUnsupported { //nolint:errorlint // as above
		t.Errorf("DELETE alone: %v", err)
	}
	plain := newGroup(t, func(s *Spec) { s.Transit = cache.TransitNone })
	plain.Settle(noon, nil)
	if _, err := plain.Modify(Change{Token: &token.Update{Digest: &t1}}, noon); err != token.ErrNeedsTLS { //nolint:errorlint // as above
		t.Errorf("token without TLS: %v", err)
	}
}

func TestNodeTypeWaitsForTheWindow(t *testing.T) {
	t.Parallel()
	g := newGroup(t, func(s *Spec) { s.MaintenanceWindow = "Tue:23:30-Wed:01:00" })
	g.Settle(noon, nil)
	nodeType := "cache.r7g.large"
	if _, err := g.Modify(Change{NodeType: &nodeType}, noon); err != nil || g.Status != cache.StatusAvailable || g.Deferred.NodeType != nodeType {
		t.Fatalf("%v, %s, deferred %+v", err, g.Status, g.Deferred)
	}
	if g.EnterWindow(noon) != nil { // a Monday
		t.Error("entered the window on Monday")
	}
	if midnight := time.Date(2026, 11, 25, 0, 10, 0, 0, time.UTC); g.EnterWindow(midnight) == nil || g.NodeType != nodeType || g.Status != cache.StatusModifying {
		t.Errorf("in the window: type %s, status %s", g.NodeType, g.Status)
	}
}

func TestCrashAndReboot(t *testing.T) {
	t.Parallel()
	g := newGroup(t, nil)
	g.Settle(noon, nil)
	if events := g.NoteCrash("orders-002", cache.Quote("signal: killed"), noon); len(events) != 2 || g.Node("orders-002").Status != cache.StatusRebooting {
		t.Errorf("crash: %v", events)
	}
	if events := g.NoteCrash("orders-002", cache.Quote("signal: killed"), noon); events != nil {
		t.Errorf("the same crash was told twice: %v", events)
	}
	if _, err := g.Reboot("orders-002", noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("reboot of a crashed node: %v", err)
	}
	if _, err := g.Reboot("orders-001", noon); err != nil || g.Node("orders-001").Incarnation != 2 || g.Status != cache.StatusAvailable {
		t.Errorf("reboot: %v", err)
	}
	if _, err := g.Reboot("nobody", noon); !cache.IsKind(err, cache.KindNotFound) {
		t.Errorf("reboot of nobody: %v", err)
	}
	g.Settle(noon, map[string]cache.Saying{"orders-002": cache.Say(cache.FactBackInSync)})
	if !g.Settled() || g.Node("orders-002").Crashed {
		t.Error("not settled")
	}
}

func TestTagsOfGroupAndNodes(t *testing.T) {
	t.Parallel()
	g := newGroup(t, nil)
	g.Settle(noon, nil)
	add := func(tags ...cache.Tag) func(cache.Tags) (cache.Tags, error) {
		return func(t cache.Tags) (cache.Tags, error) { return t.With(tags) }
	}
	if err := g.ChangeTags("orders-002", add(cache.Tag{Key: "zone", Value: "b"})); err != nil {
		t.Fatal(err)
	}
	if err := g.ChangeTags("orders", add(cache.Tag{Key: "cost", Value: "1"})); err != nil {
		t.Fatal(err)
	}
	if got := g.TagsOf("orders-002"); len(got) != 3 || got["cost"] != "1" {
		t.Errorf("node has %v", got)
	}
	if got := g.TagsOf("orders"); len(got) != 2 {
		t.Errorf("group has %v", got)
	}
	remove := func(t cache.Tags) (cache.Tags, error) { return t.Without([]string{"zone"}) }
	if err := g.ChangeTags("orders", remove); !cache.IsKind(err, cache.KindNotFound) || len(g.TagsOf("orders-002")) != 3 {
		t.Errorf("removing a node's tag from the group: %v, node has %v", err, g.TagsOf("orders-002"))
	}
}
