package group

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/provider"
)

// roundsMax is more plans than any group needs to come to rest, even with a clock that
// was set back, which makes it look more often.
const roundsMax = 3000

// Whatever is observed: the plan is a function of it, gives each node at most one
// step that makes sense, and settles only what is right.
func TestPlanAnywhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorld(t)
		before := picture(w)
		d := w.plan()
		if again := w.plan(); cmp.Diff(d, again, addresses) != "" {
			t.Fatalf("the same world is planned differently: %s", cmp.Diff(d, again, addresses))
		}
		if after := picture(w); after != before {
			t.Fatalf("Plan changed its arguments: %s", cmp.Diff(before, after))
		}
		checkDecision(t, w, d)
	})
}

// From anywhere, carrying plans out again and again comes to an end: every group
// settles, every deleted one is gone.
func TestPlanComesToRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorld(t)
		deleting, failed := w.group.Status == cache.StatusDeleting, w.group.Status == cache.StatusCreateFailed
		for range roundsMax {
			d := w.plan()
			checkDecision(t, w, d)
			w.round()
			switch {
			case d.Then == OutcomeForget && deleting:
				return
			case d.Then == OutcomeRest && d.After == resyncAfter && (failed || w.group.Settled()):
				checkRest(t, w)
				return
			}
		}
		t.Fatalf("not at rest after %d plans: %s%+v", roundsMax, w, w.plan())
	})
}

// Nodes may crash, and hang, at any time; when that ends, the group comes to rest.
func TestPlanOutlivesCrashes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := settledWorld(rapid.IntRange(0, 3).Draw(t, "replicas"), true, rapid.Bool().Draw(t, "failover"))
		ids := nodeIDs(w)
		for i := range rapid.IntRange(1, 30).Draw(t, "rounds") {
			n := w.nodes[rapid.SampledFrom(ids).Draw(t, fmt.Sprint("victim ", i))]
			switch rapid.IntRange(0, 12).Draw(t, fmt.Sprint("fate ", i)) {
			case 0:
				if running(n.NodeObserved) {
					n.stop(true)
				}
			case 1:
				n.silent = true
			case 2:
				w.group.Status = cache.StatusModifying
				w.group.Tokens = anySet(t, fmt.Sprint("tokens ", i))
			case 3:
				if running(n.NodeObserved) {
					w.hang(n)
				}
			case 4:
				n.Serving, n.HungSince = running(n.NodeObserved), time.Time{} // it answers again
			case 5:
				_, _ = w.group.RequestFailover(&w.group.Shards[0], replication.CauseTest, "", w.now)
			case 7:
				w.group.Transit = anyTransit(t, fmt.Sprint("transit ", i))
			case 9:
				w.admits = anyAdmission(t, fmt.Sprint("admission ", i))
			case 10:
				_, _ = w.group.BeginMove(replication.MoveRequest{To: otherPlan(w.group)}, w.now)
			case 11:
				_, _ = w.group.FinishMove(replication.End{Force: true}, w.now)
			case 12:
				_, _ = w.group.CancelMove(replication.End{Force: true}, w.now)
			case 6:
				w.breakOff() // a handover, after its point of no return
			}
			checkDecision(t, w, w.plan())
			w.round()
			checkWriters(t, w)
		}
		for range roundsMax {
			d := w.round()
			checkWriters(t, w)
			if d.Then == OutcomeRest && d.After == resyncAfter {
				checkRest(t, w)
				return
			}
		}
		t.Fatalf("not at rest: %s%+v", w, w.plan())
	})
}

// A primary that crashed comes back with the newest data that survived: its own
// snapshot, or what a replica that was in sync has.
func TestPlanLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := settledWorld(rapid.IntRange(0, 3).Draw(t, "replicas"), false, rapid.Bool().Draw(t, "failover"))
		p := w.primary()
		for i := range rapid.IntRange(0, 20).Draw(t, "rounds before") {
			w.round()
			if rapid.Bool().Draw(t, fmt.Sprint("snapshot ", i)) {
				p.disk = p.memory
			}
			id := rapid.SampledFrom(nodeIDs(w)).Draw(t, fmt.Sprint("victim ", i))
			if id != w.group.Shards[0].PrimaryID && rapid.IntRange(0, 3).Draw(t, fmt.Sprint("fate ", i)) == 0 {
				w.nodes[id].stop(true)
			}
		}
		newest := p.disk
		for _, n := range w.nodes {
			if n != p && n.Serving && n.View.LinkUp {
				newest = max(newest, n.memory)
			}
		}
		p.stop(true)
		quiet := rapid.IntRange(0, 5).Draw(t, "quiet rounds") // in which some do not answer
		for i := range roundsMax {
			for _, id := range nodeIDs(w) {
				if i < quiet {
					w.nodes[id].silent = rapid.Bool().Draw(t, fmt.Sprint(id, " is silent ", i))
				}
			}
			if d := w.round(); d.Then == OutcomeRest && d.After == resyncAfter {
				if has := w.primary().memory; has < newest {
					t.Fatalf("the primary has data %d, %d had survived", has, newest)
				}
				return
			}
		}
		t.Fatal("not at rest")
	})
}

// addresses are compared as they are.
var addresses = cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{})

// details of steps are left out of the table.
var details = cmpopts.IgnoreFields(Step{}, "Listen", "Election", "Hang", "Reason", "Tick", "Version")

// The table: one fault in a settled group of three, and the steps that follow.
func TestPlanSteps(t *testing.T) {
	t.Parallel()
	const primary, replica, other = "g-001", "g-002", "g-003"
	tests := map[string]struct {
		fault func(*world)
		want  []Step
	}{
		"nothing": {func(*world) {}, nil},
		"replica crashed": {func(w *world) { w.nodes[replica].stop(true) }, []Step{
			{Kind: StepNoteCrash, NodeID: replica},
		}},
		"crash of replica noted": {func(w *world) { w.nodes[replica].stop(true); w.round() }, []Step{{Kind: StepStart, NodeID: replica, Source: primary}}},
		"crash of primary noted, replicas live": {func(w *world) {
			w.primary().stop(true)
			w.group.NoteCrash(primary, cache.Saying{}, w.now)
			w.pass()
			w.nodes[other].View.Offset-- // the lender is the one that has more
		}, []Step{{Kind: StepLend, NodeID: replica}}},
		"lender ready": {func(w *world) {
			w.primary().stop(true)
			w.group.NoteCrash(primary, cache.Saying{}, w.now)
			w.pass()
			w.nodes[other].replicate(w.at(""))
			w.nodes[other].View.Offset += 10
		}, []Step{{Kind: StepStart, NodeID: primary, Source: other}}},
		"lent": {func(w *world) {
			w.nodes[replica].replicate(w.at(""))
			w.primary().replicate(w.at(replica))
			w.primary().View.LinkUp = true
		}, []Step{{Kind: StepPromote, NodeID: primary}}},
		"lent and back": {func(w *world) { w.nodes[replica].replicate(w.at("")) }, []Step{
			{Kind: StepTick, NodeID: primary}, {Kind: StepReplicate, NodeID: replica, Source: primary},
		}},
		"primary crashed, replica never had its data": {func(w *world) {
			w.primary().stop(true)
			w.group.NoteCrash(primary, cache.Saying{}, w.now)
			for _, id := range []string{replica, other} {
				w.nodes[id].View.Synced, w.nodes[id].View.LinkUp = false, false
			}
		}, []Step{{Kind: StepStart, NodeID: primary}}},
		"all crashed": {func(w *world) {
			for _, id := range nodeIDs(w) {
				w.nodes[id].stop(true)
				w.group.NoteCrash(id, cache.Saying{}, w.now)
			}
		}, []Step{{Kind: StepStart, NodeID: primary}}},
		"reboot asked for": {func(w *world) {
			if _, err := w.group.Reboot(replica, w.now); err != nil {
				panic(err)
			}
		}, []Step{{Kind: StepListen, NodeID: replica}}}, // it leaves the reader endpoint first
		"set changed": {func(w *world) {
			w.group.Tokens, _ = w.group.Tokens.Rotate(token.Generate().Digest(), w.now)
			w.group.Status = cache.StatusModifying
			w.nodes[other].View.Access = w.access()
		}, []Step{{Kind: StepAccess, NodeID: primary}, {Kind: StepAccess, NodeID: replica}}},
		"rules of an older version, or of another tag": {func(w *world) {
			w.nodes[replica].View.Access.Rules = ""
		}, []Step{{Kind: StepAccess, NodeID: replica}}},
		"tag set": {func(w *world) { w.group.Tags = cache.Tags{cache.TagAllowRestore: "true"} }, []Step{
			{Kind: StepAccess, NodeID: primary}, {Kind: StepAccess, NodeID: replica}, {Kind: StepAccess, NodeID: other},
		}},
		"another part of the processors": {func(w *world) { w.nodes[other].ShareDue = true }, []Step{{Kind: StepShare, NodeID: other}}},
		"certificate old":                {func(w *world) { w.nodes[other].CertificateDue = true }, []Step{{Kind: StepCertificate, NodeID: other}}},
		"another mode that lets links in": {func(w *world) { w.group.Transit = cache.TransitPreferred }, []Step{
			{Kind: StepListen, NodeID: primary}, {Kind: StepListen, NodeID: replica}, {Kind: StepListen, NodeID: other},
		}},
		"another mode": {func(w *world) { w.group.Transit = cache.TransitNone }, []Step{
			{Kind: StepReplicateTLS, NodeID: primary}, {Kind: StepReplicateTLS, NodeID: replica}, {Kind: StepReplicateTLS, NodeID: other},
		}},
		"another mode, and a replica that does not know yet how to come back": {func(w *world) {
			w.group.Transit = cache.TransitNone
			w.primary().View.ReplicateTLS, w.nodes[other].View.ReplicateTLS = false, false
		}, []Step{{Kind: StepReplicateTLS, NodeID: replica}, {Kind: StepListen, NodeID: other}}},
		"TLS after none, which the primary takes first": {func(w *world) {
			w.group.Transit = cache.TransitPreferred
			for _, n := range w.nodes {
				n.mode, n.View.ReplicateTLS, n.overTLS = gate.ModeNone, false, false
			}
		}, []Step{{Kind: StepListen, NodeID: primary}, {Kind: StepListen, NodeID: replica}, {Kind: StepListen, NodeID: other}}},
		"TLS after none, which the primary takes": {func(w *world) {
			w.group.Transit = cache.TransitPreferred
			for _, n := range w.nodes {
				n.mode, n.View.ReplicateTLS, n.overTLS = gate.ModePreferred, false, false
			}
		}, []Step{{Kind: StepReplicateTLS, NodeID: primary}, {Kind: StepReplicateTLS, NodeID: replica}, {Kind: StepReplicateTLS, NodeID: other}}},
		"being deleted": {func(w *world) {
			if _, err := w.group.Delete(w.now); err != nil {
				panic(err)
			}
			w.nodes[replica].Process = provider.State{Phase: provider.PhaseAbsent}
		}, []Step{{Kind: StepRemove, NodeID: primary}, {Kind: StepRemove, NodeID: other}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := settledWorld(2, true, false)
			w.round() // slows the nodes down
			tt.fault(w)
			if diff := cmp.Diff(tt.want, w.plan().Steps, details); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
}

// A creation is given up when a node ends at once again and again, and not before.
func TestPlanGivesUpCreation(t *testing.T) {
	t.Parallel()
	for crashes := range creationAttempts + 2 {
		w := newWorld(0, false, false)
		n := w.primary()
		n.Process = provider.State{Phase: provider.PhaseStopped, Crashes: crashes, RetryAt: w.now.Add(time.Second)}
		n.End = "exit status 1: no module"
		d := w.plan()
		if gaveUp := d.Then == OutcomeFail; gaveUp != (crashes >= creationAttempts) {
			t.Errorf("after %d crashes: %+v", crashes, d)
		}
		if d.Then == OutcomeFail && d.Reason != "node g-001 ends at once: exit status 1: no module" {
			t.Errorf("reason %q does not help", d.Reason)
		}
	}
}
