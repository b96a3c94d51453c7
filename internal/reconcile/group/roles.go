package group

import (
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
)

// role gives a node that replicates the wrong node, or none, its right place. It
// reports whether there was something to do or to wait for.
func (p *planner) role(node *replication.Node, o NodeObserved) bool {
	if node.ID == p.shard.PrimaryID {
		return p.primaryRole(node, o)
	}
	primary := p.shard.Primary()
	if o.View.Role == engine.RoleReplica && o.View.PrimaryAt == p.at(primary) {
		return false
	}
	if !p.primaryServes() {
		// A replica that lends its data stays as it is until it has been copied.
		p.waitForPrimary()
		return true
	}
	p.add(Step{Kind: StepReplicate, NodeID: node.ID, Source: primary.ID})
	return true
}

// primaryRole makes the primary one: an elected replica as soon as nobody else can
// take writes; the copy of a lender when it has the data, or when the lender is gone.
func (p *planner) primaryRole(node *replication.Node, o NodeObserved) bool {
	f := p.shard.Failover
	elected := f != nil && !f.Pending() && f.To == node.ID
	switch {
	case elected && f.PromotedAt.IsZero():
		p.promote(node)
		return true
	case o.View.Role == engine.RolePrimary:
		return false
	}
	lender := p.nodeAt(o.View.PrimaryAt)
	switch l := p.observed[lender]; {
	case o.View.LinkUp || lender == node.ID || !running(l):
		p.add(Step{Kind: StepPromote, NodeID: node.ID, Listen: p.addressesOfPrimary(node)})
	case l.Serving && !l.View.Loading && l.View.Role == engine.RoleReplica: // it does not lend any more
		p.add(Step{Kind: StepLend, NodeID: lender})
	case l.Serving && !l.View.Loading && p.keepsOut(lender):
		p.add(Step{Kind: StepLend, NodeID: lender, Listen: p.stillHeld(lender)})
	default:
		p.await(o)
	}
	return true
}

func (p *planner) at(node *replication.Node) netip.AddrPort {
	return node.ServiceAddress()
}

func (p *planner) primaryServes() bool {
	o := p.observed[p.shard.PrimaryID]
	return o.Serving && !o.View.Loading && o.View.Role == engine.RolePrimary
}

// waitForPrimary waits for a primary that is coming up. One that has no process has
// a step of its own, or a time to wait for.
func (p *planner) waitForPrimary() {
	if o := p.observed[p.shard.PrimaryID]; running(o) {
		p.await(o)
	}
}
