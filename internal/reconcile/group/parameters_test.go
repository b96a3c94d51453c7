package group

import (
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
)

// A process of an earlier release does not know what a later engine module adds. That is noted once; the process after it is given the
// value, although its engine is the same.
func TestSettingThatComesWithTheModule(t *testing.T) {
	t.Parallel()
	const name, value = "aikagi.close-on-replica-write", "no"
	version := cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}
	node := &replication.Node{ID: "g-001"}
	g := &replication.Group{Shards: []replication.Shard{{Nodes: []replication.Node{*node}}}}
	p := &planner{settings: []engine.Setting{{Name: name, Value: value, Parameter: "close-on-replica-write", Chosen: true, Running: true}}}
	lacks := func(has map[string]string) (differ, unknown int) {
		view := engine.View{Settings: has}
		view.Version = version
		d, u := p.lacks(g.Node("g-001"), NodeObserved{View: view})
		return len(d), len(u)
	}
	if differ, unknown := lacks(map[string]string{}); differ != 0 || unknown != 1 {
		t.Errorf("an earlier module: %d, %d", differ, unknown)
	}
	s := &session{Reconciler: &Reconciler{}}
	s.Now = func() time.Time { return time.Unix(1, 0) }
	events := s.noteUnknown(Step{NodeID: "g-001", Settings: p.settings, Version: version})(g)
	if len(events) != 1 || events[0].Message != "The value no of close-on-replica-write stays in the parameter group and is not in force: valkey 8.0.1 does not take it" {
		t.Errorf("%+v", events)
	}
	if differ, unknown := lacks(map[string]string{}); differ+unknown != 0 {
		t.Errorf("noted: %d, %d", differ, unknown)
	}
	if differ, unknown := lacks(map[string]string{name: "yes"}); differ != 1 || unknown != 0 {
		t.Errorf("this module: %d, %d", differ, unknown)
	}
	s.noteRefused(Step{NodeID: "g-001", Version: version}, []engine.Refusal{{Setting: p.settings[0], Reason: "no"}}, false)(g)
	if differ, unknown := lacks(map[string]string{name: "yes"}); differ+unknown != 0 {
		t.Errorf("refused: %d, %d", differ, unknown)
	}
}
