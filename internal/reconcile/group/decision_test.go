package group

import (
	"encoding/json"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// picture is all that a world holds, for comparison.
func picture(w *world) string {
	text, err := json.Marshal(struct {
		Group    *cache.ReplicationGroup
		Observed Observed
	}{w.group, w.observed()})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func nodeIDs(w *world) []string {
	var ids []string
	for _, n := range w.group.NodeGroup.Nodes {
		ids = append(ids, n.ID)
	}
	return ids
}

// checkDecision checks what has to hold for every plan.
func checkDecision(t *rapid.T, w *world, d Decision) {
	t.Helper()
	seen := map[string]bool{}
	for _, step := range d.Steps {
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
		if len(d.Steps) != len(w.nodes) {
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
	n, primary := w.nodes[step.NodeID], w.group.NodeGroup.PrimaryID
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
	case StepRemove:
		if w.group.Status != cache.StatusDeleting {
			t.Fatalf("removes a node of a group that is %s", w.group.Status)
		}
	case StepAccess, StepMemory, StepCertificate, StepTick, StepProve:
		if !n.Serving {
			t.Fatalf("%s on %s, which does not answer", step.Kind, step.NodeID)
		}
	}
}

// checkRight checks that every node is what the group says.
func checkRight(t *rapid.T, w *world) {
	t.Helper()
	for _, node := range w.group.NodeGroup.Nodes {
		n := w.nodes[node.ID]
		primary := node.ID == w.group.NodeGroup.PrimaryID
		right := n.Process.Phase == provider.PhaseRunning && n.Process.Incarnation == node.Incarnation &&
			n.Serving && !n.View.Loading && !n.CertificateDue &&
			n.View.Access.Grants(w.group.Tokens) && n.View.MaxMemory == cache.MaxMemory(w.group.NodeType)
		if primary {
			right = right && n.View.Role == engine.RolePrimary
		} else {
			right = right && n.View.Role == engine.RoleReplica && n.View.PrimaryAt == w.at(w.group.NodeGroup.PrimaryID) && n.View.LinkUp
		}
		if !right {
			t.Fatalf("%s counts as right: %+v", node.ID, n)
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
