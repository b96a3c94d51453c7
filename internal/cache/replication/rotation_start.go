package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// errNoRotation is the refusal of what needs one.
const errNoRotation = "Replication group %s has no AUTH token rotation under way."

// RotationUnderWay refuses what must not happen during a rotation: the error is of [cache.KindState]. It returns nil when no
// rotation is under way; one that is over and has only not been taken from the group yet does not count.
func (g *Group) RotationUnderWay() error {
	if g.Rotation == nil || g.Rotation.State.Final() {
		return nil
	}
	return cache.Refuse(cache.KindState, cache.ResourceReplicationGroup,
		cache.Say(cache.FactRotationForbids, "group", g.ID, "rotation", g.Rotation.ID, "state", g.Rotation.State))
}

func (g *Group) noRotation() error {
	return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, errNoRotation, g.ID)
}

// StartRotation begins a guided rotation. Salt is random and secret. Errors: [cache.KindState]
// when the group is not available or has a rotation under way, and what the spec deserves.
func (g *Group) StartRotation(spec rotation.Spec, cause rotation.Cause, salt string, now time.Time) ([]cache.Event, error) {
	if err := g.RotationUnderWay(); err != nil {
		return nil, err
	}
	if g.Status != cache.StatusAvailable {
		return nil, g.mustBeAvailable()
	}
	if !g.TransitEncryption {
		return nil, token.ErrNeedsTLS
	}
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	r := &rotation.Rotation{ID: "rotation-" + cache.NewUID(), GroupID: g.ID, Cause: cause, Spec: spec, Salt: salt, StartedAt: now}
	held := g.Tokens.Credentials()
	switch {
	case spec.Adopt && len(held) == 1:
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup,
			"Replication group %s accepts %s alone; there is no rotation to finish.", g.ID, g.Tokens)
	case spec.Adopt && held[1].Digest.Equal(g.Undelivered):
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup,
			"The token %s may have reached nobody: the rotation that made it ended before it was delivered. Start a new rotation, which replaces the token.", held[1])
	case spec.Adopt:
		r.Old, r.New, r.Salt, r.RotatedAt, r.DeliveredAt = held[0], held[1], "", now, now
		r.Enter(rotation.Waiting, now)
	case len(held) == 2 && !held[1].Digest.Equal(g.Undelivered):
		return nil, cache.Refuse(cache.KindState, cache.ResourceReplicationGroup, cache.Say(cache.FactTwoHeld, "group", g.ID, "tokens", g.Tokens))
	default:
		r.Old = held[0]
		r.Enter(rotation.Pending, now)
	}
	g.TakeRotation()
	g.Rotation = r
	return []cache.Event{g.Tell(now, cache.Say(cache.FactRotationBegun, "rotation", r.ID, "group", g.ID, "cause", cause, "old", r.Old))}, nil
}
