package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// This file has the steps of a guided rotation that lead back.

// EndBrownout brings the old credential back after a brownout that found clients, which
// then have to leave once more.
func (g *Group) EndBrownout(refused int64, culprits []usage.Client, now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Brownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	if err := g.changeTokens(token.SetOf(r.Old, r.New), token.StrategyRestore, now); err != nil {
		return nil, err
	}
	r.BrownoutAt, r.FinishNow = now, false
	r.Blame(refused, culprits)
	r.Enter(rotation.Waiting, now)
	return []cache.Event{g.rotationEvent(now, cache.FactBrownoutFound, "old", r.Old, "refused", r.Blamed())}, nil
}

// RollBack brings the old credential back after SET, beside the new one, which its destination has. The old one is the
// older one again, so SET of the new one finishes what was begun. Without refused logins, it is its owner who asked for
// it.
func (g *Group) RollBack(refused int64, culprits []usage.Client, now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Setting, rotation.Watching); err != nil {
		return nil, err
	}
	r := g.Rotation
	if err := g.changeTokens(token.SetOf(r.Old, r.New), token.StrategyRestore, now); err != nil {
		return nil, err
	}
	r.Blame(refused, culprits)
	r.Reason = cache.Say(cache.FactOwnerRolledBack)
	if refused > 0 {
		r.Reason = cache.Say(cache.FactStillUsed, "old", r.Old, "refused", r.Blamed())
	}
	r.Enter(rotation.RollingBack, now)
	return []cache.Event{g.rotationEvent(now, cache.FactRolledBack, "reason", r.Reason, "old", r.Old)}, nil
}

// CancelRotation ends a rotation before SET. A token that nobody can have yet is taken back; any
// other stays accepted beside the old one.
func (g *Group) CancelRotation(now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Pending, rotation.Rotating, rotation.Delivering, rotation.Waiting, rotation.Brownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.Reason = cache.Say(cache.FactOwnerCancelled)
	switch r.State {
	case rotation.Delivering: // it may be on its way just now; who delivers it ends the rotation
		r.CancelNow = true
		return []cache.Event{g.rotationEvent(now, cache.FactCancelWanted)}, nil
	case rotation.Brownout:
		return g.takeBack(token.SetOf(r.Old, r.New), now)
	case rotation.Rotating:
		return g.takeBack(token.SetOf(r.Old), now)
	}
	r.Enter(rotation.Cancelled, now)
	return []cache.Event{g.rotationEvent(now, cache.FactCancelled, "tokens", g.Tokens)}, nil
}

// takeBack has the nodes told of what is accepted after a rotation was cancelled.
func (g *Group) takeBack(to token.Set, now time.Time) ([]cache.Event, error) {
	if err := g.changeTokens(to, token.StrategyRestore, now); err != nil {
		return nil, err
	}
	g.Rotation.Enter(rotation.Cancelling, now)
	return []cache.Event{g.rotationEvent(now, cache.FactGoesBack, "reason", g.Rotation.Reason, "tokens", to)}, nil
}

// EndDelivery ends a rotation whose token could not be delivered, or that was cancelled
// meanwhile. Whoever delivers cannot be sure that nobody has the token, so it stays accepted; the
// next rotation replaces it.
func (g *Group) EndDelivery(reason cache.Saying, now time.Time) ([]cache.Event, error) {
	if err := g.rotationIs(rotation.Delivering); err != nil {
		return nil, err
	}
	r, end := g.Rotation, rotation.Cancelled
	if !r.CancelNow {
		r.Reason, end = reason, rotation.Failed
	}
	g.Undelivered = r.New.Digest
	r.Enter(end, now)
	return []cache.Event{g.rotationEvent(now, cache.FactDeliveryEnded, "state", end, "reason", r.Reason, "tokens", g.Tokens)}, nil
}
