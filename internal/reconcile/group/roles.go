package group

import (
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
)

// lender is the replica that a crashed primary takes its data from: the one that
// has the most of it. There is none when the primary was stopped on purpose,
// because then its own snapshot has everything; and none among replicas that never
// were in sync with it, which have but old snapshots of their own.
func (p *planner) lender(primary *cache.Node) (string, bool) {
	if !primary.Crashed {
		return "", false
	}
	best, offset := "", int64(-1)
	for _, node := range p.group.NodeGroup.Nodes {
		o := p.observed[node.ID]
		has := o.View.Synced || o.View.Role == engine.RolePrimary // it lends already
		if node.ID != primary.ID && o.Serving && !o.View.Loading && has && o.View.Offset > offset {
			best, offset = node.ID, o.View.Offset
		}
	}
	return best, best != ""
}

// role gives a node that replicates the wrong node, or none, its right place. It
// reports whether there was something to do or to wait for.
func (p *planner) role(node *cache.Node, o NodeObserved) bool {
	if node.ID == p.group.NodeGroup.PrimaryID {
		return p.primaryRole(node, o)
	}
	primary := p.group.Primary()
	at := netip.AddrPortFrom(primary.Address, uint16(p.group.Port))
	if o.View.Role == engine.RoleReplica && o.View.PrimaryAt == at {
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

// primaryRole ends a primary's time as the copy of its lender: when it has the
// data, or when the lender is gone.
func (p *planner) primaryRole(node *cache.Node, o NodeObserved) bool {
	if o.View.Role == engine.RolePrimary {
		return false
	}
	lends := slices.ContainsFunc(p.group.NodeGroup.Nodes, func(n cache.Node) bool {
		lender := p.observed[n.ID]
		return n.Address == o.View.PrimaryAt.Addr() && lender.Serving && lender.View.Role == engine.RolePrimary
	})
	if o.View.LinkUp || !lends {
		p.do(StepReplicate, node)
	} else {
		p.waitFor(patience(p.now.Sub(o.Process.StartedAt)))
	}
	return true
}

func (p *planner) primaryServes() bool {
	o := p.observed[p.group.NodeGroup.PrimaryID]
	return o.Serving && !o.View.Loading && o.View.Role == engine.RolePrimary
}

// waitForPrimary waits for a primary that is coming up. One that has no process has
// a step of its own, or a time to wait for.
func (p *planner) waitForPrimary() {
	if o := p.observed[p.group.NodeGroup.PrimaryID]; running(o) {
		p.waitFor(patience(p.now.Sub(o.Process.StartedAt)))
	}
}
