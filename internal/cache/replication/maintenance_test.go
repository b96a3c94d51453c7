package replication

import (
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
)

// TestStartMaintenance does what waits as the window would, and refuses what the window would put off.
func TestStartMaintenance(t *testing.T) {
	t.Parallel()
	waiting := func(change Change) *Group {
		g := newGroup(t, func(s *Spec) { s.MaintenanceWindow = "Tue:23:30-Wed:01:00" })
		g.Settle(noon, nil)
		if g.Due() {
			t.Error("something waits in a new group")
		}
		if _, err := g.Modify(change, noon); err != nil || !g.Due() {
			t.Fatalf("%v; waits: %t", err, g.Due())
		}
		return g
	}
	nodeType := "cache.t4g.medium"
	version := Change{Version: versionChange("8.1", cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.1.4"})}

	g := waiting(Change{NodeType: &nodeType})
	if events, err := g.StartMaintenance(noon); err != nil || len(events) != 1 || g.NodeType != nodeType || g.Status != cache.StatusModifying || g.Due() {
		t.Errorf("a node type: %v, %v; %s, %s", err, events, g.NodeType, g.Status)
	}
	g = waiting(version)
	if _, err := g.StartMaintenance(noon); err != nil || g.Version().Version != "8.1.4" || g.Upgrade == nil {
		t.Errorf("a version: %v; %s", err, g.Version())
	}

	inside := time.Date(2026, 11, 25, 0, 10, 0, 0, time.UTC)
	for name, busy := range map[string]func(*Group){
		"nothing waits":       func(g *Group) { g.Deferred = DeferredChanges{} },
		"it is being changed": func(g *Group) { g.Status = cache.StatusModifying },
		"a token is rotated":  func(g *Group) { g.Rotation = &rotation.Rotation{ID: "r", State: rotation.Waiting} },
		"a failover is under way": func(g *Group) {
			g.Shards[0].Failover = &Failover{ID: "f", DetectedAt: noon}
		},
	} {
		g := waiting(version)
		busy(g)
		if events, err := g.StartMaintenance(noon); !cache.IsKind(err, cache.KindState) || events != nil {
			t.Errorf("%s: %v, %v", name, err, events)
		}
		if events := g.EnterWindow(inside); events != nil || g.Upgrade != nil {
			t.Errorf("%s: the window has done it: %v", name, events)
		}
	}
}

// TestTakingBack: to ask for the present value takes back what waits, at once or not, and so does [Group.CancelMaintenance]; an event says so.
func TestTakingBack(t *testing.T) {
	t.Parallel()
	larger, version := "cache.t4g.medium", Change{Version: versionChange("8.1", cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.1.4"})}
	waiting := func() *Group {
		g := newGroup(t, nil)
		g.Settle(noon, nil)
		version.NodeType = &larger
		if events, err := g.Modify(version, noon); err != nil || len(events) != 2 {
			t.Fatalf("%v, %v", err, events)
		}
		return g
	}
	asItIs := waiting()
	same := Change{NodeType: &asItIs.NodeType, Version: &VersionChange{To: asItIs.Offer(), ParameterGroup: asItIs.ParameterGroup}}
	for name, step := range map[string]func(*Group) ([]cache.Event, error){
		"in the window": func(g *Group) ([]cache.Event, error) { return g.Modify(same, noon) },
		"at once": func(g *Group) ([]cache.Event, error) {
			atOnce := same
			atOnce.Immediately = true
			return g.Modify(atOnce, noon)
		},
		"all": func(g *Group) ([]cache.Event, error) { return g.CancelMaintenance(noon) },
		"all, while it is busy": func(g *Group) ([]cache.Event, error) {
			g.Status = cache.StatusModifying
			events, err := g.CancelMaintenance(noon)
			g.Status = cache.StatusAvailable
			return events, err
		},
	} {
		g := waiting()
		events, err := step(g)
		if wantFacts(t, events); err != nil || len(events) != 2 || g.Due() || g.Status != cache.StatusAvailable || g.NodeType != asItIs.NodeType || g.Version() != asItIs.Version() {
			t.Errorf("%s: %v, %v; %s, %s, %s", name, err, events, g.Status, g.NodeType, g.Version())
		}
		if events, err := step(g); err == nil {
			t.Errorf("%s, once more: %v", name, events)
		}
	}
	one := waiting()
	if events, err := one.Modify(Change{NodeType: &one.NodeType}, noon); err != nil || len(events) != 1 || one.Deferred.NodeType != "" || one.Deferred.Version.To.Build.Version != "8.1.4" {
		t.Errorf("one of two: %v, %v, %+v", err, events, one.Deferred)
	}
	gone := waiting()
	gone.Status = cache.StatusDeleting
	if _, err := gone.CancelMaintenance(noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("a group that is being deleted: %v", err)
	}
}

// TestParameterGroupStays: an upgrade within a family brings no parameter group back that was changed after it had been asked for.
func TestParameterGroupStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ waits, given, want string }{
		"another":             {"default.valkey8", "fast", "fast"},
		"as it is":            {"fast", "default.valkey8", "default.valkey8"},
		"nothing was changed": {"fast", "", "fast"},
		"of another family":   {"default.valkey9", "fast", "default.valkey9"},
	} {
		to := cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.1"}
		if name == "of another family" {
			to.Version = "9.0"
		}
		g := newGroup(t, nil)
		g.Settle(noon, nil)
		change := Change{Version: &VersionChange{To: cache.Offer{Asked: to, Build: cache.EngineVersion{Engine: to.Engine, Version: to.Version + ".1"}}, ParameterGroup: c.waits}}
		if _, err := g.Modify(change, noon); err != nil {
			t.Fatal(err)
		}
		if c.given != "" {
			if _, err := g.Modify(Change{ParameterGroup: &c.given}, noon); err != nil {
				t.Fatal(err)
			}
			g.Status = cache.StatusAvailable
		}
		if _, err := g.StartMaintenance(noon); err != nil || g.ParameterGroup != c.want {
			t.Errorf("%s: %v, %s", name, err, g.ParameterGroup)
		}
	}
}
