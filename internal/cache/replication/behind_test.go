package replication

import (
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// A replica that falls behind is told of once, and so is its return; a primary never is behind.
func TestNoteBehind(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	g, err := NewGroup(Spec{ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Replicas: 1, AutomaticFailover: true}, now)
	if err != nil {
		t.Fatal(err)
	}
	by := Lateness{Age: 7300 * time.Millisecond, Bytes: 4096}
	if events := g.NoteBehind("g-001", by, now); events != nil || g.Node("g-001").Behind() {
		t.Errorf("the primary is behind: %v", events)
	}
	events := g.NoteBehind("g-002", by, now)
	if len(events) != 1 || events[0].SourceID != "g-002" || !g.Node("g-002").Behind() ||
		!strings.HasPrefix(events[0].Message, "Replica g-002 is behind by 7s (4096 bytes) and has left the reader endpoint") {
		t.Errorf("%+v", events)
	}
	if again := g.NoteBehind("g-002", by, now.Add(time.Second)); again != nil || !g.Node("g-002").BehindSince.Equal(now) {
		t.Errorf("told twice: %v", again)
	}
	events = g.NoteCaughtUp("g-002", now.Add(90*time.Second))
	if len(events) != 1 || events[0].Message != "Replica g-002 has caught up after 1m30s and can be read again" || g.Node("g-002").Behind() {
		t.Errorf("%+v", events)
	}
	if again := g.NoteCaughtUp("g-002", now); again != nil {
		t.Errorf("told twice: %v", again)
	}
	g.NoteBehind("g-002", by, now)
	g.Shards[0].PrimaryID = "g-002" // elected, for want of a better one
	if events := g.NoteCaughtUp("g-002", now); events != nil || g.Node("g-002").Behind() {
		t.Errorf("the new primary is behind: %v", events)
	}
}
