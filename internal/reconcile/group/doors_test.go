package group

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/lag"
)

// servedBy are the nodes that listen at an address.
func (w *world) servedBy(at netip.AddrPort) []string {
	var ids []string
	for _, id := range nodeIDs(w) {
		if slices.Contains(w.nodes[id].View.Listen, at) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Replicas may be held back at any time, all of them too, while the primary is written to: soon nobody
// can read one that is late for long, the reader endpoint is served all the same, and when all have caught
// up everything is as it was.
func TestPlanClosesDoorsOfLateReplicas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := settledWorld(rapid.IntRange(1, 3).Draw(t, "replicas"), true, rapid.Bool().Draw(t, "failover"))
		reader, late := w.group.Shards[0].ReaderEndpoint, map[string]int{}
		unserved := 0
		for i := range rapid.IntRange(1, 60).Draw(t, "rounds") {
			for _, node := range w.group.Shards[0].Replicas() {
				if n := w.nodes[node.ID]; n.slow == 0 && rapid.IntRange(0, 9).Draw(t, fmt.Sprint(node.ID, " is held back ", i)) == 0 {
					n.slow = rapid.IntRange(1, 30).Draw(t, fmt.Sprint(node.ID, " for ", i))
				}
			}
			checkDecision(t, w, w.plan())
			w.round()
			for _, node := range w.group.Shards[0].Replicas() {
				n := w.nodes[node.ID]
				if n.behind > lag.Limit+lag.LongEnough && len(n.View.Listen) > 0 {
					late[node.ID]++
				} else {
					late[node.ID] = 0
				}
				if late[node.ID] > 3 { // noted, closed, and one for what goes before
					t.Fatalf("%s is late by %s and listens at %v: %s", node.ID, n.behind, n.View.Listen, w)
				}
			}
			if unserved++; len(w.servedBy(reader)) > 0 {
				unserved = 0
			}
			if unserved > 3 {
				t.Fatalf("nobody serves the reader endpoint: %s", w)
			}
		}
		for range roundsMax {
			if d := w.round(); d.Then == OutcomeRest && d.After == resyncAfter {
				checkRest(t, w)
				for _, node := range w.group.Shards[0].Replicas() {
					if node.Behind() {
						t.Fatalf("%s has caught up and counts as behind", node.ID)
					}
				}
				return
			}
		}
		t.Fatalf("not at rest: %s%+v", w, w.plan())
	})
}

// The table: what becomes of a replica's door, by how late it is and whether it was open.
func TestPlanDoors(t *testing.T) {
	t.Parallel()
	const primary, replica, other = "g-001", "g-002", "g-003"
	behind := func(w *world, id string) *simulated {
		w.group.Node(id).BehindSince = w.now
		w.nodes[id].View.Listen = nil
		return w.nodes[id]
	}
	closed := func(w *world) *simulated {
		w.nodes[other].View.Listen = nil
		return w.nodes[other]
	}
	tests := map[string]struct {
		fault func(*world)
		want  []Step
		after time.Duration
	}{
		"in time":            {func(w *world) { w.nodes[replica].Lag.AtLeast, w.nodes[replica].Lag.AtMost = lag.Limit-1, lag.Forever }, nil, resyncAfter},
		"late, not for long": {func(w *world) { w.nodes[replica].Lag.LateFor = lag.LongEnough - time.Millisecond }, nil, time.Millisecond},
		"late for long": {func(w *world) { w.nodes[replica].Lag.LateFor = lag.LongEnough },
			[]Step{{Kind: StepNoteBehind, NodeID: replica}}, 0},
		"noted": {func(w *world) {
			w.group.Node(replica).BehindSince = w.now
			w.nodes[replica].Lag.AtMost = lag.Forever
		}, []Step{{Kind: StepListen, NodeID: replica, TurnAway: true}}, 0},
		"out": {func(w *world) {
			behind(w, replica).Lag.AtMost = lag.Forever
		}, nil, lateLookEvery},
		"out, and the other one does not serve readers": {func(w *world) {
			behind(w, replica).Lag.AtMost = lag.Forever
			w.nodes[other].View.Listen = []netip.AddrPort{w.group.Node(other).Address}
		},
			[]Step{{Kind: StepListen, NodeID: other}}, 0},
		"all are out": {func(w *world) {
			behind(w, replica).Lag.AtMost, behind(w, other).Lag.AtMost = lag.Forever, lag.Forever
		}, []Step{{Kind: StepListen, NodeID: primary}}, 0},
		"back, but for a moment": {func(w *world) {
			behind(w, other).Lag.AtMost = caughtUpWithin + 1
		}, nil, lateLookEvery},
		"back":                  {func(w *world) { behind(w, other) }, []Step{{Kind: StepNoteCurrent, NodeID: other}}, 0},
		"back, and noted":       {func(w *world) { closed(w) }, []Step{{Kind: StepListen, NodeID: other}}, 0},
		"new, a little late":    {func(w *world) { closed(w).Lag.AtMost = caughtUpWithin + 1 }, nil, catchUpLookEvery},
		"new, nothing is known": {func(w *world) { closed(w).Lag = lag.Lag{} }, nil, catchUpLookEvery},
		"new, the primary does not know that the copy is done": {func(w *world) {
			closed(w)
			w.primary().View.Replicas = slices.DeleteFunc(w.primary().View.Replicas, func(r engine.ReplicaLag) bool { return r.Address == w.at(other) })
			w.primary().View.Tick = engine.TickBusy
		}, nil, time.Second},
		"elected": {func(w *world) {
			w.primary().stop(true)
			behind(w, replica)
			w.group.Elect(replication.Election{To: replica}, w.now)
			w.takeOver(replica, []netip.AddrPort{w.group.Node(replica).Address, w.group.Shards[0].PrimaryEndpoint})
			w.nodes[other].replicate(w.at(replica))
			w.nodes[other].View.LinkUp = true
			w.nodes[replica].View.Tick = engine.TickBusy
		}, []Step{{Kind: StepStart, NodeID: primary, Source: replica}, {Kind: StepNoteCurrent, NodeID: replica}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settledWorld(2, true, true)
			w.round() // slows the nodes down
			tt.fault(w)
			d := w.plan()
			if diff := cmp.Diff(tt.want, d.Steps, details, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Lateness" }, cmp.Ignore())); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			if d.After != tt.after {
				t.Errorf("looks again after %s, want %s", d.After, tt.after)
			}
		})
	}
}

// A replica that is behind keeps no token change from coming to its end: its rules are changed and compared, and
// it is proven no more than it can be used.
func TestPlanSettlesWithoutReplicaThatIsBehind(t *testing.T) {
	t.Parallel()
	w := settledWorld(2, true, true)
	w.nodes["g-003"].slow = 1 << 20
	w.nodes["g-003"].behind = time.Minute
	for range 20 {
		w.round()
	}
	if !w.group.Node("g-003").Behind() || len(w.nodes["g-003"].View.Listen) > 0 {
		t.Fatalf("it is not out: %s", w)
	}
	w.group.Tokens, _ = w.group.Tokens.Rotate(token.Generate().Digest(), w.now)
	w.group.Status = cache.StatusModifying
	for range 20 {
		if d := w.round(); d.Then == OutcomeSettle {
			if !w.nodes["g-003"].View.Access.Admits(callersOf(w.group, nil), rightsIn(w.group, w.nodes["g-003"].View.Version)) {
				t.Error("the change is over, and the node that is behind has the old rules")
			}
			return
		}
	}
	t.Errorf("it does not settle: %s%+v", w, w.plan())
}

// A replica that is about to end leaves the reader endpoint before, and the others serve it by then.
func TestReaderEndpointIsLeftFirst(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*replication.Group) error{
		"removed": func(g *replication.Group) error {
			g.Node("g-002").Status = cache.StatusDeleting
			return nil
		},
		"rebooted": func(g *replication.Group) error {
			_, err := g.Reboot("g-002", g.CreatedAt)
			return err
		},
	} {
		w := settledWorld(2, true, true)
		reader := w.group.Shards[0].ReaderEndpoint
		if !slices.Contains(w.nodes["g-002"].View.Listen, reader) {
			t.Fatalf("%s: the replica does not serve the reader endpoint", name)
		}
		if err := end(w.group); err != nil {
			t.Fatal(err)
		}
		left := false
		for round := range 20 {
			for _, s := range w.plan().Steps {
				left = left || s.NodeID == "g-002" && s.Kind == StepListen && !slices.Contains(s.Listen, reader)
				if (s.Kind == StepStop || s.Kind == StepRemove) && !left {
					t.Fatalf("%s: the replica ends in round %d while it serves the reader endpoint", name, round)
				}
			}
			w.round()
		}
		if !left {
			t.Errorf("%s: the replica does not end", name)
		}
	}
}
