package group

import (
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
)

// TestSmallerTypeIsCheckedAgain: data may have come while a smaller node type waited for the maintenance window.
func TestSmallerTypeIsCheckedAgain(t *testing.T) {
	t.Parallel()
	const medium, micro = "cache.t4g.medium", "cache.t4g.micro"
	monday := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	uses := func(bytes int64) NodeObserved {
		return NodeObserved{Serving: true, View: engine.View{Info: engine.Info{UsedMemory: bytes}}}
	}
	loading := uses(1 << 20)
	loading.View.Loading = true
	for name, c := range map[string]struct {
		observed Observed
		to, want string // node types
		waits    bool
		told     string
	}{
		"it fits":                     {Observed{"g-001": uses(1 << 20), "g-002": {}}, micro, micro, false, "Applying deferred"},
		"the replica is too full":     {Observed{"g-001": uses(1 << 20), "g-002": uses(1 << 30)}, micro, medium, false, "is given up, and it stays " + medium + ": its fullest node uses 1073741824 bytes, and a node of that type holds 402653184 bytes"},
		"nobody knows":                {Observed{"g-001": {}, "g-002": loading}, micro, medium, true, ""},
		"a larger one needs no check": {Observed{}, "cache.m7g.large", "cache.m7g.large", false, "Applying deferred"},
	} {
		g := &replication.Group{ID: "g", Status: cache.StatusAvailable, MaintenanceWindow: "mon:11:00-mon:13:00", NodeType: medium}
		g.Deferred.NodeType = c.to
		if enterWindow(g, parameter.Default("default.valkey8"), c.observed, monday.Add(time.Hour)) != nil {
			t.Errorf("%s: entered after the window", name)
		}
		events := enterWindow(g, parameter.Default("default.valkey8"), c.observed, monday)
		if g.NodeType != c.want || g.Due() != c.waits || len(events) != 1 && c.told != "" {
			t.Errorf("%s: %s, waits: %t, %v", name, g.NodeType, g.Due(), events)
		}
		if len(events) > 0 && !strings.Contains(events[0].Message, c.told) {
			t.Errorf("%s: %s", name, events[0].Message)
		}
	}
}
