package cache

import (
	"time"
)

// This file has the steps of a guided rotation. Each is refused with a [KindState] error
// unless the rotation is where the step begins; none changes anything then.

// RotateIn begins ROTATE with the rotation's new token.
func (g *ReplicationGroup) RotateIn(token Digest, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationPending); err != nil {
		return nil, err
	}
	before := g.Tokens
	// Beside the old one there may be a token that an earlier rotation did not deliver.
	next, err := TokenSetOf(g.Rotation.Old).Rotate(token, now)
	if err != nil {
		return nil, err
	}
	if err := g.changeTokens(next, StrategyRotate, now); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.New = Credential{Digest: token, AddedAt: now}
	r.Enter(RotationRotating, now)
	return []Event{g.rotationEvent(now, FactRotateRequested, "from", before, "to", next)}, nil
}

// NoteRotated records that every node accepts both credentials.
func (g *ReplicationGroup) NoteRotated(now time.Time) error {
	if err := g.rotationIs(RotationRotating); err != nil {
		return err
	}
	g.Rotation.RotatedAt = now
	g.Rotation.Enter(RotationDelivering, now)
	return nil
}

// NoteDelivered records that the destination has the new token.
func (g *ReplicationGroup) NoteDelivered(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationDelivering); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.DeliveredAt = now
	r.Enter(RotationWaiting, now)
	return []Event{g.rotationEvent(now, FactDelivered, "token", r.New, "to", r.Spec.Delivery, "old", r.Old)}, nil
}

// Finish lets a rotation that waits end the old credential now.
func (g *ReplicationGroup) Finish(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationWaiting); err != nil {
		return nil, err
	}
	g.Rotation.FinishNow = true
	return []Event{g.rotationEvent(now, FactFinishWanted)}, nil
}

// EndOld begins SET: as a brownout, or for good. refused is how many logins with the old
// credential each node has refused until now.
func (g *ReplicationGroup) EndOld(brownout bool, refused map[string]int64, now time.Time) ([]Event, error) {
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
	r := g.Rotation
	r.RefusedFrom, r.RefusedSince, r.Refused = refused, now, 0
	if brownout {
		r.Enter(RotationBrownout, now)
		return []Event{g.rotationEvent(now, FactBrownoutBegun, "time", r.Spec.Brownout, "from", before, "to", next)}, nil
	}
	r.Enter(RotationSetting, now)
	return []Event{g.rotationEvent(now, FactSetRequested, "from", before, "to", next)}, nil
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
	r.Enter(RotationWatching, now)
	return []Event{g.rotationEvent(now, FactSetProven, "token", r.New, "old", r.Old, "time", r.Spec.Grace)}, nil
}

// RequestRollBack has the old credential brought back although no refused logins call for that: its owner wants it. The
// next step is [ReplicationGroup.RollBack].
func (g *ReplicationGroup) RequestRollBack(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationSetting, RotationWatching); err != nil {
		return nil, err
	}
	g.Rotation.RollBackNow = true
	return []Event{g.rotationEvent(now, FactRollBackWanted)}, nil
}

// FailRotation gives a rotation up that cannot go on. What is accepted stays.
func (g *ReplicationGroup) FailRotation(reason Saying, now time.Time) []Event {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil
	}
	g.Rotation = g.Rotation.Clone()
	g.Rotation.Reason = reason
	g.Rotation.Enter(RotationFailed, now)
	return []Event{g.rotationEvent(now, FactRotationFailed, "reason", reason, "tokens", g.Tokens)}
}

// ConcludeRotation gives a rotation its end when its last change is on every node, or its
// grace time is over. refused is how many logins with the old credential were refused in it.
func (g *ReplicationGroup) ConcludeRotation(refused int64, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationWatching, RotationRollingBack, RotationCancelling); err != nil {
		return nil, err
	}
	r := g.Rotation
	switch r.State {
	case RotationWatching:
		r.Refused = refused
		r.Enter(RotationDone, now)
	case RotationRollingBack:
		r.Enter(RotationRolledBack, now)
	default:
		r.Enter(RotationCancelled, now)
	}
	return []Event{g.rotationEvent(now, FactConcluded, "state", r.State, "tokens", g.Tokens)}, nil
}

// TakeRotation removes a rotation that is over from the group; its receipt is to be stored with it. The group's schedule
// takes note of how it ended.
func (g *ReplicationGroup) TakeRotation() {
	if g.Rotation == nil || !g.Rotation.State.Final() {
		return
	}
	if g.RotationSchedule != nil {
		g.RotationSchedule = g.RotationSchedule.NoteEnd(g.Rotation)
	}
	g.Over.Rotation, g.Rotation = g.Rotation, nil
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

// rotationIs refuses a step unless the rotation is in one of the states. It also takes a copy of the rotation, so that
// whoever read the group before the step keeps what was read.
func (g *ReplicationGroup) rotationIs(states ...RotationState) error {
	if g.Rotation == nil {
		return g.noRotation()
	}
	for _, s := range states {
		if g.Rotation.State == s {
			g.Rotation = g.Rotation.Clone()
			return nil
		}
	}
	return ResourceErrorf(KindState, ResourceReplicationGroup, "The AUTH token rotation %s of replication group %s is %s.", g.Rotation.ID, g.ID, g.Rotation.State)
}

// rotationEvent tells what becomes of the rotation; see [Say].
func (g *ReplicationGroup) rotationEvent(now time.Time, code FactCode, values ...any) Event {
	return g.rotationTells(now, Say(code, values...))
}

func (g *ReplicationGroup) rotationTells(now time.Time, what Saying) Event {
	return g.Tell(now, Say(FactRotation, "rotation", g.Rotation.ID, "group", g.ID, "what", what))
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
	return []Event{g.rotationEvent(now, FactEvicting, "old", g.Rotation.Old, "time", g.Rotation.Spec.EvictOver)}, nil
}

// NoteRotationProblem records what holds the rotation up; empty: nothing does any more, which the
// next step says too. Only the first problem is told as an event: it may be worded anew with
// each try.
func (g *ReplicationGroup) NoteRotationProblem(problem Saying, now time.Time) ([]Event, error) {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil, g.noRotation()
	}
	g.Rotation = g.Rotation.Clone()
	first := g.Rotation.Problem.Empty()
	g.Rotation.Problem, g.Rotation.ProblemAt = problem, now
	if !first || problem.Empty() {
		return nil, nil
	}
	return []Event{g.rotationEvent(now, FactHeldUp, "problem", problem)}, nil
}

// NoteRotation records what the rotation's owner should know, once.
func (g *ReplicationGroup) NoteRotation(note Saying, now time.Time) ([]Event, error) {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil, g.noRotation()
	}
	if g.Rotation.Noted(note) {
		return nil, nil
	}
	g.Rotation = g.Rotation.Clone()
	g.Rotation.Notes = append(g.Rotation.Notes, note)
	return []Event{g.rotationTells(now, note)}, nil
}
