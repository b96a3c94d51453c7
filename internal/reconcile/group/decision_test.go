package group

import (
	"encoding/json"
	"slices"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// picture is all that a world holds, for comparison.
func picture(w *world) string {
	text, err := json.Marshal(struct {
		Group    *replication.Group
		Observed Observed
	}{w.group, w.observed()})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func nodeIDs(w *world) []string {
	var ids []string
	for _, n := range w.group.Shards[0].Nodes {
		ids = append(ids, n.ID)
	}
	return ids
}

// checkDecision checks what has to hold for every plan.
func checkDecision(t *rapid.T, w *world, d Decision) {
	t.Helper()
	seen := map[string]bool{}
	for _, step := range d.Steps {
		if step.Kind == StepAddress {
			continue // it is for the whole group
		}
		if seen[step.NodeID] || w.nodes[step.NodeID] == nil {
			t.Fatalf("%s gets a second step, or is no node: %+v", step.NodeID, d.Steps)
		}
		seen[step.NodeID] = true
		checkStep(t, w, step)
	}
	switch d.Then {
	case OutcomeRest:
		if d.After <= 0 {
			t.Fatalf("rests for %s, which is for ever", d.After)
		}
	case OutcomeSettle:
		behind := 0
		for i := range w.group.Shards[0].Nodes {
			if node := &w.group.Shards[0].Nodes[i]; node.Behind() && node.Status == cache.StatusAvailable {
				behind++
			}
		}
		if len(d.Steps)+behind != len(w.nodes) {
			t.Fatalf("settles without a proof on every node: %+v", d.Steps)
		}
		checkRight(t, w)
	case OutcomeForget:
		if w.group.Status != cache.StatusDeleting {
			t.Fatalf("forgets a group that is %s", w.group.Status)
		}
	case OutcomeFail:
		if w.group.Status != cache.StatusCreating {
			t.Fatalf("gives up a group that is %s", w.group.Status)
		}
	case OutcomeAgain:
		if len(d.Steps) == 0 {
			t.Fatal("does nothing, at once and again")
		}
	}
}

func checkStep(t *rapid.T, w *world, step Step) {
	t.Helper()
	n, primary := w.nodes[step.NodeID], w.group.Shards[0].PrimaryID
	switch step.Kind {
	case StepStart, StepReplicate:
		if step.Kind == StepStart && running(n.NodeObserved) {
			t.Fatalf("starts %s, which runs", step.NodeID)
		}
		if step.Kind == StepStart && w.now.Before(n.Process.RetryAt) {
			t.Fatalf("starts %s %s too early", step.NodeID, n.Process.RetryAt.Sub(w.now))
		}
		if s := w.nodes[step.Source]; step.Source != "" && (!s.answers() || s.View.Role != engine.RolePrimary) {
			t.Fatalf("%s is to replicate %s, which does not serve as a primary: %+v", step.NodeID, step.Source, s.View)
		}
		if step.Kind == StepStart && step.NodeID != primary && step.Source != primary {
			t.Fatalf("replica %s is started on the data of %q", step.NodeID, step.Source)
		}
	case StepListen:
		own, replica := w.group.Node(step.NodeID).Address, step.NodeID != primary
		opens := slices.Contains(step.Listen, own) && (!slices.Contains(n.View.Listen, own) || w.group.Node(step.NodeID).Behind())
		if opens && replica && (!n.Lag.Known || n.Lag.AtMost > caughtUpWithin || !w.nodes[primary].View.Feeds(w.at(step.NodeID))) {
			t.Fatalf("opens the door of %s, which has not caught up: %+v", step.NodeID, n)
		}
		if step.NodeID == primary && n.mode != modeOf(w.group.Transit) && slices.Equal(step.Listen, n.View.Listen) {
			checkReplicasReturn(t, w)
		}
	case StepUpgradeNode:
		if !n.Serving || n.View.Version == w.group.Version() || step.NodeID == primary && len(w.group.Shards[0].Nodes) > 1 {
			t.Fatalf("%s is to restart with %s: %+v", step.NodeID, w.group.Version(), n)
		}
		for _, other := range nodeIDs(w) {
			if o := w.nodes[other]; other != step.NodeID && !w.group.Leaving(w.group.Node(other)) && !o.answers() {
				t.Fatalf("%s is to restart while %s does not serve", step.NodeID, other)
			}
		}
	case StepNoteBehind:
		if step.NodeID == primary || !w.primary().answers() {
			t.Fatalf("%s is behind nobody", step.NodeID)
		}
	case StepRemove:
		if w.group.Node(step.NodeID).Status != cache.StatusDeleting {
			t.Fatalf("removes a node that is %s", w.group.Node(step.NodeID).Status)
		}
	case StepElect:
		if running(n.NodeObserved) || n.Process.Phase == provider.PhaseStopping {
			t.Fatalf("elects another primary while %s lives", step.NodeID)
		}
	case StepHandOver:
		if to := w.nodes[step.To]; !to.answers() || !to.View.LinkUp || n.View.Role != engine.RolePrimary {
			t.Fatalf("hands over from %+v to %+v", n, to)
		}
	case StepAccess, StepMemory, StepCertificate, StepTick, StepReplicateTLS, StepProve:
		if !n.Serving {
			t.Fatalf("%s on %s, which does not answer", step.Kind, step.NodeID)
		}
		if step.Kind == StepProve && step.Counts != n.View.Access.Counts {
			t.Fatalf("proves %s as if it counted: %t", step.NodeID, step.Counts)
		}
	}
}

// checkReplicasReturn checks that no replica that answers is to be cut off for good by another mode of its primary.
func checkReplicasReturn(t *rapid.T, w *world) {
	t.Helper()
	for _, node := range w.group.Shards[0].Replicas() {
		if n := w.nodes[node.ID]; n.answers() && !n.silent && n.View.ReplicateTLS != w.group.Transit.TLS() && w.group.Transit != cache.TransitPreferred {
			t.Fatalf("%s does not know how to come back to its primary", node.ID)
		}
	}
}

// checkWriters checks that no two nodes take writes at the same time.
func checkWriters(t *rapid.T, w *world) {
	t.Helper()
	if writers := w.writers(); len(writers) > 1 {
		t.Fatalf("%v all take writes", writers)
	}
}

// checkRight checks that every node is what the group says.
func checkRight(t *rapid.T, w *world) {
	t.Helper()
	behind := 0
	for _, node := range w.group.Shards[0].Nodes {
		n := w.nodes[node.ID]
		primary := node.ID == w.group.Shards[0].PrimaryID
		if node.Behind() && node.Status == cache.StatusAvailable && !primary {
			behind++
			if len(n.View.Listen) > 0 || !n.View.Access.Admits(callersOf(w.group, nil), rightsIn(w.group, n.View.Version)) {
				t.Fatalf("%s is behind and counts as right: %+v", node.ID, n)
			}
			continue
		}
		right := n.Process.Phase == provider.PhaseRunning && n.Process.Incarnation == node.Incarnation &&
			n.Serving && !n.View.Loading && !n.CertificateDue && !n.ShareDue && n.mode == modeOf(w.group.Transit) && n.rules == w.admits.Name() && n.View.ReplicateTLS == w.group.Transit.TLS() &&
			n.View.Access.Admits(callersOf(w.group, nil), rightsIn(w.group, n.View.Version)) && n.View.MaxMemory == cache.MaxMemory(w.group.NodeType) && n.View.Settings[knownSetting] == "0"
		if primary {
			right = right && n.View.Role == engine.RolePrimary
		} else {
			right = right && n.View.Role == engine.RoleReplica && n.View.PrimaryAt == w.at(w.group.Shards[0].PrimaryID) && n.View.LinkUp
		}
		if !right {
			t.Fatalf("%s counts as right: %+v", node.ID, n)
		}
		if len(n.View.Listen) == 0 || n.View.Listen[0] != node.Address ||
			slices.Contains(n.View.Listen, w.group.Shards[0].PrimaryEndpoint) != (primary && w.group.Shards[0].PrimaryEndpoint.IsValid()) {
			t.Fatalf("%s is right and listens at %v", node.ID, n.View.Listen)
		}
	}
	if reader := w.group.Shards[0].ReaderEndpoint; reader.IsValid() {
		at := slices.Collect(func(yield func(string) bool) {
			for id, n := range w.nodes {
				if slices.Contains(n.View.Listen, reader) && !yield(id) {
					return
				}
			}
		})
		// A group of one has no replica, either.
		replicas, primary := len(w.nodes)-1-behind, slices.Contains(at, w.group.Shards[0].PrimaryID)
		if len(at) != max(1, replicas) || primary != (replicas == 0) {
			t.Fatalf("the reader endpoint is served by %v", at)
		}
	}
}

func checkRest(t *rapid.T, w *world) {
	t.Helper()
	if w.group.Status == cache.StatusCreateFailed {
		for id, n := range w.nodes {
			if running(n.NodeObserved) {
				t.Fatalf("%s runs although its creation failed", id)
			}
		}
		return
	}
	checkRight(t, w)
	for id, n := range w.nodes {
		if n.View.Tick != engine.TickIdle {
			t.Fatalf("%s is idle and ticks %d times a second", id, n.View.Tick)
		}
	}
}
