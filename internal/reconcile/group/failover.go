package group

import (
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// Times of failovers.
const (
	// handOverEvery is how often a planned failover looks for a replica in sync, and
	// handOverLimit when it is given up.
	handOverEvery = 20 * time.Millisecond
	handOverLimit = 30 * time.Second
	// silenceLimit is how long an election waits for a replica that lives and does not
	// answer, though another could take over: it may have a little more, but one that is
	// busy has rather less. answerLimit is how long, when there is no other.
	silenceLimit = 100 * time.Millisecond
	answerLimit  = 5 * time.Second
	// hangLimit is how long a hanging node is waited for that nobody can take over
	// from: to end it costs what it has not saved.
	hangLimit = 30 * time.Second
)

// failover decides about the change of the primary, before the nodes' own needs.
func (p *planner) failover() {
	primary := p.group.Primary()
	o, f := p.observed[primary.ID], p.group.NodeGroup.Failover
	switch {
	case p.group.Status == cache.StatusCreating:
	case p.lost(primary, o):
		if p.group.AutomaticFailover || f.Pending() {
			p.replace(primary, o)
		}
	case f.Pending() && f.Cause == cache.CauseHang:
		if running(o) { // it may answer again, but the store says that it is not the primary any more
			p.do(StepKill, primary)
		}
	case f.Pending() && o.HungSince.IsZero():
		p.handOver(primary, o, f)
	}
}

// lost reports whether the primary's process is gone though nobody asked it to go.
func (p *planner) lost(primary *cache.Node, o NodeObserved) bool {
	gone := o.Process.Phase == provider.PhaseStopped || o.Process.Phase == provider.PhaseAbsent
	return gone && (primary.Status == cache.StatusAvailable || primary.Crashed || p.group.NodeGroup.Failover.Pending())
}

// replace elects the replica that has the most of the lost primary's data. There is
// nothing to decide when no replica was in sync: the primary restarts in place.
func (p *planner) replace(primary *cache.Node, o NodeObserved) {
	best, offsets, unheard := "", []cache.NodeOffset(nil), false
	most := int64(-1)
	for _, node := range p.group.Replicas() {
		r := p.observed[node.ID]
		switch {
		case p.group.Leaving(node):
		case silent(r):
			unheard = true
		case !p.candidate(node):
		case r.View.LinkUp && r.View.PrimaryAt == p.at(primary): // it has not read to the end of what the primary sent
			p.hold(primary, time.Millisecond)
			return
		default:
			offsets = append(offsets, cache.NodeOffset{NodeID: node.ID, Offset: r.View.Offset})
			if r.View.Offset > most {
				best, most = node.ID, r.View.Offset
			}
		}
	}
	gone := p.now.Sub(o.Process.ExitedAt) // long, if nobody saw it go
	switch {
	case unheard && (best != "" && gone < silenceLimit || best == "" && (o.Process.ExitedAt.IsZero() || gone < answerLimit)):
		p.hold(primary, 5*time.Millisecond)
	case best != "":
		p.add(Step{Kind: StepElect, NodeID: primary.ID, Election: &cache.Election{
			To: best, Offsets: offsets, FromOffset: o.LastOffset, FencedAt: o.Process.ExitedAt, Reason: exitReason(o),
		}})
	case p.group.NodeGroup.Failover.Pending():
		p.add(Step{Kind: StepAbandon, NodeID: primary.ID, Reason: "no replica was in sync when the primary was lost"})
	}
}

// hold keeps the primary from being restarted while its successor is looked for.
func (p *planner) hold(primary *cache.Node, d time.Duration) {
	p.held = primary.ID
	p.waitFor(d)
}

// silent reports whether a process lives and did not answer just now.
func silent(o NodeObserved) bool { return running(o) && !o.Serving && o.HungSince.IsZero() }

// candidate reports whether a replica has the data of the primary's line: it was in
// sync with it, or handed the role over itself, or lends its data already (automatic
// failover was switched on meanwhile).
func (p *planner) candidate(node *cache.Node) bool {
	o, f := p.observed[node.ID], p.group.NodeGroup.Failover
	has := o.View.Synced || o.View.Role == engine.RolePrimary || f != nil && f.Exact && f.From == node.ID
	return has && o.Serving && !o.View.Loading && !p.group.Leaving(node)
}

// handOver plans a failover that was asked for, while the primary lives.
func (p *planner) handOver(primary *cache.Node, o NodeObserved, f *cache.Failover) {
	if !o.Serving || o.View.Loading {
		p.waitFor(handOverEvery)
		return
	}
	if o.View.Role == engine.RoleReplica {
		p.resumeHandOver(primary, o)
		return
	}
	best, most := "", int64(-1)
	for _, node := range p.group.Replicas() {
		r := p.observed[node.ID]
		wanted := f.To == "" || f.To == node.ID
		if wanted && p.candidate(node) && r.View.LinkUp && r.View.PrimaryAt == p.at(primary) &&
			r.Process.Incarnation >= node.Incarnation && r.View.Offset > most {
			best, most = node.ID, r.View.Offset
		}
	}
	switch {
	case best != "":
		p.add(Step{Kind: StepHandOver, NodeID: primary.ID, To: best, Listen: p.addressesOfPrimary(p.group.Node(best))})
	case p.now.Sub(f.DetectedAt) > handOverLimit:
		p.add(Step{Kind: StepAbandon, NodeID: primary.ID, Reason: "no replica came to be in sync"})
	default:
		p.waitFor(handOverEvery)
	}
}

// resumeHandOver goes on with a handover that was broken off when the primary had been
// told to follow its successor. By then both had the same data. If the successor is
// gone, the primary takes its role back.
func (p *planner) resumeHandOver(primary *cache.Node, o NodeObserved) {
	to := p.nodeAt(o.View.PrimaryAt)
	switch r := p.observed[to]; {
	case to != primary.ID && r.Serving:
		p.add(Step{Kind: StepSwitched, NodeID: primary.ID, To: to})
	case to != primary.ID && (running(r) || r.Process.Phase == provider.PhaseStopping):
		p.hold(primary, handOverEvery)
	default:
		p.add(Step{Kind: StepPromote, NodeID: primary.ID, Listen: p.addressesOfPrimary(primary)})
	}
}

func (p *planner) nodeAt(at netip.AddrPort) string {
	for i := range p.group.NodeGroup.Nodes {
		if node := &p.group.NodeGroup.Nodes[i]; p.at(node) == at {
			return node.ID
		}
	}
	return ""
}

// promote makes the elected node the primary, when it is certain that the old one
// cannot take writes: its process is gone, or says that it is a replica.
func (p *planner) promote(node *cache.Node) {
	f := p.group.NodeGroup.Failover
	if from := p.group.Node(f.From); from != nil {
		o := p.observed[from.ID]
		switch {
		case !running(o) && o.Process.Phase != provider.PhaseStopping:
		case o.Serving && o.View.Role == engine.RoleReplica && p.vacant(p.group.NodeGroup.PrimaryEndpoint, node):
		case o.Serving && o.View.Role == engine.RoleReplica:
			p.waitFor(time.Millisecond) // it has a step of its own: to leave the endpoint
			return
		case silent(o):
			p.waitFor(5 * time.Millisecond)
			return
		default:
			p.do(StepKill, from)
			return
		}
	}
	p.add(Step{
		Kind: StepPromote, NodeID: node.ID, Listen: p.addressesOfPrimary(node),
		Resumed: p.observed[node.ID].View.Role == engine.RolePrimary,
	})
}

// addressesOfPrimary are those that a node is to serve from its promotion on. The
// reader endpoint is one of them only when no other node can have it.
func (p *planner) addressesOfPrimary(node *cache.Node) []netip.Addr {
	endpoints := &p.group.NodeGroup
	addresses := []netip.Addr{node.Address}
	if endpoints.PrimaryEndpoint.IsValid() {
		addresses = append(addresses, endpoints.PrimaryEndpoint)
	}
	others := slices.ContainsFunc(p.group.Replicas(), func(n *cache.Node) bool { return n.ID != node.ID && p.healthy(n) })
	if endpoints.ReaderEndpoint.IsValid() && !others && p.vacant(endpoints.ReaderEndpoint, node) {
		addresses = append(addresses, endpoints.ReaderEndpoint)
	}
	return addresses
}

// hung decides about a node that lives and does not answer. What a replica has is at
// its primary too, so it is killed at once; a primary when a replica can take over,
// else only when there is no hope.
func (p *planner) hung(node *cache.Node, o NodeObserved) {
	isPrimary := node.ID == p.group.NodeGroup.PrimaryID
	failover := isPrimary && p.group.AutomaticFailover && p.anyCandidate()
	waited := p.now.Sub(o.HungSince)
	switch {
	case isPrimary && !failover && waited < hangLimit:
		p.waitFor(min(hangLimit-waited, time.Second))
	case node.Status == cache.StatusAvailable:
		p.add(Step{Kind: StepNoteHang, NodeID: node.ID, Hang: &cache.Hang{
			NodeID: node.ID, Since: o.HungSince, Offset: o.LastOffset, Failover: failover,
		}})
	default:
		p.do(StepKill, node)
	}
}

func (p *planner) anyCandidate() bool {
	for _, node := range p.group.Replicas() {
		if p.candidate(node) {
			return true
		}
	}
	return false
}

func exitReason(o NodeObserved) string {
	if o.Process.LastExit == "" {
		return unwatched
	}
	return o.Process.LastExit
}
