package cache

import "time"

// This file has the steps of a guided rotation that lead back.

// EndBrownout brings the old credential back after a brownout that found clients, which
// then have to leave once more.
func (g *ReplicationGroup) EndBrownout(refused int64, culprits []ClientUsage, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationBrownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	if err := g.changeTokens(TokenSetOf(r.Old, r.New), StrategyRestore, now); err != nil {
		return nil, err
	}
	r.BrownoutAt, r.FinishNow = now, false
	r.Blame(refused, culprits)
	r.Enter(RotationWaiting, now)
	return []Event{g.rotationEvent(now, FactBrownoutFound, "old", r.Old, "refused", r.Blamed())}, nil
}

// RollBack brings the old credential back after SET, beside the new one, which its destination has. The old one is the
// older one again, so SET of the new one finishes what was begun. Without refused logins, it is its owner who asked for
// it.
func (g *ReplicationGroup) RollBack(refused int64, culprits []ClientUsage, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationSetting, RotationWatching); err != nil {
		return nil, err
	}
	r := g.Rotation
	if err := g.changeTokens(TokenSetOf(r.Old, r.New), StrategyRestore, now); err != nil {
		return nil, err
	}
	r.Blame(refused, culprits)
	r.Reason = Say(FactOwnerRolledBack)
	if refused > 0 {
		r.Reason = Say(FactStillUsed, "old", r.Old, "refused", r.Blamed())
	}
	r.Enter(RotationRollingBack, now)
	return []Event{g.rotationEvent(now, FactRolledBack, "reason", r.Reason, "old", r.Old)}, nil
}

// CancelRotation ends a rotation before SET. A token that nobody can have yet is taken back; any
// other stays accepted beside the old one.
func (g *ReplicationGroup) CancelRotation(now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationPending, RotationRotating, RotationDelivering, RotationWaiting, RotationBrownout); err != nil {
		return nil, err
	}
	r := g.Rotation
	r.Reason = Say(FactOwnerCancelled)
	switch r.State {
	case RotationDelivering: // it may be on its way just now; who delivers it ends the rotation
		r.CancelNow = true
		return []Event{g.rotationEvent(now, FactCancelWanted)}, nil
	case RotationBrownout:
		return g.takeBack(TokenSetOf(r.Old, r.New), now)
	case RotationRotating:
		return g.takeBack(TokenSetOf(r.Old), now)
	}
	r.Enter(RotationCancelled, now)
	return []Event{g.rotationEvent(now, FactCancelled, "tokens", g.Tokens)}, nil
}

// takeBack has the nodes told of what is accepted after a rotation was cancelled.
func (g *ReplicationGroup) takeBack(to TokenSet, now time.Time) ([]Event, error) {
	if err := g.changeTokens(to, StrategyRestore, now); err != nil {
		return nil, err
	}
	g.Rotation.Enter(RotationCancelling, now)
	return []Event{g.rotationEvent(now, FactGoesBack, "reason", g.Rotation.Reason, "tokens", to)}, nil
}

// EndDelivery ends a rotation whose token could not be delivered, or that was cancelled
// meanwhile. Whoever delivers cannot be sure that nobody has the token, so it stays accepted; the
// next rotation replaces it.
func (g *ReplicationGroup) EndDelivery(reason Saying, now time.Time) ([]Event, error) {
	if err := g.rotationIs(RotationDelivering); err != nil {
		return nil, err
	}
	r, end := g.Rotation, RotationCancelled
	if !r.CancelNow {
		r.Reason, end = reason, RotationFailed
	}
	g.Undelivered = r.New.Digest
	r.Enter(end, now)
	return []Event{g.rotationEvent(now, FactDeliveryEnded, "state", end, "reason", r.Reason, "tokens", g.Tokens)}, nil
}
