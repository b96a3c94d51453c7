package replication

import (
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

func versionChange(asked string, build cache.EngineVersion) *VersionChange {
	return &VersionChange{To: cache.Offer{Asked: cache.EngineVersion{Engine: cache.EngineValkey, Version: asked}, Build: build}, ParameterGroup: "default.valkey8"}
}

// TestVersionWaitsForTheWindow has an upgrade wait, its build be replaced and be gone, and be taken back.
func TestVersionWaitsForTheWindow(t *testing.T) {
	t.Parallel()
	patch := func(version string) cache.EngineVersion {
		return cache.EngineVersion{Engine: cache.EngineValkey, Version: version}
	}
	inside := time.Date(2026, 11, 25, 0, 10, 0, 0, time.UTC)
	waiting := func() *Group {
		g := newGroup(t, func(s *Spec) { s.MaintenanceWindow = "Tue:23:30-Wed:01:00" })
		g.Settle(noon, nil)
		events, err := g.Modify(Change{Version: versionChange("8.1", patch("8.1.4"))}, noon)
		if err != nil || g.Status != cache.StatusAvailable || g.Version() != patch("8.0.1") || len(events) != 1 {
			t.Fatalf("%v, %s, %s, %v", err, g.Status, g.Version(), events)
		}
		return g
	}
	g := waiting()
	if g.EnterWindow(noon) != nil {
		t.Error("entered the window on Monday")
	}
	wantFacts(t, g.UpdateDeferred([]cache.EngineVersion{patch("8.0.1"), patch("8.1.5")}, noon))
	events := g.EnterWindow(inside)
	if g.Version() != patch("8.1.5") || g.Status != cache.StatusModifying || g.Upgrade == nil || g.Upgrade.From != patch("8.0.1") || g.Deferred != (DeferredChanges{}) {
		t.Errorf("in the window: %s, %s, %+v", g.Version(), g.Status, g.Upgrade)
	}
	wantFacts(t, append(events, g.Settle(inside, nil)...))
	if g.Upgrade != nil || g.Status != cache.StatusAvailable {
		t.Errorf("afterwards: %s, %+v", g.Status, g.Upgrade)
	}

	g = waiting()
	if events := g.UpdateDeferred([]cache.EngineVersion{patch("8.0.1")}, noon); len(events) != 1 || g.Deferred != (DeferredChanges{}) {
		t.Errorf("a version that is gone: %v, %+v", events, g.Deferred)
	}
	g = waiting()
	if _, err := g.Modify(Change{Version: versionChange("8.0", patch("8.0.1"))}, noon); err != nil || g.Deferred != (DeferredChanges{}) || g.EnterWindow(inside) != nil {
		t.Errorf("taken back: %v, %+v", err, g.Deferred)
	}
}

// TestAnotherNameIsNoUpgrade has an alias of the same build asked for.
func TestAnotherNameIsNoUpgrade(t *testing.T) {
	t.Parallel()
	g := newGroup(t, nil)
	g.Settle(noon, nil)
	if _, err := g.Modify(Change{Version: versionChange("8.1", g.Version()), Immediately: true}, noon); err != nil {
		t.Fatal(err)
	}
	if g.Status != cache.StatusAvailable || g.Upgrade != nil || g.Asked().Version != "8.1" || g.Version().Version != "8.0.1" {
		t.Errorf("%s, %+v, %s by %s", g.Status, g.Upgrade, g.Asked(), g.Version())
	}
	if _, err := g.Modify(Change{Version: versionChange("8.0", g.Version()), Immediately: true}, noon); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("back: %v", err)
	}
	g.Succeed(cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.1.1"}, noon)
	if g.AskedFor != (cache.EngineVersion{}) || g.Offer().Aliased() {
		t.Errorf("served by what was asked for, and %+v", g.Offer())
	}
}

// TestBuildGone says once that what serves a group is gone, and once that it is back.
func TestBuildGone(t *testing.T) {
	t.Parallel()
	g := newGroup(t, nil)
	g.Settle(noon, nil)
	for _, c := range []struct {
		installed bool
		events    int
	}{{true, 0}, {false, 1}, {false, 0}, {true, 1}, {true, 0}} {
		events := g.NoteBuild(c.installed, noon)
		if wantFacts(t, events); len(events) != c.events || g.BuildGone == c.installed || len(g.Reasons()) == 0 != c.installed {
			t.Errorf("installed: %t: %v, reasons %v", c.installed, events, g.Reasons())
		}
	}
}
