package group

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/provider"
)

func (w *world) take(at ...netip.AddrPort) {
	for _, a := range at {
		w.group.Taken = append(w.group.Taken, replication.TakenAddress{Address: a, By: taker(provider.Occupant{PID: 4711, Program: "nc"}), Since: w.now})
	}
}

// TestPlanOpensWhatIsFree: an engine that is told to open an address which is taken opens none.
func TestPlanOpensWhatIsFree(t *testing.T) {
	t.Parallel()
	w := settledWorld(1, true, true)
	endpoints := &w.group.Shards[0]
	primary := w.group.Shards[0].Primary()
	w.take(endpoints.PrimaryEndpoint)
	w.nodes[primary.ID].View.Listen = nil
	d := w.plan()
	if len(d.Steps) != 1 || d.Steps[0].Kind != StepListen || !slices.Equal(d.Steps[0].Listen, []netip.AddrPort{primary.Address}) {
		t.Fatalf("the plan is %+v", d)
	}
	w.nodes[primary.ID].View.Listen = d.Steps[0].Listen
	for since, want := range map[time.Duration]time.Duration{0: takenLookFirst, 10 * time.Second: 500 * time.Millisecond, time.Hour: takenLookLast} {
		if d := Plan(w.group, w.uses(), w.observed(), w.now.Add(since)); len(d.Steps) != 0 || d.Then != OutcomeRest || d.After != want {
			t.Errorf("after %s the plan is %+v, want a rest of %s", since, d, want)
		}
	}
	w.group.Taken = nil
	if d := w.plan(); len(d.Steps) != 1 || !slices.Contains(d.Steps[0].Listen, endpoints.PrimaryEndpoint) {
		t.Errorf("when it is free the plan is %+v", d)
	}
}

// TestPlanPromotesWithoutEndpointThatIsTaken: writes are taken at the node's own address meanwhile.
func TestPlanPromotesWithoutEndpointThatIsTaken(t *testing.T) {
	t.Parallel()
	w := settledWorld(2, true, true)
	primary := w.group.Shards[0].Primary()
	w.take(w.group.Shards[0].PrimaryEndpoint)
	n := w.nodes[primary.ID]
	n.Process.Phase, n.Serving, n.View.Listen = provider.PhaseStopped, false, nil
	for range roundsMax {
		for _, step := range w.plan().Steps {
			if step.Kind == StepPromote {
				if slices.ContainsFunc(step.Listen, w.group.IsTaken) || len(step.Listen) == 0 {
					t.Errorf("it is promoted to serve %v", step.Listen)
				}
				return
			}
		}
		w.round()
	}
	t.Fatalf("nobody is promoted: %s", w)
}

// TestPlanNamesWhoHoldsUpCreation gives it up, as for every fault that its owner has to mend.
func TestPlanNamesWhoHoldsUpCreation(t *testing.T) {
	t.Parallel()
	w := newWorld(0, true, false)
	w.take(w.group.Shards[0].Primary().Address)
	want := w.group.SayTaken(w.group.Taken[0]).String()
	if d := w.plan(); d.Then != OutcomeFail || d.Reason != want {
		t.Errorf("the plan is %+v, want a failure: %s", d, want)
	}
}
