package cache

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// This file has the steps of a guided rotation. Each is refused with a [KindState] error
// unless the rotation is where the step begins; none changes anything then.

// strategyRestore is the change that brings credentials back.
const strategyRestore TokenStrategy = "RESTORE"

// RotateIn begins ROTATE with the rotation's new token.
func (g *ReplicationGroup) RotateIn(token Digest, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationPending); err != nil {
		return nil, err
	}
	next, err := g.Tokens.Rotate(token, now)
	if err != nil {
		return nil, err
	}
	before := g.Tokens
	if err := g.changeTokens(next, StrategyRotate, now); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.New = Credential{Digest: token, AddedAt: now}
	r.enter(RotationRotating, now)
	return []Event{g.rotationEvent(now, "ROTATE requested: %s to %s", before, next)}, nil
}

// NoteRotated records that every node accepts both credentials.
func (g *ReplicationGroup) NoteRotated(now time.Time) error {
	if err := g.rotationIs(RotationRotating); err != nil {
		return err
	}
	g.Rotation.RotatedAt = now
	g.Rotation.enter(RotationDelivering, now)
	return nil
}

// NoteDelivered records that the destination has the new token.
func (g *ReplicationGroup) NoteDelivered(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationDelivering); err != nil {
		return nil, err
	}
	g.Rotation.DeliveredAt = now
	g.Rotation.enter(RotationWaiting, now)
	return []Event{g.rotationEvent(now, "token %s delivered to %s; waiting for clients to leave %s", g.Rotation.New, g.Rotation.Spec.Delivery, g.Rotation.Old)}, nil
}

// Finish lets a rotation that waits end the old credential now.
func (g *ReplicationGroup) Finish(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationWaiting); err != nil {
		return nil, err
	}
	g.Rotation.FinishNow = true
	return []Event{g.rotationEvent(now, "its owner has it finished")}, nil
}

// EndOld begins SET: as a brownout, or for good. refused is how many logins with the old
// credential were refused until now.
func (g *ReplicationGroup) EndOld(brownout bool, refused int64, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationWaiting); err != nil {
		return nil, err
	}
	before := g.Tokens
	next, err := before.Set(g.Rotation.New.Digest)
	if err != nil {
		return nil, err
	}
	if err := g.changeTokens(next, StrategySet, now); err != nil {
		return nil, err
	}
	state, what := RotationSetting, "SET requested: %s to %s"
	if brownout {
		state, what = RotationBrownout, "brownout of "+shortDuration(g.Rotation.Spec.Brownout)+": %s to %s"
	}
	r := g.Rotation
	r.RefusedFrom, r.Refused = refused, 0
	r.enter(state, now)
	return []Event{g.rotationEvent(now, what, before, next)}, nil
}

// EndBrownout brings the old credential back after a brownout that found clients, which
// then have to leave once more.
func (g *ReplicationGroup) EndBrownout(refused int64, culprits []ClientUsage, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationBrownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	if err := g.changeTokens(TokenSet{[]Credential{r.Old, r.New}}, strategyRestore, now); err != nil {
		return nil, err
	}
	r.BrownoutAt, r.FinishNow = now, false
	r.blame(refused, culprits)
	r.enter(RotationWaiting, now)
	return []Event{g.rotationEvent(now, "the brownout found clients that still use %s: %s; it works again", r.Old, r.blamed())}, nil
}

// NoteSet records that no node accepts the old credential.
func (g *ReplicationGroup) NoteSet(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationSetting, RotationBrownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	if r.State == RotationBrownout {
		r.BrownoutAt = now
	}
	r.SetAt, r.Salt = now, ""
	r.enter(RotationWatching, now)
	return []Event{g.rotationEvent(now, "only %s is accepted; refused logins with %s are watched for %s", r.New, r.Old, shortDuration(r.Spec.Grace))}, nil
}

// RequestRollBack has the old credential brought back, though its end is not refuted by
// refused logins: its owner knows better. The next step is [ReplicationGroup.RollBack].
func (g *ReplicationGroup) RequestRollBack(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationSetting, RotationWatching); err != nil {
		return nil, err
	}
	g.Rotation.RollBackNow = true
	return []Event{g.rotationEvent(now, "its owner has it rolled back")}, nil
}

// RollBack brings the old credential back after SET, beside the new one. With no culprits it
// is its owner's wish.
func (g *ReplicationGroup) RollBack(refused int64, culprits []ClientUsage, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationSetting, RotationWatching); err != nil {
		return nil, err
	}
	r := g.Rotation
	next := TokenSet{[]Credential{r.New, r.Old}}
	if r.Old.IsNone() { // it always is the oldest
		next = TokenSet{[]Credential{r.Old, r.New}}
	}
	if err := g.changeTokens(next, strategyRestore, now); err != nil {
		return nil, err
	}
	r.blame(refused, culprits)
	r.Reason = "its owner rolled it back"
	if refused > 0 {
		r.Reason = "clients still use " + r.Old.String() + ": " + r.blamed()
	}
	r.enter(RotationRollingBack, now)
	return []Event{g.rotationEvent(now, "rolled back: %s; %s is accepted again", r.Reason, r.Old)}, nil
}

// CancelRotation ends a rotation before SET. A token that was not delivered yet is taken back;
// one that was stays accepted beside the old one, for clients may use it.
func (g *ReplicationGroup) CancelRotation(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationPending, RotationRotating, RotationDelivering, RotationWaiting, RotationBrownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.Reason = "its owner cancelled it"
	switch r.State {
	case RotationDelivering:
		// It may be on its way just now; who delivers it sees to what became of it.
		r.CancelNow = true
		return []Event{g.rotationEvent(now, "to be cancelled")}, nil
	case RotationBrownout:
		return g.takeBack(TokenSet{[]Credential{r.Old, r.New}}, RotationCancelled, now)
	case RotationRotating:
		return g.takeBack(TokenSet{[]Credential{r.Old}}, RotationCancelled, now)
	}
	r.enter(RotationCancelled, now)
	return []Event{g.rotationEvent(now, "cancelled; the group accepts %s", g.Tokens)}, nil
}

// GiveUpDelivery takes the new token back, which the destination must not have any more:
// because its owner cancelled the rotation, or for the given reason.
func (g *ReplicationGroup) GiveUpDelivery(reason string, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationDelivering); err != nil {
		return nil, err
	}
	r, end := g.Rotation, RotationCancelled
	if !r.CancelNow {
		r.Reason, end = reason, RotationFailed
	}
	return g.takeBack(TokenSet{[]Credential{r.Old}}, end, now)
}

// KeepDelivered ends a rotation whose token the destination has in use and cannot give back:
// both credentials stay accepted.
func (g *ReplicationGroup) KeepDelivered(reason string, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationDelivering); err != nil {
		return nil, err
	}
	r, end := g.Rotation, RotationCancelled
	if !r.CancelNow {
		r.Reason, end = reason, RotationFailed
	}
	r.DeliveredAt = now
	r.enter(end, now)
	return []Event{g.rotationEvent(now, "%s; its destination may have the new token, and the group accepts %s", r.Reason, g.Tokens)}, nil
}

func (g *ReplicationGroup) takeBack(to TokenSet, end RotationState, now time.Time) ([]Event, error) {
	if err := g.changeTokens(to, strategyRestore, now); err != nil {
		return nil, err
	}
	g.Rotation.enter(RotationCancelling, now)
	g.Rotation.EndsAs = end
	return []Event{g.rotationEvent(now, "%s; the group goes back to %s", g.Rotation.Reason, to)}, nil
}

// FailRotation gives a rotation up that cannot go on. What is accepted stays.
func (g *ReplicationGroup) FailRotation(reason string, now time.Time) []Event {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil
	}
	g.Rotation = g.Rotation.clone()
	g.Rotation.Reason = reason
	g.Rotation.enter(RotationFailed, now)
	return []Event{g.rotationEvent(now, "failed: %s; the group accepts %s", reason, g.Tokens)}
}

// ConcludeRotation gives a rotation its end when its last change is on every node, or its
// grace time is over.
func (g *ReplicationGroup) ConcludeRotation(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationWatching, RotationRollingBack, RotationCancelling); err != nil {
		return nil, err
	}
	r := g.Rotation
	switch r.State {
	case RotationWatching:
		r.enter(RotationDone, now)
	case RotationRollingBack:
		r.enter(RotationRolledBack, now)
	default:
		r.enter(r.EndsAs, now)
	}
	return []Event{g.rotationEvent(now, "%s; every node accepts %s and nothing else", r.State, g.Tokens)}, nil
}

// TakeRotation removes a rotation that is over from the group and returns its receipt; nil
// if there is none. The group's schedule takes note of how it ended.
func (g *ReplicationGroup) TakeRotation() *Rotation {
	if g.Rotation == nil || !g.Rotation.State.Final() {
		return nil
	}
	over := g.Rotation
	g.Rotation = nil
	g.noteEnd(over)
	return over
}

// changeTokens replaces the token set and has the nodes told. Unlike a change that is asked
// for over the API, it does not wait for another one.
func (g *ReplicationGroup) changeTokens(next TokenSet, how TokenStrategy, now time.Time) error {
	if err := g.transition(StatusModifying, g.mustBeAvailable(), StatusAvailable, StatusModifying); err != nil {
		return err
	}
	g.Tokens, g.TokenChange, g.TokensModifiedAt = next, how, now
	return nil
}

// rotationIs also takes a copy of the rotation, so that who has read the group before a
// step keeps what was read.
func (g *ReplicationGroup) rotationIs(states ...RotationState) error {
	if g.Rotation == nil {
		return g.noRotation()
	}
	for _, s := range states {
		if g.Rotation.State == s {
			g.Rotation = g.Rotation.clone()
			return nil
		}
	}
	return ResourceErrorf(KindState, ResourceReplicationGroup, "The AUTH token rotation %s of replication group %s is %s.", g.Rotation.ID, g.ID, g.Rotation.State)
}

func (g *ReplicationGroup) rotationEvent(now time.Time, format string, args ...any) Event {
	return g.Event(now, fmt.Sprintf("Auth token rotation %s of replication group %s: ", g.Rotation.ID, g.ID)+fmt.Sprintf(format, args...))
}

// culpritsKept is how many of those who were refused a rotation names.
const culpritsKept = 20

func (r *Rotation) blame(refused int64, culprits []ClientUsage) {
	r.Refused = refused
	r.Culprits = append([]ClientUsage(nil), culprits[:min(len(culprits), culpritsKept)]...)
}

// blamed names those who were refused, for a sentence.
func (r *Rotation) blamed() string {
	if len(r.Culprits) == 0 {
		return fmt.Sprintf("%d refused logins of unknown clients", r.Refused)
	}
	const named = 3
	var names []string
	for i, c := range r.Culprits {
		if i == named {
			names = append(names, fmt.Sprintf("and %d more", len(r.Culprits)-named))
			break
		}
		names = append(names, c.String())
	}
	return fmt.Sprintf("%d refused logins of %s", r.Refused, strings.Join(names, ", "))
}

// NoteEvicted records that connections of the old credential were ended.
func (g *ReplicationGroup) NoteEvicted(connections int64, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationWatching); err != nil {
		return nil, err
	}
	first := g.Rotation.Evicted == 0
	g.Rotation.Evicted += connections
	if !first {
		return nil, nil
	}
	return []Event{g.rotationEvent(now, "connections that were opened with %s are being ended over %s", g.Rotation.Old, shortDuration(g.Rotation.Spec.EvictOver))}, nil
}

// NoteRotationProblem records what holds the rotation up. The next step takes it back.
func (g *ReplicationGroup) NoteRotationProblem(problem string, now time.Time) ([]Event, error) {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil, g.noRotation()
	}
	g.Rotation = g.Rotation.clone()
	g.Rotation.Problem = problem
	return []Event{g.rotationEvent(now, "held up, and tried again: %s", problem)}, nil
}

// NoteRotation records what the rotation's owner should know, once.
func (g *ReplicationGroup) NoteRotation(note string, now time.Time) ([]Event, error) {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil, g.noRotation()
	}
	if slices.Contains(g.Rotation.Notes, note) {
		return nil, nil
	}
	g.Rotation = g.Rotation.clone()
	g.Rotation.Notes = append(g.Rotation.Notes, note)
	return []Event{g.rotationEvent(now, "%s", note)}, nil
}
