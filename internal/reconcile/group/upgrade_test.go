package group

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/provider"
)

var newer = cache.OfferOf(cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.1.4"})

// upgraded is a settled world whose group was just asked to have another version.
func upgraded(replicas int, failover bool) *world {
	w := settledWorld(replicas, true, failover)
	w.round()
	change := replication.Change{Version: &replication.VersionChange{To: newer, ParameterGroup: "default.valkey8"}, Immediately: true}
	if _, err := w.group.Modify(change, w.now); err != nil {
		panic(err)
	}
	return w
}

// An upgrade ends with the version on every node, whatever crashes meanwhile, and loses nothing if nothing does.
func TestUpgradeComesToRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := upgraded(rapid.IntRange(0, 3).Draw(t, "replicas"), rapid.Bool().Draw(t, "failover"))
		crashes := rapid.IntRange(0, 3).Draw(t, "crashes")
		newest := w.primary().memory
		for i := range roundsMax {
			if i < 200 && crashes > 0 && rapid.IntRange(0, 15).Draw(t, fmt.Sprint("crash ", i)) == 0 {
				crashes--
				newest = 0
				if n := w.nodes[rapid.SampledFrom(nodeIDs(w)).Draw(t, fmt.Sprint("victim ", i))]; running(n.NodeObserved) {
					n.stop(true)
				}
			}
			checkDecision(t, w, w.plan())
			d := w.round()
			checkWriters(t, w)
			if d.Then != OutcomeRest || d.After != resyncAfter {
				continue
			}
			checkRest(t, w)
			for id, n := range w.nodes {
				if n.View.Version != newer.Build || w.group.Upgrade != nil || w.group.Node(id).Upgraded {
					t.Fatalf("%s has %s after the upgrade %+v", id, n.View.Version, w.group.Upgrade)
				}
			}
			if has := w.primary().memory; has < newest {
				t.Fatalf("the primary has data %d, and had %d before", has, newest)
			}
			return
		}
		t.Fatalf("not at rest: %s%+v", w, w.plan())
	})
}

// TestUpgradeGoesRound sees that the replicas come first, one at a time, and which way the primary's role goes.
func TestUpgradeGoesRound(t *testing.T) {
	t.Parallel()
	for replicas, want := range map[int][]string{
		0: {"UpgradeNode g-001", "StopNode g-001", "StartNode g-001"},
		2: {
			"UpgradeNode g-002", "StopNode g-002", "StartNode g-002", "UpgradeNode g-003", "StopNode g-003", "StartNode g-003",
			"UpgradeSwitch g-001", "HandOver g-001", "UpgradeNode g-001", "StopNode g-001", "StartNode g-001",
		},
	} {
		w := upgraded(replicas, false)
		var got []string
		told := map[StepKind]bool{StepUpgradeNode: true, StepUpgradeSwitch: true, StepStop: true, StepStart: true, StepHandOver: true, StepElect: true, StepNoteCrash: true}
		for range roundsMax {
			for _, step := range w.plan().Steps {
				if told[step.Kind] {
					got = append(got, string(step.Kind)+" "+step.NodeID)
				}
			}
			if w.round().Then == OutcomeSettle {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d replicas (-want +got):\n%s", replicas, diff)
		}
	}
}

// TestUpgradeIsUndone has the first node not start with the new version.
func TestUpgradeIsUndone(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int{0, 2} {
		w := upgraded(replicas, false)
		was := w.group.Upgrade.From
		for range roundsMax {
			for id, n := range w.nodes {
				if running(n.NodeObserved) && n.View.Version == newer.Build {
					n.stop(true)
					n.Process.Crashes, n.Process.RetryAt = 1, w.now.Add(time.Second)
					n.Fault = &replication.NodeFault{Kind: replication.FaultEngine, End: "exit status 3"}
					_ = id
				}
			}
			if w.round().Then == OutcomeSettle {
				break
			}
			for _, n := range w.nodes {
				if n.Process.Phase == provider.PhaseRunning {
					n.Fault = nil
				}
			}
		}
		if w.group.Version() != was || w.group.Upgrade != nil || !w.group.Settled() {
			t.Errorf("%d replicas: the group has %s, is %s and has %+v under way", replicas, w.group.Version(), w.group.Status, w.group.Upgrade)
		}
		for id, n := range w.nodes {
			if n.View.Version != was {
				t.Errorf("%d replicas: %s has %s", replicas, id, n.View.Version)
			}
		}
	}
}
