package group

import (
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
)

// TestPlanCrowds: a crowd is noted when it comes, again once a minute, and when it has gone for good; in between
// the node is looked at.
func TestPlanCrowds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		clients int64
		asked   time.Duration // how long ago; 0: there was no crowd
		step    bool
		crowd   bool // of the step
		after   time.Duration
	}{
		"quiet":          {9999, 0, false, false, resyncAfter},
		"comes":          {10003, 0, true, true, 0},
		"stays":          {10003, time.Second, false, false, crowdLookEvery},
		"stays for long": {10003, crowdAskEvery, true, true, 0},
		"nearly as many": {9500, time.Hour, false, false, crowdLookEvery},
		"gone":           {9499, time.Second, true, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settledWorld(1, true, true)
			node := w.group.Shards[0].Primary()
			if test.asked > 0 {
				node.Crowd = &replication.Crowd{Connections: 10000, Limit: 10000, AskedAt: w.now.Add(-test.asked)}
			}
			w.nodes[node.ID].View.Clients, w.nodes[node.ID].View.ClientLimit = test.clients, 10000
			d := w.plan()
			if (len(d.Steps) == 1) != test.step || len(d.Steps) == 0 && d.After != test.after {
				t.Fatalf("the plan is %+v", d)
			}
			if test.step && (d.Steps[0].Kind != StepNoteCrowd || (d.Steps[0].Crowd != nil) != test.crowd) {
				t.Errorf("the step is %+v", d.Steps[0])
			}
		})
	}
}
