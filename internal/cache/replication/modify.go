package replication

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// Change is what is asked of a group that exists. A nil field stays as it is.
type Change struct {
	Description       *string
	MaintenanceWindow *string
	SnapshotWindow    *string
	AutoMinorUpgrade  *bool
	NodeType          *string
	ParameterGroup    *string // must be there, and go with the engine
	Version           *VersionChange
	Token             *token.Update
	UserGroups        UserGroupUpdate // the user groups to add must be there, and go with the engine
	Transit           TransitUpdate
	SecurityGroupIDs  []string // instead of those that it has; empty: they stay
	Discovery         string   // the family of the addresses that answers show; empty: it stays
	AutomaticFailover *bool
	MultiAZ           *bool
	PrimaryID         *string // the replica to promote
	Immediately       bool    // else the node type and the version wait for the maintenance window

	// Usage is who uses the group's credentials, for the guard of a change that ends one
	// ([Group.UsageWanted]). Nil, or of another token set: it is not known.
	Usage *usage.Group
}

// Modify carries a change out on the group's description, all of it or none. A change that nodes must be told of puts
// the group into modifying. The events that it returns are to be stored in the same transaction. Errors: [cache.KindState]
// unless the group is available, [cache.ErrNoModification], and what the values deserve.
func (g *Group) Modify(change Change, now time.Time) ([]cache.Event, error) {
	if g.Status != cache.StatusAvailable {
		return nil, g.mustBeAvailable()
	}
	next := *g.Clone()
	next.changeParameterGroup(change, now)
	_, transitFault := g.nextTransit(change.Transit)
	events, resizeFault := next.resize(change, now)
	if err := cache.Join(next.describe(change), resizeFault, transitFault, next.changeDiscovery(change.Discovery)); err != nil {
		return nil, err
	}
	if err := next.changeAvailability(change); err != nil {
		return nil, err
	}
	for _, step := range []func(Change, time.Time) ([]cache.Event, error){next.changeAccess, next.changeTransit, next.changeSecurity, next.changeVersion} {
		told, err := step(change, now)
		if err != nil {
			return nil, err
		}
		events = append(events, told...)
	}
	promotion, err := next.promote(change, g, now)
	if err != nil {
		return nil, err
	}
	if next.sameAs(g) {
		return nil, cache.ErrNoModification
	}
	if next.needsNodes(g) {
		if err := next.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable); err != nil {
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
func (g *Group) describe(change Change) error {
	if change.Description != nil {
		g.Description = *change.Description
	}
	if change.AutoMinorUpgrade != nil {
		g.AutoMinorVersionUpgrade = *change.AutoMinorUpgrade
	}
	var maintenance, snapshot error
	_, chosen, _ := cache.ChooseWindows(g.MaintenanceWindow, "")
	if change.MaintenanceWindow != nil {
		g.MaintenanceWindow, maintenance = cache.ParseMaintenanceWindow(*change.MaintenanceWindow)
	}
	if change.SnapshotWindow != nil {
		g.SnapshotWindow, snapshot = cache.ParseSnapshotWindow(*change.SnapshotWindow)
		g.SnapshotWindowGiven = true
	}
	if err := cache.Join(maintenance, snapshot); err != nil {
		return err
	}
	switch {
	case change.MaintenanceWindow == nil && change.SnapshotWindow == nil, !cache.WindowsOverlap(g.MaintenanceWindow, g.SnapshotWindow):
		return nil
	case !g.SnapshotWindowGiven && g.SnapshotWindow == chosen: // nobody asked for it: it makes way
		_, g.SnapshotWindow, _ = cache.ChooseWindows(g.MaintenanceWindow, "")
		return nil
	}
	return cache.ErrWindowsOverlap
}

// resize takes another node type over, or has it wait for the maintenance window. To ask for the present one takes back what waits.
func (g *Group) resize(change Change, now time.Time) ([]cache.Event, error) {
	if change.NodeType == nil {
		return nil, nil
	}
	nodeType, err := cache.ParseNodeType(*change.NodeType)
	switch {
	case err != nil:
		return nil, err
	case nodeType == g.NodeType:
		return g.takeNodeTypeBack(now), nil
	case change.Immediately:
		g.NodeType, g.Deferred.NodeType = nodeType, ""
		return nil, nil
	case nodeType == g.Deferred.NodeType:
		return nil, nil
	}
	g.Deferred.NodeType = nodeType
	return []cache.Event{g.Tell(now, cache.Say(cache.FactResizeWaits, "group", g.ID, "to", nodeType, "window", g.MaintenanceWindow))}, nil
}

// changeToken moves the token set on. It ignores [Change.Immediately]: a token change takes effect at once, as every
// known client of the original expects.
func (g *Group) changeToken(change Change, now time.Time) ([]cache.Event, error) {
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
	var later cache.Saying
	if !change.Immediately {
		later = cache.Say(cache.FactTokenAtOnce)
	}
	requested := cache.Say(cache.FactTokenRequested, "strategy", strategy, "group", g.ID, "from", g.Tokens, "to", next, "later", later)
	g.Tokens, g.TokenChange, g.TokensModifiedAt = next, strategy, now
	events := []cache.Event{g.Tell(now, requested)}
	if !warning.Empty() {
		events = append(events, g.Tell(now, warning))
	}
	return events, nil
}

// nextTokens is the token set that an update leads to, and the strategy that it means.
func (g *Group) nextTokens(update token.Update, now time.Time) (token.Set, token.Strategy, error) {
	strategy := update.Strategy
	if strategy == "" {
		strategy = token.StrategyRotate
	}
	switch {
	case strategy == token.StrategyDelete:
		return token.Set{}, strategy, token.ErrDeleteUnsupported
	case strategy != token.StrategyRotate && strategy != token.StrategySet:
		return token.Set{}, strategy, cache.Errorf(cache.KindInvalid, "The parameter AuthTokenUpdateStrategy must be one of: SET, ROTATE, DELETE.")
	case g.Transit != cache.TransitRequired:
		return token.Set{}, strategy, token.ErrNeedsTLS
	case update.Digest == nil:
		return token.Set{}, strategy, cache.Errorf(cache.KindCombination, "AuthTokenUpdateStrategy %s needs an AuthToken.", strategy)
	}
	next, err := g.Tokens.Update(*update.Digest, strategy, now)
	return next, strategy, err
}

// needsNodes reports whether nodes must be told of what changed since before.
func (g *Group) needsNodes(before *Group) bool {
	return g.TokenChange != "" || g.Transit != before.Transit || g.NodeType != before.NodeType || g.ParameterGroup != before.ParameterGroup || g.Upgrade != before.Upgrade ||
		!slices.Equal(g.SecurityGroupIDs, before.SecurityGroupIDs) || g.UserGroup != before.UserGroup
}

func (g *Group) sameAs(other *Group) bool {
	return g.TokenChange == other.TokenChange && g.UserGroup == other.UserGroup && g.Transit == other.Transit && slices.Equal(g.SecurityGroupIDs, other.SecurityGroupIDs) &&
		g.Description == other.Description && g.ParameterGroup == other.ParameterGroup && g.NodeType == other.NodeType && g.Offer() == other.Offer() && g.Deferred == other.Deferred &&
		g.MaintenanceWindow == other.MaintenanceWindow && g.SnapshotWindow == other.SnapshotWindow &&
		g.AutoMinorVersionUpgrade == other.AutoMinorVersionUpgrade && g.IPDiscovery() == other.IPDiscovery() &&
		g.AutomaticFailover == other.AutomaticFailover && g.MultiAZ == other.MultiAZ &&
		slices.EqualFunc(g.Shards, other.Shards, func(a, b Shard) bool { return a.Failover == b.Failover })
}
