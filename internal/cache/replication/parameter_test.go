package replication

import (
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// A change of parameters that is added to on its way goes on until the nodes have all of it, and is told once.
func TestParameterChange(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	g, err := NewGroup(Spec{ID: "g", Replicas: 1, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}, now)
	if err != nil {
		t.Fatal(err)
	}
	g.Status = cache.StatusAvailable
	g.ParametersChanged(map[string]string{"timeout": "20", "lfu-decay-time": "2"}, now)
	first := *g.Parameters
	g.ParametersChanged(map[string]string{"timeout": "30"}, now.Add(1))
	if events := g.NoteParameters(first, now); len(events) != 0 || g.Parameters == nil {
		t.Errorf("the first part counts as all of it: %v", events)
	}
	if first.Values["timeout"] != "20" {
		t.Error("what was planned has changed")
	}
	events := g.NoteParameters(*g.Parameters, now)
	if len(events) != 4 || events[3].Message != "Updated parameter timeout to 30" || events[3].SourceID != "g-002" || g.Parameters != nil {
		t.Errorf("%+v", events)
	}
	if again := g.NoteParameters(first, now); len(again) != 0 {
		t.Errorf("told again: %v", again)
	}

	other := "mine"
	if _, err := g.Modify(Change{ParameterGroup: &other}, now); err != nil || g.Status != cache.StatusModifying || g.ParameterGroup != "mine" {
		t.Errorf("%v: %s, %s", err, g.Status, g.ParameterGroup)
	}
	if events := g.Settle(now, nil); len(events) < 2 || events[len(events)-1].Message != "Updated to use a CacheParameterGroup mine" || g.Parameters != nil {
		t.Errorf("%+v", events)
	}
	if _, err := g.Modify(Change{ParameterGroup: &other}, now); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("the same group again: %v", err)
	}
}

// A refusal is told once, and replaced by one of another value.
func TestNoteRefused(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	version := cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}
	g, err := NewGroup(Spec{ID: "g", EngineVersion: version}, now)
	if err != nil {
		t.Fatal(err)
	}
	node := g.Nodes()[0]
	note := func(value string) int {
		return len(g.NoteRefused("g-001", RefusedSetting{Name: "activedefrag", Value: value, Version: version}, "no", now))
	}
	if note("yes") != 1 || note("yes") != 0 || !node.Refuses("activedefrag", "yes") || node.Refuses("activedefrag", "no") || len(node.RefusedIn(version)) != 1 {
		t.Errorf("%+v", node.Refused)
	}
	if note("no") != 1 || len(node.Refused) != 1 || node.Refuses("activedefrag", "yes") {
		t.Errorf("%+v", node.Refused)
	}
	if len(g.NoteRefused("none", RefusedSetting{}, "", now)) != 0 || len(node.RefusedIn(cache.EngineVersion{})) != 0 {
		t.Error("a node that is not there")
	}
}
