package group

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// This file says who has the data of a primary that was lost. One rule is behind all
// of it: old data is not started while a process lives that may have newer data.

// silenceLimit is how long a replica that lives and does not answer is waited for,
// though another one has the data: it may have a little more, but one that is busy has
// rather less.
const silenceLimit = 100 * time.Millisecond

// lost reports whether the primary's process is gone without having saved everything.
func (p *planner) lost(primary *replication.Node, o NodeObserved) bool {
	gone := o.Process.Phase == provider.PhaseStopped || o.Process.Phase == provider.PhaseAbsent
	return gone && (!o.Process.Saved || primary.Status == cache.StatusAvailable || primary.Crashed || p.shard.Failover.Pending())
}

// donors are the replicas that have the data of a lost primary.
type donors struct {
	best    string                   // the one with the highest offset; empty: none is known
	offsets []replication.NodeOffset // of all
	wait    time.Duration            // look again then, for one may have more; 0: this is all there is
}

// donors looks for them. A node that leaves the group can lend its data, and cannot take
// the primary's place.
func (p *planner) donors(o NodeObserved, leaving bool) donors {
	var d donors
	most, silence := int64(-1), false
	for _, node := range p.shard.Replicas() {
		r := p.observed[node.ID]
		switch {
		case !leaving && p.group.Leaving(node):
		case running(r) && !r.Serving:
			silence = true
		case running(r) && r.View.Loading && p.shard.Primary().Fault.OfSnapshot(): // it loads what the primary cannot
			return donors{wait: 50 * time.Millisecond}
		case !p.donor(node):
		case r.View.LinkUp && r.View.PrimaryAt == p.at(p.shard.Primary()): // it has not read all that the primary sent
			return donors{wait: time.Millisecond}
		default:
			d.offsets = append(d.offsets, replication.NodeOffset{NodeID: node.ID, Offset: r.View.Offset})
			if r.View.Offset > most {
				d.best, most = node.ID, r.View.Offset
			}
		}
	}
	gone := p.now.Sub(o.Process.ExitedAt) // long, if nobody saw it go
	if silence && (d.best == "" || gone < silenceLimit) {
		d.wait = min(max(gone/4, 5*time.Millisecond), silenceLimit)
	}
	return d
}

// donor reports whether a replica has the data of the primary's line: it was in sync
// with it, or handed the role over itself, or lends its data already.
func (p *planner) donor(node *replication.Node) bool {
	o, f := p.observed[node.ID], p.shard.Failover
	has := o.View.Synced || o.View.Role == engine.RolePrimary || f != nil && f.Exact && f.From == node.ID
	return has && o.Serving && !o.View.Loading
}
