package cache

import (
	"time"
)

// errNoRotation is the refusal of what needs one.
const errNoRotation = "Replication group %s has no AUTH token rotation under way."

// RotationUnderWay refuses what must not happen during a rotation: the error is of [KindState]. It returns nil when no
// rotation is under way; one that is over and has only not been taken from the group yet does not count.
func (g *ReplicationGroup) RotationUnderWay() error {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil
	}
	return Refuse(KindState, ResourceReplicationGroup,
		Say(FactRotationForbids, "group", g.ID, "rotation", g.Rotation.ID, "state", g.Rotation.State))
}

func (g *ReplicationGroup) noRotation() error {
	return ResourceErrorf(KindState, ResourceReplicationGroup, errNoRotation, g.ID)
}

// StartRotation begins a guided rotation. Salt is random and secret. Errors: [KindState]
// when the group is not available or has a rotation under way, and what the spec deserves.
func (g *ReplicationGroup) StartRotation(spec RotationSpec, cause RotationCause, salt string, now time.Time) ([]Event, error) {
	if err := g.RotationUnderWay(); err != nil {
		return nil, err
	}
	if g.Status != StatusAvailable {
		return nil, g.mustBeAvailable()
	}
	if !g.TransitEncryption {
		return nil, ErrTokenNeedsTLS
	}
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	r := &Rotation{ID: "rotation-" + NewUID(), GroupID: g.ID, Cause: cause, Spec: spec, Salt: salt, StartedAt: now}
	held := g.Tokens.Credentials()
	switch {
	case spec.Adopt && len(held) == 1:
		return nil, ResourceErrorf(KindState, ResourceReplicationGroup,
			"Replication group %s accepts %s alone; there is no rotation to finish.", g.ID, g.Tokens)
	case spec.Adopt && held[1].Digest.Equal(g.Undelivered):
		return nil, ResourceErrorf(KindState, ResourceReplicationGroup,
			"The token %s may have reached nobody: the rotation that made it ended before it was delivered. Start a new rotation, which replaces the token.", held[1])
	case spec.Adopt:
		r.Old, r.New, r.Salt, r.RotatedAt, r.DeliveredAt = held[0], held[1], "", now, now
		r.Enter(RotationWaiting, now)
	case len(held) == 2 && !held[1].Digest.Equal(g.Undelivered):
		return nil, Refuse(KindState, ResourceReplicationGroup, Say(FactTwoHeld, "group", g.ID, "tokens", g.Tokens))
	default:
		r.Old = held[0]
		r.Enter(RotationPending, now)
	}
	g.TakeRotation()
	g.Rotation = r
	return []Event{g.Tell(now, Say(FactRotationBegun, "rotation", r.ID, "group", g.ID, "cause", cause, "old", r.Old))}, nil
}
