package group

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
)

// This file brings another version of the engine to the nodes of a shard: replicas first, one at a time, while all others serve; then the
// primary hands its role over to one of them, which is a planned failover and loses no acknowledged write, and restarts as its replica. A
// primary that has no replica is restarted in place: it saves its data before, and loads it after.

// upgradeLookEvery is how often one looks whether the other nodes are ready for the next one to restart.
const upgradeLookEvery = 100 * time.Millisecond

// upgrade plans the next step of an upgrade.
func (p *planner) upgrade() {
	u := p.group.Upgrade
	if u == nil {
		return
	}
	if node := p.cannotTake(); node != nil && !u.GivenUp && !u.Taken {
		p.add(Step{Kind: StepUndoUpgrade, NodeID: node.ID, Reason: cache.Say(cache.FactNodeCannotStart, "node", node.ID, "fault", node.Fault.Text(node.ID))})
		return
	}
	primary := p.shard.Primary()
	replicas := false
	for _, node := range p.shard.Replicas() {
		switch {
		case p.group.Leaving(node):
			continue
		case p.outdated(node):
			p.restartUpgraded(node)
			return
		}
		replicas = true
	}
	switch {
	case !p.outdated(primary):
	case !replicas:
		p.restartUpgraded(primary)
	case p.shard.Failover.Pending(): // see failover
		p.waitFor(upgradeLookEvery)
	case !p.othersServe(primary), !slices.ContainsFunc(p.shard.Replicas(), p.caughtUp):
		p.waitFor(upgradeLookEvery)
	default:
		p.do(StepUpgradeSwitch, primary)
	}
}

// restartUpgraded has a node restarted, when nobody needs it.
func (p *planner) restartUpgraded(node *replication.Node) {
	if !p.othersServe(node) || !p.mayStop(node) {
		p.waitFor(upgradeLookEvery)
		return
	}
	p.do(StepUpgradeNode, node)
}

// outdated reports whether a node runs another version than its group is to have, and was not asked to restart yet. One that does not
// answer is left to itself: whenever a process starts, it has the group's version.
func (p *planner) outdated(node *replication.Node) bool {
	o := p.observed[node.ID]
	return !node.Upgraded && o.Serving && o.View.Version != p.group.Version()
}

// othersServe reports whether all nodes but one are in their place, with all of the data.
func (p *planner) othersServe(but *replication.Node) bool {
	for i := range p.shard.Nodes {
		node := &p.shard.Nodes[i]
		if node.ID == but.ID || p.group.Leaving(node) {
			continue
		}
		o := p.observed[node.ID]
		if !o.Serving || o.View.Loading || o.Process.Incarnation < node.Incarnation {
			return false
		}
		primary := node.ID == p.shard.PrimaryID
		if primary && o.View.Role != engine.RolePrimary || !primary && !p.caughtUp(node) && !p.excused(node) {
			return false
		}
	}
	return true
}

// cannotTake returns a node that was restarted with the new version and cannot start, as long as no primary has that version: then there
// is a way back. A replica that cannot read its snapshot gets a copy of its primary's data.
func (p *planner) cannotTake() *replication.Node {
	if o := p.observed[p.shard.PrimaryID]; running(o) && (!o.Serving || o.View.Version == p.group.Version()) {
		return nil
	}
	for i := range p.shard.Nodes {
		node := &p.shard.Nodes[i]
		copies := node.ID != p.shard.PrimaryID && node.Fault.OfSnapshot()
		if o := p.observed[node.ID]; node.Upgraded && node.Fault.OfVersion() && !copies && !running(o) {
			return node
		}
	}
	return nil
}
