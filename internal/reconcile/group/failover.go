package group

import (
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// Times of planned failovers.
const (
	// handOverEvery is how often one looks for a replica in sync, and handOverLimit when
	// it is given up.
	handOverEvery = 20 * time.Millisecond
	handOverLimit = 30 * time.Second
	// clientsFirst is how long after it only the clients are at the new primary.
	clientsFirst = 20 * time.Millisecond
	// handOverLag is how many bytes a replica may be behind for writes to be paused: so much
	// is read in no time.
	handOverLag = 1 << 20
)

// failover decides about the change of the primary, before the nodes' own needs.
func (p *planner) failover() {
	primary := p.shard.Primary()
	o, f := p.observed[primary.ID], p.shard.Failover
	switch {
	case p.group.Status == cache.StatusCreating:
	case p.lost(primary, o):
		if p.group.AutomaticFailover || f.Pending() {
			p.replace(primary, o)
		}
	case f.Pending() && f.Cause == replication.CauseHang:
		if running(o) { // it may answer again, but the store says that it is not the primary any more
			p.do(StepKill, primary)
		}
	case f.Pending() && o.View.Role == engine.RoleReplica:
		p.resumeHandOver(primary, o)
	case f.Pending() && o.HungSince.IsZero():
		p.handOver(primary, o, f)
	}
}

// clientsFirst returns how much longer the group is left alone after a planned change of
// roles. All clients connect again just then, and what the replicas and we would ask of
// the new primary, TLS handshakes most of all, is in their way: an engine has one thread.
func (p *planner) clientsFirst() time.Duration {
	f, primary := p.shard.Failover, p.observed[p.shard.PrimaryID]
	if f == nil || !f.Cause.Planned() || f.Resumed || f.PromotedAt.IsZero() || !primary.Serving || primary.View.Role != engine.RolePrimary {
		return 0
	}
	since := p.now.Sub(f.PromotedAt)
	if since < 0 { // the clock was set back
		return 0
	}
	return clientsFirst - since
}

// replace elects the replica that has the most of the lost primary's data. There is
// nothing to decide when no replica was in sync: the primary restarts in place.
func (p *planner) replace(primary *replication.Node, o NodeObserved) {
	switch d := p.donors(o, false); {
	case d.wait > 0:
		p.hold(primary, d.wait)
	case d.best != "":
		p.add(Step{Kind: StepElect, NodeID: primary.ID, Election: &replication.Election{
			To: d.best, Offsets: d.offsets, FromOffset: o.LastOffset, FencedAt: o.Process.ExitedAt, Reason: exitReason(o),
		}})
	case p.shard.Failover.Pending():
		p.add(Step{Kind: StepAbandon, NodeID: primary.ID, Reason: cache.Say(cache.FactLostBeforeSync)})
	}
}

// hold keeps the primary from being restarted while it is found out who has its data.
func (p *planner) hold(primary *replication.Node, d time.Duration) {
	p.held = primary.ID
	p.waitFor(d)
}

// handOver plans a failover that was asked for, while the primary lives.
func (p *planner) handOver(primary *replication.Node, o NodeObserved, f *replication.Failover) {
	if p.now.Sub(f.DetectedAt) > handOverLimit {
		p.add(Step{Kind: StepAbandon, NodeID: primary.ID, Reason: cache.Say(cache.FactNoReplicaInSync)})
		return
	}
	best, most := "", o.View.Offset-handOverLag
	for _, node := range p.shard.Replicas() {
		r := p.observed[node.ID]
		wanted := f.To == "" || f.To == node.ID
		inSync := p.donor(node) && r.View.LinkUp && r.View.PrimaryAt == p.at(primary)
		stays := r.Process.Incarnation >= node.Incarnation && !p.group.Leaving(node)
		if wanted && inSync && stays && r.View.Offset > most {
			best, most = node.ID, r.View.Offset
		}
	}
	if best == "" || !o.Serving || o.View.Loading {
		p.waitFor(handOverEvery)
		return
	}
	p.add(Step{
		Kind: StepHandOver, NodeID: primary.ID, To: best, Listen: p.addressesOfPrimary(p.shard.Node(best)),
		Keep: slices.DeleteFunc(p.group.Own(primary), func(a netip.AddrPort) bool { return !slices.Contains(o.View.Listen, a) }),
	})
}

// resumeHandOver goes on with a handover that was broken off when the primary had been
// told to follow its successor. Nobody has taken writes since, but for the successor if
// it was promoted. If it is gone, or has less, the primary takes its role back.
func (p *planner) resumeHandOver(primary *replication.Node, o NodeObserved) {
	to := p.nodeAt(o.View.PrimaryAt)
	r := p.observed[to]
	whole := r.View.Role == engine.RolePrimary || r.View.Offset >= o.View.Offset
	switch {
	case to != "" && to != primary.ID && r.Serving && whole:
		p.add(Step{Kind: StepSwitched, NodeID: primary.ID, To: to})
	case to != primary.ID && (silent(r) || r.Process.Phase == provider.PhaseStopping):
		p.hold(primary, handOverEvery)
	default:
		p.add(Step{Kind: StepPromote, NodeID: primary.ID, Listen: p.addressesOfPrimary(primary)})
	}
}

func (p *planner) nodeAt(at netip.AddrPort) string {
	for i := range p.shard.Nodes {
		if node := &p.shard.Nodes[i]; p.at(node) == at {
			return node.ID
		}
	}
	return ""
}

// promote makes the elected node the primary, as soon as the old one is out.
func (p *planner) promote(node *replication.Node) {
	if !p.oldPrimaryIsOut(node) {
		return
	}
	if !p.allVacant(p.group.Primaries(p.shard), node) {
		p.waitFor(handOverEvery) // who serves it has a step of its own
		return
	}
	o := p.observed[node.ID]
	p.add(Step{
		Kind: StepPromote, NodeID: node.ID, Listen: p.addressesOfPrimary(node),
		Resumed: o.View.Role == engine.RolePrimary && slices.Contains(o.View.Listen, p.shard.PrimaryEndpoint),
	})
}

// oldPrimaryIsOut reports whether it is certain that the old primary cannot take
// writes: its process is gone, or it says itself that it is a replica. If not it sees
// to it.
func (p *planner) oldPrimaryIsOut(elected *replication.Node) bool {
	from := p.shard.Node(p.shard.Failover.From)
	if from == nil || from.ID == elected.ID {
		return true
	}
	o := p.observed[from.ID]
	switch {
	case !running(o) && o.Process.Phase != provider.PhaseStopping:
		return true
	case o.Serving && o.View.Role == engine.RoleReplica:
		return true
	case silent(o):
		p.waitFor(5 * time.Millisecond)
	default:
		p.do(StepKill, from)
	}
	return false
}

// addressesOfPrimary are those that a node is to serve from its promotion on. The
// reader endpoint is one of them only when no other node can have it: an address that
// another node serves would keep all of them closed.
func (p *planner) addressesOfPrimary(node *replication.Node) []netip.AddrPort {
	readers := p.group.Readers(p.shard)
	addresses := append(p.group.Own(node), p.group.Primaries(p.shard)...)
	others := slices.ContainsFunc(p.shard.Nodes, func(n replication.Node) bool {
		return n.ID != node.ID && n.ID != p.shard.PrimaryID && p.healthy(&n)
	})
	if !others && p.allVacant(readers, node) && p.allHeard(node) {
		addresses = append(addresses, readers...)
	}
	return p.free(addresses)
}

func exitReason(o NodeObserved) cache.Saying {
	if o.End == "" {
		return unwatched()
	}
	return cache.Quote(o.End)
}
