package group

import (
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
)

// TestClientsComeFirst: after a planned change of roles nothing is done to the group for a
// moment, unless the new primary is lost.
func TestClientsComeFirst(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		since time.Duration
		fault func(*world, *replication.Failover)
		waits bool
	}{
		"just promoted":          {0, nil, true},
		"a moment ago":           {clientsFirst - time.Millisecond, nil, true},
		"long enough ago":        {clientsFirst, nil, false},
		"the clock was set back": {-time.Hour, nil, false},
		"after a crash":          {0, func(_ *world, f *replication.Failover) { f.Cause = replication.CauseCrash }, false},
		"seen late":              {0, func(_ *world, f *replication.Failover) { f.Resumed = true }, false},
		"new primary lost":       {0, func(w *world, _ *replication.Failover) { w.primary().stop(true) }, false},
		"new primary demoted":    {0, func(w *world, _ *replication.Failover) { w.primary().View.Role = engine.RoleReplica }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settledWorld(2, true, true)
			primary := w.group.Shards[0].PrimaryID
			f := &replication.Failover{Cause: replication.CauseTest, From: "g-002", To: primary, PromotedAt: w.now.Add(-tt.since), DetectedAt: w.now.Add(-tt.since)}
			w.group.Shards[0].Failover = f
			w.nodes["g-003"].replicate(w.at("g-002")) // there would be something to do
			if tt.fault != nil {
				tt.fault(w, f)
			}
			got := w.plan()
			waits := len(got.Steps) == 0 && got.Then == OutcomeRest && got.After == clientsFirst-tt.since
			if waits != tt.waits {
				t.Errorf("got %+v, want a rest: %v", got, tt.waits)
			}
		})
	}
}
