package group

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// hangLimit is how long a hanging node is waited for that may have what nobody else
// has: to end it costs what it has not saved.
const hangLimit = 30 * time.Second

// silent reports whether a process lives and did not answer just now.
func silent(o NodeObserved) bool { return running(o) && !o.Serving && o.HungSince.IsZero() }

// hung decides about a node that lives and does not answer. It is killed at once when
// another one has its data: a replica, while its primary serves; a primary, when a
// replica can take over. Else only when there is no hope.
func (p *planner) hung(node *replication.Node, o NodeObserved) {
	failover := node.ID == p.shard.PrimaryID && p.group.AutomaticFailover &&
		slices.ContainsFunc(p.shard.Replicas(), func(n *replication.Node) bool { return p.donor(n) && !p.group.Leaving(n) })
	waited := p.now.Sub(o.HungSince)
	switch {
	case !failover && !p.primaryServes() && waited < hangLimit:
		p.waitFor(min(hangLimit-waited, time.Second))
	case node.Status == cache.StatusAvailable:
		p.add(Step{Kind: StepNoteHang, NodeID: node.ID, Hang: &replication.Hang{
			NodeID: node.ID, Since: o.HungSince, Offset: o.LastOffset, Failover: failover,
		}})
	default:
		p.do(StepKill, node)
	}
}
