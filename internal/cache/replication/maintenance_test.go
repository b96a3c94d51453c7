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
