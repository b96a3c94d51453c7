package group

import (
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
)

// role gives a node that replicates the wrong node, or none, its right place. It
// reports whether there was something to do or to wait for.
func (p *planner) role(node *cache.Node, o NodeObserved) bool {
	if node.ID == p.group.NodeGroup.PrimaryID {
		return p.primaryRole(node, o)
	}
	primary := p.group.Primary()
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
func (p *planner) primaryRole(node *cache.Node, o NodeObserved) bool {
	f := p.group.NodeGroup.Failover
	elected := f != nil && !f.Pending() && f.To == node.ID
	switch {
	case elected && f.PromotedAt.IsZero():
		p.promote(node)
		return true
	case o.View.Role == engine.RolePrimary:
		return false
	}
	lends := slices.ContainsFunc(p.group.NodeGroup.Nodes, func(n cache.Node) bool {
		lender := p.observed[n.ID]
		return n.Address == o.View.PrimaryAt.Addr() && lender.Serving && lender.View.Role == engine.RolePrimary
	})
	if o.View.LinkUp || !lends {
		p.add(Step{Kind: StepPromote, NodeID: node.ID, Listen: p.addressesOfPrimary(node)})
	} else {
		p.await(o)
	}
	return true
}

// lender is the replica that a crashed primary takes its data from, in a group
// without automatic failover: the one that has the most of it. There is none when the
// primary was stopped on purpose, because then its own snapshot has everything; and
// none among replicas that never were in sync with it, which have but old snapshots of
// their own.
func (p *planner) lender(primary *cache.Node) (string, bool) {
	if !primary.Crashed {
		return "", false
	}
	best, offset := "", int64(-1)
	for _, node := range p.group.Replicas() {
		o := p.observed[node.ID]
		has := o.View.Synced || o.View.Role == engine.RolePrimary // it lends already
		if o.Serving && !o.View.Loading && has && o.View.Offset > offset {
			best, offset = node.ID, o.View.Offset
		}
	}
	return best, best != ""
}

func (p *planner) at(node *cache.Node) netip.AddrPort {
	return netip.AddrPortFrom(node.Address, uint16(p.group.Port))
}

func (p *planner) primaryServes() bool {
	o := p.observed[p.group.NodeGroup.PrimaryID]
	return o.Serving && !o.View.Loading && o.View.Role == engine.RolePrimary
}

// waitForPrimary waits for a primary that is coming up. One that has no process has
// a step of its own, or a time to wait for.
func (p *planner) waitForPrimary() {
	if o := p.observed[p.group.NodeGroup.PrimaryID]; running(o) {
		p.await(o)
	}
}
