package rotation

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// This file has the steps that lead back, or to an end before the end.

// EndBrownout brings the old credential back after a brownout that found clients, which
// then have to leave once more.
func EndBrownout(refused int64, culprits []usage.Client) Step {
	return func(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
		if err := r.from(Brownout); err != nil {
			return Effect{}, err
		}
		r.BrownoutAt, r.FinishNow = now, false
		r.blame(refused, culprits)
		r.enter(Waiting, now)
		return change(r.both(), token.StrategyRestore, cache.Say(cache.FactBrownoutFound, "old", r.Old, "refused", r.blamed())), nil
	}
}

// RequestRollBack has the old credential brought back, though its end is not refuted by
// refused logins: its owner knows better. The next step is [RollBack].
func RequestRollBack(r *Rotation, _ token.Set, _ time.Time) (Effect, error) {
	if err := r.from(Setting, Watching); err != nil {
		return Effect{}, err
	}
	r.RollBackNow = true
	return tell(cache.Say(cache.FactRollBackWanted)), nil
}

// RollBack brings the old credential back after SET, beside the new one, which its destination
// has. The old one is the older again: SET of the new one takes up what was begun. With no refused
// logins it is its owner's wish.
func RollBack(refused int64, culprits []usage.Client) Step {
	return func(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
		if err := r.from(Setting, Watching); err != nil {
			return Effect{}, err
		}
		r.blame(refused, culprits)
		r.Reason = cache.Say(cache.FactOwnerRolledBack)
		if refused > 0 {
			r.Reason = cache.Say(cache.FactStillUsed, "old", r.Old, "refused", r.blamed())
		}
		r.enter(RollingBack, now)
		return change(r.both(), token.StrategyRestore, cache.Say(cache.FactRolledBack, "reason", r.Reason, "old", r.Old)), nil
	}
}

// Cancel ends a rotation before SET. A token that nobody can have yet is taken back; any
// other stays accepted beside the old one. TLS stays, for clients may use it already; plaintext does beside it, unless it has ended.
func Cancel(r *Rotation, held token.Set, now time.Time) (Effect, error) {
	if err := r.from(OfferingTLS, AwaitingTLS, RequiringTLS, Pending, Rotating, Delivering, Waiting, Brownout); err != nil {
		return Effect{}, err
	}
	r.Reason = cache.Say(cache.FactOwnerCancelled)
	switch r.State {
	case RequiringTLS:
		r.enter(Cancelling, now)
		return encrypt(cache.TransitPreferred, cache.Say(cache.FactTLSStaysOffered, "reason", r.Reason)), nil
	case Delivering: // it may be on its way just now; who delivers it ends the rotation
		r.CancelNow = true
		return tell(cache.Say(cache.FactCancelWanted)), nil
	case Brownout:
		return r.takeBack(r.both(), now), nil
	case Rotating:
		return r.takeBack(token.SetOf(r.Old), now), nil
	}
	r.enter(Cancelled, now)
	return tell(cache.Say(cache.FactCancelled, "tokens", held)), nil
}

// takeBack has the nodes told of what is accepted after a rotation was cancelled.
func (r *Rotation) takeBack(to token.Set, now time.Time) Effect {
	r.enter(Cancelling, now)
	return change(to, token.StrategyRestore, cache.Say(cache.FactGoesBack, "reason", r.Reason, "tokens", to))
}

// EndDelivery ends a rotation whose token could not be delivered, or that was cancelled
// meanwhile. Whoever delivers cannot be sure that nobody has the token, so it stays accepted; the
// next rotation replaces it.
func EndDelivery(reason cache.Saying) Step {
	return func(r *Rotation, held token.Set, now time.Time) (Effect, error) {
		if err := r.from(Delivering); err != nil {
			return Effect{}, err
		}
		end := Cancelled
		if !r.CancelNow {
			r.Reason, end = reason, Failed
		}
		r.enter(end, now)
		effect := tell(cache.Say(cache.FactDeliveryEnded, "state", end, "reason", r.Reason, "tokens", held))
		effect.Undelivered = r.New.Digest
		return effect, nil
	}
}

// Fail gives a rotation up that cannot go on. What is accepted stays.
func Fail(reason cache.Saying) Step {
	return func(r *Rotation, held token.Set, now time.Time) (Effect, error) {
		if err := r.underWay(); err != nil {
			return Effect{}, err
		}
		r.Reason = reason
		r.enter(Failed, now)
		return tell(cache.Say(cache.FactRotationFailed, "reason", reason, "tokens", held)), nil
	}
}

// both are the old credential and the new one.
func (r *Rotation) both() token.Set { return token.SetOf(r.Old, r.New) }
