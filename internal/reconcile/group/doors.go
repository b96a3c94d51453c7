package group

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/lag"
)

// This file says whether a node's own address, its door, is open: whether it can be read. A replica's is
// opened when it has caught up, and closed when it has been late for long; in between it
// stays as it is, so it does not flap. The reader endpoint goes by the same (healthy).

const (
	// caughtUpWithin is how late a replica may be whose door is opened.
	caughtUpWithin = 100 * time.Millisecond
	// catchUpLookEvery is how often a replica is looked at that has its primary's data but for the last of it.
	catchUpLookEvery = 20 * time.Millisecond
	// catchUpLimitOpen is how long after a change of primary the group is not whole because a replica that can be
	// read has not caught up: one that is always a little late must not hold it up.
	catchUpLimitOpen = 30 * time.Second
	// lateLookEvery is how often one is that is late, or behind.
	lateLookEvery = 500 * time.Millisecond
)

// open reports whether a node's own address is to be open.
func (p *planner) open(node *replication.Node) bool {
	o := p.observed[node.ID]
	switch {
	case node.ID == p.shard.PrimaryID && o.View.Role == engine.RolePrimary:
		return true
	case slices.Contains(o.View.Listen, node.Address) && !node.Behind():
		return true
	}
	return p.caughtUp(node)
}

// caughtUp reports whether a replica has what its primary had a moment ago, and gets what is new.
func (p *planner) caughtUp(replica *replication.Node) bool {
	o := p.observed[replica.ID]
	return o.View.Role == engine.RoleReplica && o.View.LinkUp && p.fed(replica) && o.Lag.Known && o.Lag.AtMost <= caughtUpWithin
}

// fed reports whether the primary sends its writes to a replica, as the primary itself says.
func (p *planner) fed(replica *replication.Node) bool {
	return p.observed[p.shard.PrimaryID].View.Feeds(p.at(replica))
}

// notesLag has it written down when a replica is found to be late for long, before its door is closed, and when it has
// caught up, before its door is opened. It reports whether there was something to do.
func (p *planner) notesLag(node *replication.Node, o NodeObserved) bool {
	primary := node.ID == p.shard.PrimaryID
	switch {
	case node.Behind() && (primary || p.caughtUp(node)):
		p.do(StepNoteCurrent, node)
		return true
	case node.Behind():
		p.lookAgain(lateLookEvery)
	case primary || !p.primaryServes() || o.Lag.LateFor == 0 || !slices.Contains(o.View.Listen, node.Address):
	case o.Lag.LateFor < lag.LongEnough:
		p.lookAgain(min(lateLookEvery, lag.LongEnough-o.Lag.LateFor))
	default:
		p.add(Step{Kind: StepNoteBehind, NodeID: node.ID, Lateness: replication.Lateness{Age: o.Lag.AtLeast, Bytes: o.Lag.Bytes}})
		return true
	}
	return false
}

// excused reports whether a replica that cannot be read holds nothing up: it was there, and is behind. Its
// access rules are compared like those of the others, but nobody can log in to it for a proof.
func (p *planner) excused(node *replication.Node) bool {
	return node.Behind() && node.Status == cache.StatusAvailable && node.ID != p.shard.PrimaryID
}

// returns reports whether a replica, open or not, is on its way back to the group: it follows a primary that has just
// changed, or is new, or was restarted.
func (p *planner) returns(node *replication.Node) bool {
	f := p.shard.Failover
	changed := f != nil && !f.PromotedAt.IsZero() && p.now.Sub(f.PromotedAt) < catchUpLimitOpen
	return changed || node.Status != cache.StatusAvailable
}

// awaitsData waits for a replica that is not to be read yet. It reports whether it does.
func (p *planner) awaitsData(node *replication.Node, o NodeObserved) bool {
	switch {
	case !o.View.LinkUp || !p.fed(node):
		p.await(o)
	case !p.open(node), p.returns(node) && !p.caughtUp(node):
		p.waitFor(catchUpLookEvery)
	default:
		return false
	}
	return true
}

func (p *planner) lookAgain(d time.Duration) {
	if p.look == 0 || d < p.look {
		p.look = max(d, time.Millisecond)
	}
}
