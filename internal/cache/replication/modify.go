package cache

import (
	"slices"
	"time"
)

// Change is what is asked of a group that exists. A nil field stays as it is.
type Change struct {
	Description       *string
	MaintenanceWindow *string
	SnapshotWindow    *string
	AutoMinorUpgrade  *bool
	NodeType          *string
	Token             *TokenUpdate
	AutomaticFailover *bool
	MultiAZ           *bool
	PrimaryID         *string // the replica to promote
	Immediately       bool    // else the node type waits for the maintenance window

	// Usage is who uses the group's credentials, for the guard of a change that ends one
	// ([ReplicationGroup.UsageWanted]). Nil, or of another token set: it is not known.
	Usage *GroupUsage
}

// Modify carries a change out on the group's description, all of it or none. A change that nodes must be told of puts
// the group into modifying. The events that it returns are to be stored in the same transaction. Errors: [KindState]
// unless the group is available, [ErrNoModification], and what the values deserve.
func (g *ReplicationGroup) Modify(change Change, now time.Time) ([]Event, error) {
	if g.Status != StatusAvailable {
		return nil, g.mustBeAvailable()
	}
	next := *g.Clone()
	if err := Join(next.describe(change), next.resize(change)); err != nil {
		return nil, err
	}
	if err := next.changeAvailability(change); err != nil {
		return nil, err
	}
	events, err := next.changeToken(change, now)
	if err != nil {
		return nil, err
	}
	promotion, err := next.promote(change, g, now)
	if err != nil {
		return nil, err
	}
	if next.sameAs(g) {
		return nil, ErrNoModification
	}
	if next.needsNodes(g) {
		if err := next.transition(StatusModifying, g.mustBeAvailable(), StatusAvailable); err != nil {
			return nil, err
		}
	}
	if next.AutomaticFailover != g.AutomaticFailover {
		events = append(events, next.automaticFailoverEvent(now))
	}
	*g = next
	return append(events, promotion...), nil
}

// describe takes over what no node needs to know.
func (g *ReplicationGroup) describe(change Change) error {
	if change.Description != nil {
		g.Description = *change.Description
	}
	if change.AutoMinorUpgrade != nil {
		g.AutoMinorVersionUpgrade = *change.AutoMinorUpgrade
	}
	var maintenance, snapshot error
	_, chosen, _ := ChooseWindows(g.MaintenanceWindow, "")
	if change.MaintenanceWindow != nil {
		g.MaintenanceWindow, maintenance = ParseMaintenanceWindow(*change.MaintenanceWindow)
	}
	if change.SnapshotWindow != nil {
		g.SnapshotWindow, snapshot = ParseSnapshotWindow(*change.SnapshotWindow)
		g.SnapshotWindowGiven = true
	}
	if err := Join(maintenance, snapshot); err != nil {
		return err
	}
	switch {
	case change.MaintenanceWindow == nil && change.SnapshotWindow == nil, !WindowsOverlap(g.MaintenanceWindow, g.SnapshotWindow):
		return nil
	case !g.SnapshotWindowGiven && g.SnapshotWindow == chosen: // nobody asked for it: it makes way
		_, g.SnapshotWindow, _ = ChooseWindows(g.MaintenanceWindow, "")
		return nil
	}
	return ErrWindowsOverlap
}

func (g *ReplicationGroup) resize(change Change) error {
	if change.NodeType == nil {
		return nil
	}
	nodeType, err := ParseNodeType(*change.NodeType)
	switch {
	case err != nil:
		return err
	case change.Immediately:
		g.NodeType, g.Deferred.NodeType = nodeType, ""
	case nodeType == g.NodeType:
		g.Deferred.NodeType = ""
	default:
		g.Deferred.NodeType = nodeType
	}
	return nil
}

// changeToken moves the token set on. It ignores [Change.Immediately]: a token change takes effect at once, as every
// known client of the original expects.
func (g *ReplicationGroup) changeToken(change Change, now time.Time) ([]Event, error) {
	if change.Token == nil {
		return nil, nil
	}
	if err := g.RotationUnderWay(); err != nil {
		return nil, err
	}
	next, strategy, err := g.nextTokens(*change.Token, now)
	if err != nil {
		return nil, err
	}
	warning, err := g.checkUse(change, strategy, next, now)
	if err != nil {
		return nil, err
	}
	var later Saying
	if !change.Immediately {
		later = Say(FactTokenAtOnce)
	}
	requested := Say(FactTokenRequested, "strategy", strategy, "group", g.ID, "from", g.Tokens, "to", next, "later", later)
	g.Tokens, g.TokenChange, g.TokensModifiedAt = next, strategy, now
	events := []Event{g.Tell(now, requested)}
	if !warning.Empty() {
		events = append(events, g.Tell(now, warning))
	}
	return events, nil
}

// nextTokens is the token set that an update leads to, and the strategy that it means.
func (g *ReplicationGroup) nextTokens(update TokenUpdate, now time.Time) (TokenSet, TokenStrategy, error) {
	strategy := update.Strategy
	if strategy == "" {
		strategy = StrategyRotate
	}
	switch {
	case strategy == StrategyDelete:
		return TokenSet{}, strategy, ErrDeleteUnsupported
	case strategy != StrategyRotate && strategy != StrategySet:
		return TokenSet{}, strategy, Errorf(KindInvalid, "The parameter AuthTokenUpdateStrategy must be one of: SET, ROTATE, DELETE.")
	case !g.TransitEncryption:
		return TokenSet{}, strategy, ErrTokenNeedsTLS
	case update.Digest == nil:
		return TokenSet{}, strategy, Errorf(KindCombination, "AuthTokenUpdateStrategy %s needs an AuthToken.", strategy)
	}
	next, err := g.Tokens.Update(*update.Digest, strategy, now)
	return next, strategy, err
}

// needsNodes reports whether nodes must be told of what changed since before.
func (g *ReplicationGroup) needsNodes(before *ReplicationGroup) bool {
	return g.TokenChange != "" || g.NodeType != before.NodeType
}

func (g *ReplicationGroup) sameAs(other *ReplicationGroup) bool {
	return g.TokenChange == other.TokenChange &&
		g.Description == other.Description && g.NodeType == other.NodeType && g.Deferred == other.Deferred &&
		g.MaintenanceWindow == other.MaintenanceWindow && g.SnapshotWindow == other.SnapshotWindow &&
		g.AutoMinorVersionUpgrade == other.AutoMinorVersionUpgrade &&
		g.AutomaticFailover == other.AutomaticFailover && g.MultiAZ == other.MultiAZ &&
		slices.EqualFunc(g.Shards, other.Shards, func(a, b Shard) bool { return a.Failover == b.Failover })
}
