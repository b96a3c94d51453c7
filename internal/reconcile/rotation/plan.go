package rotation

import (
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// Step is what is to be done about a rotation next.
type Step string

// The steps; see the diagram of the package.
const (
	StepRest            Step = "Rest" // nothing before Decision.After
	StepOfferTLS        Step = "OfferTLS"
	StepNoteTLSOffered  Step = "NoteTLSOffered" // every node accepts TLS beside plaintext
	StepEndPlaintext    Step = "EndPlaintext"
	StepNoteTLSRequired Step = "NoteTLSRequired" // no node accepts plaintext
	StepRotate          Step = "Rotate"          // look at the destination, and ROTATE
	StepNoteRotated     Step = "NoteRotated"     // every node accepts both
	StepDeliver         Step = "Deliver"         // stage the new token, and deliver it
	StepGiveUp          Step = "GiveUp"          // take a token back that cannot be delivered, or is not to be
	StepEnd             Step = "End"             // SET, or the brownout before it
	StepEndBrownout     Step = "EndBrownout"
	StepNoteSet         Step = "NoteSet" // no node accepts the old credential
	StepEvict           Step = "Evict"   // end some connections of the old credential
	StepRollBack        Step = "RollBack"
	StepConclude        Step = "Conclude" // it is over
	StepFail            Step = "Fail"
)

// Decision is what Plan returns.
type Decision struct {
	Step     Step
	After    time.Duration // for StepRest: look again then, or when the group changes
	Brownout bool          // for StepEnd, with From: what each node has refused before
	From     map[string]int64
	Refused  int64 // logins refused since the old credential was ended
	Culprits []usage.Client
	Evict    float64      // for StepEvict: this part of the connections, at most 1
	Reason   cache.Saying // for StepGiveUp and StepFail
	Problem  cache.Saying // for StepRest: what is waited for, if its owner should know
}

// used returns what the nodes know about the use of a credential.
func used(seen usage.Group, c token.Credential) usage.Record {
	for _, u := range seen.Credentials {
		if u.Credential == c.String() {
			return u.Record
		}
	}
	return usage.Record{Credential: c.String()}
}

// complete reports whether every node was asked.
func complete(seen usage.Group) bool { return len(seen.Missing) == 0 }

// How often is looked.
const (
	watchEvery = 200 * time.Millisecond // while clients may fail
	waitEvery  = time.Second            // while clients change over
	evictEvery = 500 * time.Millisecond
	idleEvery  = time.Minute
)

// deliveryPatience is how long a delivery that fails is tried again.
const deliveryPatience = 15 * time.Minute

// NeedsUsage reports whether Plan has to know how the credentials are used.
func NeedsUsage(r *rotation.Rotation) bool {
	switch r.State {
	case rotation.OfferingTLS, rotation.AwaitingTLS, rotation.Waiting, rotation.Brownout, rotation.Setting, rotation.Watching:
		return true
	}
	return false
}

// Plan decides what to do about a rotation that is under way. It is pure: the same group,
// usage and time give the same decision.
func Plan(g *replication.Group, seen usage.Group, now time.Time) Decision {
	r := g.Rotation
	switch r.State {
	case rotation.OfferingTLS:
		return planOffer(g, seen)
	case rotation.AwaitingTLS:
		return planEndOfPlaintext(g, seen, now)
	case rotation.RequiringTLS:
		return settled(g, Decision{Step: StepNoteTLSRequired})
	case rotation.Pending:
		return planPending(g, now)
	case rotation.Rotating:
		return settled(g, Decision{Step: StepNoteRotated})
	case rotation.Delivering:
		return planDelivery(r, now)
	case rotation.Waiting:
		return planWaiting(g, seen, now)
	case rotation.Brownout:
		return planBrownout(g, seen, now)
	case rotation.Setting:
		if d, ok := planRollBack(r, seen); ok {
			return d
		}
		if !applied(g) { // clients are refused already by the nodes that were told
			return Decision{Step: StepRest, After: watchEvery}
		}
		return Decision{Step: StepNoteSet}
	case rotation.Watching:
		return planWatching(r, seen, now)
	case rotation.RollingBack, rotation.Cancelling:
		return settled(g, Decision{Step: StepConclude})
	}
	return Decision{Step: StepRest, After: idleEvery}
}

// settled waits until the nodes are what the group says.
func settled(g *replication.Group, then Decision) Decision {
	if !applied(g) {
		return untilWritten()
	}
	return then
}

// untilWritten rests until the group is written: a write wakes the reconciler, so there is no need to look earlier.
func untilWritten() Decision { return Decision{Step: StepRest, After: idleEvery} }

func applied(g *replication.Group) bool {
	return g.Status == cache.StatusAvailable && g.TokenChange == "" && g.TransitFrom == nil
}

// planOffer has TLS accepted beside plaintext, once it is known that every node can do that.
func planOffer(g *replication.Group, seen usage.Group) Decision {
	switch {
	case g.Transit != cache.TransitNone:
		return settled(g, Decision{Step: StepNoteTLSOffered})
	case len(seen.Gateless) > 0:
		return Decision{Step: StepFail, Reason: cache.Say(cache.FactGateless, "nodes", strings.Join(seen.Gateless, ", "), "group", g.ID)}
	case !applied(g):
		return untilWritten()
	case !complete(seen):
		return Decision{Step: StepRest, After: waitEvery, Problem: missing(seen)}
	}
	return Decision{Step: StepOfferTLS}
}

// planEndOfPlaintext ends plaintext when the owner's rule says so.
func planEndOfPlaintext(g *replication.Group, seen usage.Group, now time.Time) Decision {
	r := g.Rotation
	overdue := r.Spec.Finish.Deadline > 0 && now.Sub(r.Since) >= r.Spec.Finish.Deadline
	left, quiet := quietFor(r.Spec.Finish, seen.Plaintext, now, r.Since)
	switch {
	case !overdue && !r.FinishNow && (!quiet || left > 0):
		return Decision{Step: StepRest, After: waitFor(r.Spec.Finish, r.Since, left, now)}
	case !applied(g):
		return untilWritten()
	case !complete(seen):
		return Decision{Step: StepRest, After: watchEvery, Problem: missing(seen)}
	}
	return Decision{Step: StepEndPlaintext}
}

func planPending(g *replication.Group, now time.Time) Decision {
	r := g.Rotation
	switch {
	case now.Sub(r.Since) > deliveryPatience && !r.Problem.Empty():
		return Decision{Step: StepFail, Reason: r.Problem}
	case !applied(g):
		return untilWritten()
	}
	return Decision{Step: StepRotate}
}

func planDelivery(r *rotation.Rotation, now time.Time) Decision {
	if r.CancelNow || now.Sub(r.Since) > deliveryPatience && !r.Problem.Empty() {
		return Decision{Step: StepGiveUp, Reason: cache.Say(cache.FactUndelivered, "problem", r.Problem)}
	}
	return Decision{Step: StepDeliver}
}

func planWaiting(g *replication.Group, seen usage.Group, now time.Time) Decision {
	r := g.Rotation
	if held := g.Tokens.Credentials(); len(held) != 2 || held[0].String() != r.Old.String() || !g.Tokens.Holds(r.New.Digest) {
		return Decision{Step: StepFail, Reason: cache.Say(cache.FactTokensChanged, "tokens", g.Tokens)}
	}
	overdue := r.Spec.Finish.Deadline > 0 && now.Sub(r.DeliveredAt) >= r.Spec.Finish.Deadline
	left, quiet := quietFor(r.Spec.Finish, used(seen, r.Old), now, r.DeliveredAt, r.BrownoutAt)
	if due := overdue || r.FinishNow || quiet && left <= 0; !due {
		return Decision{Step: StepRest, After: waitFor(r.Spec.Finish, r.DeliveredAt, left, now)}
	}
	if !applied(g) {
		return untilWritten()
	}
	if !complete(seen) { // refused logins are counted from here on
		return Decision{Step: StepRest, After: watchEvery, Problem: missing(seen)}
	}
	insisted := !r.BrownoutAt.IsZero() && (overdue || r.FinishNow) // the last one found somebody
	return Decision{Step: StepEnd, Brownout: r.Spec.Brownout > 0 && !insisted, From: used(seen, r.Old).RefusedBy}
}

// quietFor returns how much longer what is to end has to stay unused, counted from the last of some moments. ok is false when the
// owner's rule has no quiet time.
func quietFor(rule rotation.FinishRule, use usage.Record, now time.Time, from ...time.Time) (left time.Duration, ok bool) {
	if rule.Quiet == 0 {
		return 0, false
	}
	if use.Connections > 0 {
		return rule.Quiet, true
	}
	last := slices.MaxFunc(append(from, use.LastUsed), time.Time.Compare)
	return rule.Quiet - now.Sub(last), true
}

// waitFor returns how long to rest before the next look at a rotation that has been waiting since then.
func waitFor(rule rotation.FinishRule, since time.Time, quiet time.Duration, now time.Time) time.Duration {
	next := waitEvery
	if quiet > 0 {
		next = min(next, quiet)
	}
	if d := rule.Deadline; d > 0 {
		next = min(next, d-now.Sub(since))
	}
	return max(next, time.Millisecond)
}

func planBrownout(g *replication.Group, seen usage.Group, now time.Time) Decision {
	r := g.Rotation
	refused, culprits := refusedSince(r, seen)
	switch {
	case refused > 0: // found whom it was for: every moment more is their outage
		return Decision{Step: StepEndBrownout, Refused: refused, Culprits: culprits}
	case !applied(g):
		return Decision{Step: StepRest, After: watchEvery}
	case !complete(seen):
		return Decision{Step: StepRest, After: watchEvery, Problem: missing(seen)}
	case now.Sub(r.Since) >= 0 && now.Sub(r.Since) < r.Spec.Brownout: // else the clock was set back
		return Decision{Step: StepRest, After: watchEvery}
	}
	return Decision{Step: StepNoteSet}
}

func planWatching(r *rotation.Rotation, seen usage.Group, now time.Time) Decision {
	if d, ok := planRollBack(r, seen); ok {
		return d
	}
	since := now.Sub(r.SetAt)
	switch {
	case r.Spec.EvictOver > 0 && used(seen, r.Old).Connections > 0 && since <= r.Spec.EvictOver+r.Spec.Grace:
		return Decision{Step: StepEvict, Evict: share(r.Spec.EvictOver - since), After: evictEvery}
	case since >= max(r.Spec.Grace, r.Spec.EvictOver) && complete(seen):
		refused, _ := refusedSince(r, seen)
		return Decision{Step: StepConclude, Refused: refused}
	}
	return Decision{Step: StepRest, After: watchEvery}
}

// share is the part of the connections that are there which has to end now, for none to
// be left when the time is over.
func share(left time.Duration) float64 {
	if left <= evictEvery {
		return 1
	}
	return float64(evictEvery) / float64(left)
}
