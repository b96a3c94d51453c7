package replication

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file changes the version of the engine that serves a group, node by node:
//
//	Modify, EnterWindow ──▶ each replica restarts with it ──▶ one of them takes the primary's role over
//	                                   │                                     │
//	      UndoUpgrade ◀── cannot start ┘    Settle ◀── the old primary restarts with it
//
// A primary without a replica restarts in place, with its data. The store knows of each node whether its restart was asked for
// ([Node.Upgraded]), so that a program which tells another version than it is known by is not restarted for ever.

// VersionChange is another version of an engine, and the parameter group that goes with it.
type VersionChange struct {
	To             cache.Offer `json:"to"`
	ParameterGroup string      `json:"parameter_group"`
}

// Upgrade is a change of version that is on its way to the nodes.
type Upgrade struct {
	From           cache.EngineVersion `json:"from"`               // the build
	AskedFor       cache.EngineVersion `json:"asked_for,omitzero"` // as in the group, before
	ParameterGroup string              `json:"parameter_group"`    // before
	GivenUp        bool                `json:"given_up,omitempty"` // the nodes go back
	Taken          bool                `json:"taken,omitempty"`    // a node that has the new version has become a primary: older ones may not read its data
}

// ParameterGroups are the names of those that the group uses: its own, the one that goes with a version which waits, and the one that it
// had before an upgrade which is under way.
func (g *Group) ParameterGroups() []string {
	all := []string{g.ParameterGroup}
	if name := g.Deferred.Version.ParameterGroup; name != "" && !slices.Contains(all, name) {
		all = append(all, name)
	}
	if g.Upgrade != nil && !slices.Contains(all, g.Upgrade.ParameterGroup) {
		all = append(all, g.Upgrade.ParameterGroup)
	}
	return all
}

// noteTaken is called when a node becomes a primary.
func (g *Group) noteTaken(nodeID string) {
	if node := g.Node(nodeID); g.Upgrade != nil && node != nil && node.Upgraded {
		g.Upgrade.Taken = true
	}
}

// changeVersion takes another version over, or has it wait for the maintenance window. To ask for what runs takes back what waits.
func (g *Group) changeVersion(change Change, now time.Time) ([]cache.Event, error) {
	c := change.Version
	switch {
	case c == nil:
		return nil, nil
	case c.To == g.Offer():
		return g.takeVersionBack(now), nil
	}
	if err := cache.CheckUpgrade(g.Offer(), c.To); err != nil {
		return nil, err
	}
	if !change.Immediately {
		if g.Deferred.Version == *c {
			return nil, nil
		}
		g.Deferred.Version = *c
		return []cache.Event{g.Tell(now, cache.Say(cache.FactUpgradeWaits, "group", g.ID, "to", c.To, "window", g.MaintenanceWindow))}, nil
	}
	if err := g.RotationUnderWay(); err != nil {
		return nil, err
	}
	if g.failingOver() {
		return nil, g.mustBeQuiet()
	}
	return g.upgrade(*c, now), nil
}

// upgrade begins the way to another version. If the build stays, there is nothing to do but to call it otherwise.
func (g *Group) upgrade(c VersionChange, now time.Time) []cache.Event {
	events := []cache.Event{g.Tell(now, cache.Say(cache.FactUpgradeRequested, "group", g.ID, "from", g.Offer(), "to", c.To))}
	for _, node := range g.Nodes() {
		node.Fault = nil // of the version that it leaves
	}
	if c.To.Build != g.Version() {
		g.Upgrade = &Upgrade{From: g.Version(), AskedFor: g.AskedFor, ParameterGroup: g.ParameterGroup}
	}
	g.setVersion(c.To.Build, c.To.AskedFor(), c.ParameterGroup)
	g.Deferred.Version = VersionChange{}
	return events
}

func (g *Group) setVersion(build, askedFor cache.EngineVersion, parameterGroup string) {
	g.Engine, g.EngineVersion, g.AskedFor, g.ParameterGroup = build.Engine, build.Version, askedFor, parameterGroup
	for _, node := range g.Nodes() {
		node.Upgraded = false
	}
}

// RestartUpgraded has a node restarted with the version that the group is to have.
func (g *Group) RestartUpgraded(nodeID string, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if g.Upgrade == nil || node == nil || node.Upgraded || node.Status == cache.StatusDeleting {
		return nil
	}
	node.Upgraded, node.Status = true, cache.StatusRebooting
	node.Incarnation++
	return []cache.Event{node.Tell(now, cache.Say(cache.FactUpgradeRestarts, "node", nodeID, "version", g.Version()))}
}

// HandOverUpgraded has a shard's primary hand its role over to a replica that has the group's version already. What is known of an
// earlier change of primary, which is over, is kept.
func (g *Group) HandOverUpgraded(shard *Shard, now time.Time) []cache.Event {
	switch f := shard.Failover; {
	case g.Upgrade == nil || f.Pending():
		return nil
	case f != nil:
		g.Over.Failovers = append(slices.Clip(g.Over.Failovers), *f)
	}
	g.newFailover(shard, CauseUpgrade, now)
	return nil // it is told of when it has come to pass
}

// UndoUpgrade gives an upgrade up in which a node cannot start while no primary has the new version: the nodes that have it go back.
func (g *Group) UndoUpgrade(reason cache.Saying, now time.Time) []cache.Event {
	if g.Upgrade == nil || g.Upgrade.GivenUp || g.Upgrade.Taken {
		return nil
	}
	was, to := g.Upgrade, g.Offer()
	restarted := map[string]bool{}
	for _, node := range g.Nodes() {
		restarted[node.ID] = node.Upgraded
	}
	g.setVersion(was.From, was.AskedFor, was.ParameterGroup)
	for _, node := range g.Nodes() {
		if restarted[node.ID] {
			node.Upgraded, node.Fault = true, nil
			node.Incarnation++
		}
	}
	g.StatusReason = ""
	g.Upgrade = &Upgrade{From: to.Build, AskedFor: to.AskedFor(), ParameterGroup: g.ParameterGroup, GivenUp: true}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactUpgradeGivenUp, "group", g.ID, "from", g.Offer(), "to", to, "reason", reason))}
}

// settleUpgrade ends an upgrade that every node has.
func (g *Group) settleUpgrade(now time.Time) []cache.Event {
	if g.Upgrade == nil {
		return nil
	}
	g.Upgrade = nil
	for _, node := range g.Nodes() {
		node.Upgraded = false
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactUpgraded, "group", g.ID, "version", g.Offer()))}
}

// UpdateDeferred looks after the version that waits for the maintenance window: its build may have been replaced meanwhile, or be gone.
func (g *Group) UpdateDeferred(installed []cache.EngineVersion, now time.Time) []cache.Event {
	to := &g.Deferred.Version.To
	if *to == (cache.Offer{}) || slices.Contains(installed, to.Build) {
		return nil
	}
	if next, ok := cache.Successor(installed, to.Build); ok {
		to.Build = next
		return []cache.Event{g.Tell(now, cache.Say(cache.FactUpgradeWaits, "group", g.ID, "to", *to, "window", g.MaintenanceWindow))}
	}
	gone := cache.Say(cache.FactUpgradeGivenUp, "group", g.ID, "from", g.Offer(), "to", *to, "reason", cache.Say(cache.FactNotInstalled, "version", to.Build))
	g.Deferred.Version = VersionChange{}
	return []cache.Event{g.Tell(now, gone)}
}
