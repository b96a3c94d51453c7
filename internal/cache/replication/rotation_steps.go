package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// This file has the steps of a guided rotation. Each is refused with a [cache.KindState] error
// unless the rotation is where the step begins; none changes anything then.

// RotateIn begins ROTATE with the rotation's new token.
func (g *Group) RotateIn(digest token.Digest, now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Pending); err != nil {
		return nil, err
	}
	before := g.Tokens
	// Beside the old one there may be a token that an earlier rotation did not deliver.
	next, err := token.SetOf(g.Rotation.Old).Rotate(digest, now)
	if err != nil {
		return nil, err
	}
	if err := g.changeTokens(next, token.StrategyRotate, now); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.New = token.Credential{Digest: digest, AddedAt: now}
	r.Enter(rotation.Rotating, now)
	return []cache.Event{g.rotationEvent(now, cache.FactRotateRequested, "from", before, "to", next)}, nil
}

// NoteRotated records that every node accepts both credentials.
func (g *Group) NoteRotated(now time.Time) error {
	if err := g.rotationIs(rotation.Rotating); err != nil {
		return err
	}
	g.Rotation.RotatedAt = now
	g.Rotation.Enter(rotation.Delivering, now)
	return nil
}

// NoteDelivered records that the destination has the new token.
func (g *Group) NoteDelivered(now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Delivering); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.DeliveredAt = now
	r.Enter(rotation.Waiting, now)
	return []cache.Event{g.rotationEvent(now, cache.FactDelivered, "token", r.New, "to", r.Spec.Delivery, "old", r.Old)}, nil
}

// Finish lets a rotation that waits end the old credential now.
func (g *Group) Finish(now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Waiting); err != nil {
		return nil, err
	}
	g.Rotation.FinishNow = true
	return []cache.Event{g.rotationEvent(now, cache.FactFinishWanted)}, nil
}

// EndOld begins SET: as a brownout, or for good. refused is how many logins with the old
// credential each node has refused until now.
func (g *Group) EndOld(brownout bool, refused map[string]int64, now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Waiting); err != nil {
		return nil, err
	}
	before := g.Tokens
	next, err := before.Set(g.Rotation.New.Digest)
	if err != nil {
		return nil, err
	}
	if err := g.changeTokens(next, token.StrategySet, now); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.RefusedFrom, r.RefusedSince, r.Refused = refused, now, 0
	if brownout {
		r.Enter(rotation.Brownout, now)
		return []cache.Event{g.rotationEvent(now, cache.FactBrownoutBegun, "time", r.Spec.Brownout, "from", before, "to", next)}, nil
	}
	r.Enter(rotation.Setting, now)
	return []cache.Event{g.rotationEvent(now, cache.FactSetRequested, "from", before, "to", next)}, nil
}

// NoteSet records that no node accepts the old credential.
func (g *Group) NoteSet(now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Setting, rotation.Brownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	if r.State == rotation.Brownout {
		r.BrownoutAt = now
	}
	r.SetAt, r.Salt = now, ""
	r.Enter(rotation.Watching, now)
	return []cache.Event{g.rotationEvent(now, cache.FactSetProven, "token", r.New, "old", r.Old, "time", r.Spec.Grace)}, nil
}

// RequestRollBack has the old credential brought back although no refused logins call for that: its owner wants it. The
// next step is [Group.RollBack].
func (g *Group) RequestRollBack(now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Setting, rotation.Watching); err != nil {
		return nil, err
	}
	g.Rotation.RollBackNow = true
	return []cache.Event{g.rotationEvent(now, cache.FactRollBackWanted)}, nil
}

// FailRotation gives a rotation up that cannot go on. What is accepted stays.
func (g *Group) FailRotation(reason cache.Saying, now time.Time) []cache.Event {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil
	}
	g.Rotation = g.Rotation.Clone()
	g.Rotation.Reason = reason
	g.Rotation.Enter(rotation.Failed, now)
	return []cache.Event{g.rotationEvent(now, cache.FactRotationFailed, "reason", reason, "tokens", g.Tokens)}
}

// ConcludeRotation gives a rotation its end when its last change is on every node, or its
// grace time is over. refused is how many logins with the old credential were refused in it.
func (g *Group) ConcludeRotation(refused int64, now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Watching, rotation.RollingBack, rotation.Cancelling); err != nil {
		return nil, err
	}
	r := g.Rotation
	switch r.State {
	case rotation.Watching:
		r.Refused = refused
		r.Enter(rotation.Done, now)
	case rotation.RollingBack:
		r.Enter(rotation.RolledBack, now)
	default:
		r.Enter(rotation.Cancelled, now)
	}
	return []cache.Event{g.rotationEvent(now, cache.FactConcluded, "state", r.State, "tokens", g.Tokens)}, nil
}

// TakeRotation removes a rotation that is over from the group; its receipt is to be stored with it. The group's schedule
// takes note of how it ended.
func (g *Group) TakeRotation() {
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
func (g *Group) changeTokens(next token.Set, how token.Strategy, now time.Time) error {
	if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable, cache.StatusModifying); err != nil {
		return err
	}
	g.Tokens, g.TokenChange, g.TokensModifiedAt = next, how, now
	return nil
}

// rotationIs refuses a step unless the rotation is in one of the states. It also takes a copy of the rotation, so that
// whoever read the group before the step keeps what was read.
func (g *Group) rotationIs(states ...rotation.State) error {
	if g.Rotation == nil {
		return g.noRotation()
	}
	for _, s := range states {
		if g.Rotation.State == s {
			g.Rotation = g.Rotation.Clone()
			return nil
		}
	}
	return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "The AUTH token rotation %s of replication group %s is %s.", g.Rotation.ID, g.ID, g.Rotation.State)
}

// rotationEvent tells what becomes of the rotation; see [cache.Say].
func (g *Group) rotationEvent(now time.Time, code cache.FactCode, values ...any) cache.Event {
	return g.rotationTells(now, cache.Say(code, values...))
}

func (g *Group) rotationTells(now time.Time, what cache.Saying) cache.Event {
	return g.Tell(now, cache.Say(cache.FactRotation, "rotation", g.Rotation.ID, "group", g.ID, "what", what))
}

// NoteEvicted records that connections of the old credential were ended.
func (g *Group) NoteEvicted(connections int64, now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Watching); err != nil {
		return nil, err
	}
	first := g.Rotation.Evicted == 0
	g.Rotation.Evicted += connections
	if !first {
		return nil, nil
	}
	return []cache.Event{g.rotationEvent(now, cache.FactEvicting, "old", g.Rotation.Old, "time", g.Rotation.Spec.EvictOver)}, nil
}

// NoteRotationProblem records what holds the rotation up; empty: nothing does any more, which the
// next step says too. Only the first problem is told as an event: it may be worded anew with
// each try.
func (g *Group) NoteRotationProblem(problem cache.Saying, now time.Time) ([]cache.Event, error) {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil, g.noRotation()
	}
	g.Rotation = g.Rotation.Clone()
	first := g.Rotation.Problem.Empty()
	g.Rotation.Problem, g.Rotation.ProblemAt = problem, now
	if !first || problem.Empty() {
		return nil, nil
	}
	return []cache.Event{g.rotationEvent(now, cache.FactHeldUp, "problem", problem)}, nil
}

// NoteRotation records what the rotation's owner should know, once.
func (g *Group) NoteRotation(note cache.Saying, now time.Time) ([]cache.Event, error) {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil, g.noRotation()
	}
	if g.Rotation.Noted(note) {
		return nil, nil
	}
	g.Rotation = g.Rotation.Clone()
	g.Rotation.Notes = append(g.Rotation.Notes, note)
	return []cache.Event{g.rotationTells(now, note)}, nil
}
