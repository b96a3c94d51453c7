package rotation

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// This file has the steps that lead on.

// Begin makes the rotation of a group that accepts held, and whose clients connect as transit says; salt is random and secret, and undelivered a token of an earlier
// rotation that may have reached nobody. Errors: [cache.KindState] when there is nothing to finish, or no place for
// another token, and what the spec deserves.
func Begin(groupID string, spec Spec, cause Cause, salt string, held token.Set, transit cache.Transit, undelivered token.Digest, now time.Time) (*Rotation, error) {
	spec = spec.withDefaults()
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	r := &Rotation{ID: "rotation-" + cache.NewUID(), GroupID: groupID, Cause: cause, Spec: spec, Salt: salt, StartedAt: now}
	all := held.Credentials()
	switch {
	case spec.Adopt && len(all) == 1:
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup,
			"Replication group %s accepts %s alone; there is no rotation to finish.", groupID, held)
	case spec.Adopt && all[1].Digest.Equal(undelivered):
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup,
			"The token %s may have reached nobody: the rotation that made it ended before it was delivered. Start a new rotation, which replaces the token.", all[1])
	case spec.Adopt:
		r.Old, r.New, r.Salt, r.RotatedAt, r.DeliveredAt = all[0], all[1], "", now, now
		r.enter(Waiting, now)
	case len(all) == 2 && !all[1].Digest.Equal(undelivered):
		return nil, cache.Refuse(cache.KindState, cache.ResourceReplicationGroup, cache.Say(cache.FactTwoHeld, "group", groupID, "tokens", held))
	default:
		r.Old = all[0]
		r.enter(r.beforeTLS(transit, now), now)
	}
	return r, nil
}

// RotateIn begins ROTATE with the rotation's new token.
func RotateIn(digest token.Digest) Step {
	return func(r *Rotation, held token.Set, now time.Time) (Effect, error) {
		if err := r.from(Pending); err != nil {
			return Effect{}, err
		}
		// Beside the old one there may be a token that an earlier rotation did not deliver.
		next, err := token.SetOf(r.Old).Rotate(digest, now)
		if err != nil {
			return Effect{}, err
		}
		r.New = token.Credential{Digest: digest, AddedAt: now}
		r.enter(Rotating, now)
		return change(next, token.StrategyRotate, cache.Say(cache.FactRotateRequested, "from", held, "to", next)), nil
	}
}

// NoteRotated records that every node accepts both credentials.
func NoteRotated(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
	if err := r.from(Rotating); err != nil {
		return Effect{}, err
	}
	r.RotatedAt = now
	r.enter(Delivering, now)
	return Effect{}, nil
}

// NoteDelivered records that the destination has the new token.
func NoteDelivered(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
	if err := r.from(Delivering); err != nil {
		return Effect{}, err
	}
	r.DeliveredAt = now
	r.enter(Waiting, now)
	return tell(cache.Say(cache.FactDelivered, "token", r.New, "to", r.Spec.Delivery, "old", r.Old)), nil
}

// Finish lets a rotation that waits end the old credential, or plaintext, now.
func Finish(r *Rotation, _ token.Set, _ time.Time) (Effect, error) {
	if err := r.from(Waiting, AwaitingTLS); err != nil {
		return Effect{}, err
	}
	r.FinishNow = true
	return tell(cache.Say(cache.FactFinishWanted)), nil
}

// EndOld begins SET: as a brownout, or for good. refused is how many logins with the old
// credential each node has refused until now.
func EndOld(brownout bool, refused map[string]int64) Step {
	return func(r *Rotation, held token.Set, now time.Time) (Effect, error) {
		if err := r.from(Waiting); err != nil {
			return Effect{}, err
		}
		next, err := held.Set(r.New.Digest)
		if err != nil {
			return Effect{}, err
		}
		r.RefusedFrom, r.RefusedSince, r.Refused = refused, now, 0
		if brownout {
			r.enter(Brownout, now)
			return change(next, token.StrategySet, cache.Say(cache.FactBrownoutBegun, "time", r.Spec.Brownout, "from", held, "to", next)), nil
		}
		r.enter(Setting, now)
		return change(next, token.StrategySet, cache.Say(cache.FactSetRequested, "from", held, "to", next)), nil
	}
}

// NoteSet records that no node accepts the old credential.
func NoteSet(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
	if err := r.from(Setting, Brownout); err != nil {
		return Effect{}, err
	}
	if r.State == Brownout {
		r.BrownoutAt = now
	}
	r.SetAt, r.Salt = now, ""
	r.enter(Watching, now)
	return tell(cache.Say(cache.FactSetProven, "token", r.New, "old", r.Old, "time", r.Spec.Grace)), nil
}

// Conclude gives a rotation its end when its last change is on every node, or its
// grace time is over. refused is how many logins with the old credential were refused in it.
func Conclude(refused int64) Step {
	return func(r *Rotation, held token.Set, now time.Time) (Effect, error) {
		if err := r.from(Watching, RollingBack, Cancelling); err != nil {
			return Effect{}, err
		}
		switch r.State {
		case Watching:
			r.Refused = refused
			r.enter(Done, now)
		case RollingBack:
			r.enter(RolledBack, now)
		default:
			r.enter(Cancelled, now)
		}
		return tell(cache.Say(cache.FactConcluded, "state", r.State, "tokens", held)), nil
	}
}
