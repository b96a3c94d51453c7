package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// RotationUnderWay refuses what must not happen during a rotation: the error is of [cache.KindState]. It returns nil when no
// rotation is under way; one that is over and has only not been taken from the group yet does not count.
func (g *Group) RotationUnderWay() error {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil
	}
	return cache.Refuse(cache.KindState, cache.ResourceReplicationGroup,
		cache.Say(cache.FactRotationForbids, "group", g.ID, "rotation", g.Rotation.ID, "state", g.Rotation.State))
}

// StartRotation begins a guided rotation. Salt is random and secret. Errors: [cache.KindState]
// when the group is not available or has a rotation under way, and those of [rotation.Begin].
func (g *Group) StartRotation(spec rotation.Spec, cause rotation.Cause, salt string, now time.Time) ([]cache.Event, error) {
	if err := g.RotationUnderWay(); err != nil {
		return nil, err
	}
	if g.Status != cache.StatusAvailable {
		return nil, g.mustBeAvailable()
	}
	if g.UserGroup != "" {
		return nil, errTokenBesideUsers
	}
	if g.Transit != cache.TransitRequired && !spec.Secure {
		return nil, token.ErrNeedsTLS
	}
	r, err := rotation.Begin(g.ID, spec, cause, salt, g.Tokens, g.Transit, g.Undelivered, now)
	if err != nil {
		return nil, err
	}
	g.TakeRotation()
	g.Rotation = r
	return []cache.Event{g.Tell(now, cache.Say(cache.FactRotationBegun, "rotation", r.ID, "group", g.ID, "cause", cause, "old", r.Old))}, nil
}

// Turn takes a step of the group's rotation, with what it does to the tokens, and to encryption in transit. Unlike a change that is asked for over the
// API, that does not wait for another one. Errors: those of the step, and [cache.KindState] if there is no rotation, or
// the group cannot change. Nothing is changed then; and who has read the group before keeps what was read.
func (g *Group) Turn(step rotation.Step, now time.Time) ([]cache.Event, error) {
	if g.Rotation == nil {
		return nil, rotation.NoneUnderWay(g.ID)
	}
	next := g.Rotation.Clone()
	effect, err := step(next, g.Tokens, now)
	if err != nil {
		return nil, err
	}
	if effect.Tokens != nil || effect.Transit != nil {
		if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable, cache.StatusModifying); err != nil {
			return nil, err
		}
	}
	if effect.Tokens != nil {
		g.Tokens, g.TokenChange, g.TokensModifiedAt = *effect.Tokens, effect.How, now
	}
	if effect.Transit != nil {
		g.setTransit(*effect.Transit)
	}
	if effect.Undelivered != (token.Digest{}) {
		g.Undelivered = effect.Undelivered
	}
	g.Rotation = next
	var events []cache.Event
	for _, what := range effect.Told {
		events = append(events, g.Tell(now, cache.Say(cache.FactRotation, "rotation", next.ID, "group", g.ID, "what", what)))
	}
	return events, nil
}

// FailRotation gives up a rotation that cannot go on, if there is one under way. What is accepted stays.
func (g *Group) FailRotation(reason cache.Saying, now time.Time) []cache.Event {
	events, err := g.Turn(rotation.Fail(reason), now)
	if err != nil {
		return nil // there is none
	}
	return events
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
