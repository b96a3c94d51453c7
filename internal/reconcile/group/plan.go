package group

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/lag"
	"github.com/aikagi/aikagi/internal/provider"
)

// How long a group that is as it should be is left alone, unless something
// happens to it; and how often a node may crash before its creation is given up.
const (
	resyncAfter      = 5 * time.Minute
	creationAttempts = 4
)

// Uses are what a group makes use of, and what is kept beside it.
type Uses struct {
	Admits     security.Admission // who may connect to it
	Parameters *parameter.Group   // of its nodes
	Users      []user.Account     // whom its user group lets in; none if it has none
}

// Plan decides what to do about a group. It is pure: the same
// group, uses, observation and time give the same decision.
func Plan(g *replication.Group, uses Uses, observed Observed, now time.Time) Decision {
	switch g.Status {
	case cache.StatusDeleting:
		return planDeletion(g, observed)
	case cache.StatusCreateFailed:
		return planFailed(g, observed)
	}
	plans, settings := make([]planner, len(g.Shards)), engine.SettingsOf(uses.Parameters, g.NodeType)
	for i := range g.Shards {
		plans[i] = planner{group: g, admits: uses.Admits, parameters: uses.Parameters, callers: callersOf(g, uses.Users), settings: settings, shard: &g.Shards[i], observed: observed, now: now}
		plans[i].plan()
	}
	return unite(g, plans, now)
}

// unite makes the decision about a group of the plans of its shards: what one of them needs does not wait for the others, and
// the group is what it should be when all of them are.
func unite(g *replication.Group, plans []planner, now time.Time) Decision {
	var all planner
	for i := range plans {
		p := &plans[i]
		all.steps, all.failure = append(all.steps, p.steps...), cmp.Or(all.failure, p.failure)
		all.wait, all.look = shorter(all.wait, p.wait), shorter(all.look, p.look)
	}
	switch {
	case all.failure != "":
		return Decision{Then: OutcomeFail, Reason: all.failure}
	case len(all.steps) > 0:
		return Decision{Steps: all.steps, Then: OutcomeAgain}
	case parametersArrived(g, plans):
		return Decision{Steps: []Step{{Kind: StepNoteParams, Change: g.Parameters}}, Then: OutcomeAgain}
	case all.wait > 0:
		return Decision{Steps: lateAddresses(g), Then: OutcomeRest, After: all.wait}
	case needsAddress(g):
		return Decision{Steps: []Step{{Kind: StepAddress}}, Then: OutcomeAgain}
	case g.Settled():
		all.look = shorter(all.look, untilClosed(g, now))
		for i := range plans {
			all.steps = append(all.steps, plans[i].idle()...)
		}
		all.steps = append(all.steps, lateAddresses(g)...)
		return Decision{Steps: all.steps, Then: OutcomeRest, After: cmp.Or(all.look, resyncAfter)}
	}
	for i := range plans {
		all.steps = append(all.steps, plans[i].proveAll()...)
	}
	return Decision{Steps: all.steps, Then: OutcomeSettle}
}

// untilClosed is how long it is until a move is finished by itself; 0: it is not.
func untilClosed(g *replication.Group, now time.Time) time.Duration {
	if g.Move == nil || g.Move.CloseAt.IsZero() {
		return 0
	}
	return max(g.Move.CloseAt.Sub(now), time.Millisecond)
}

// shorter returns the shorter of two times; 0 is none.
func shorter(a, b time.Duration) time.Duration {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// plan decides about one shard.
func (p *planner) plan() {
	if p.failover(); len(p.steps) == 0 {
		if rest := p.clientsFirst(); rest > 0 {
			p.waitFor(rest)
			return
		}
		p.upgrade()
		for i := range p.shard.Nodes {
			p.node(&p.shard.Nodes[i])
		}
	}
	p.awaitsAddress()
	if len(p.steps) == 0 && p.group.Status != cache.StatusCreating {
		p.crowds()
	}
	promotes := func(s Step) bool { return s.Kind == StepPromote }
	if slices.ContainsFunc(p.steps, promotes) { // nobody takes writes: nothing else may delay it
		p.steps = slices.DeleteFunc(p.steps, func(s Step) bool { return !promotes(s) })
	}
}

// idle slows the nodes of a shard down that nothing is done to.
func (p *planner) idle() []Step {
	var steps []Step
	for i := range p.shard.Nodes {
		node := &p.shard.Nodes[i]
		if tick := p.observed[node.ID].View.Tick; tick != engine.TickIdle && tick != engine.TickClients && !p.feeds(node) {
			steps = append(steps, Step{Kind: StepTick, NodeID: node.ID, Tick: engine.TickIdle})
		}
	}
	return steps
}

func planDeletion(g *replication.Group, observed Observed) Decision {
	var steps []Step
	for _, node := range g.Nodes() {
		if observed[node.ID].Process.Phase != provider.PhaseAbsent {
			steps = append(steps, Step{Kind: StepRemove, NodeID: node.ID})
		}
	}
	return Decision{Steps: steps, Then: OutcomeForget}
}

// planFailed ends what runs and leaves the directories, whose logs tell why.
func planFailed(g *replication.Group, observed Observed) Decision {
	var steps []Step
	for _, node := range g.Nodes() {
		if running(observed[node.ID]) {
			steps = append(steps, Step{Kind: StepKill, NodeID: node.ID})
		}
	}
	return Decision{Steps: steps, Then: OutcomeRest, After: resyncAfter}
}

// proveAll proves every node that clients can get in to.
func (p *planner) proveAll() []Step {
	var steps []Step
	for i := range p.shard.Nodes {
		if node := &p.shard.Nodes[i]; !p.group.Leaving(node) && !p.excused(node) {
			steps = append(steps, Step{Kind: StepProve, NodeID: node.ID, Counts: p.observed[node.ID].View.Access.Counts})
		}
	}
	return steps
}

// planner collects the decision about one shard of a group, node by node.
type planner struct {
	group      *replication.Group
	admits     security.Admission
	parameters *parameter.Group
	callers    engine.Callers
	settings   []engine.Setting // of the parameters
	shard      *replication.Shard
	observed   Observed
	now        time.Time

	steps   []Step
	wait    time.Duration // the shortest that a node asks for; 0: none does
	look    time.Duration // look at a replica again then, which holds up nothing; 0: at none
	failure string
	held    string // a node that is to be left as it is
}

// add plans a step, unless its node has one: what is decided about the whole shard
// comes before what a node needs. What is left out comes with the next plan.
func (p *planner) add(step Step) {
	if !p.taken(step.NodeID) {
		p.steps = append(p.steps, step)
	}
}

func (p *planner) taken(nodeID string) bool {
	return slices.ContainsFunc(p.steps, func(s Step) bool { return s.NodeID == nodeID || s.To == nodeID })
}

func (p *planner) do(kind StepKind, node *replication.Node) { p.add(Step{Kind: kind, NodeID: node.ID}) }

func (p *planner) waitFor(d time.Duration) {
	if p.wait == 0 || d < p.wait {
		p.wait = max(d, time.Millisecond)
	}
}

// await looks again at a process that is about to do something, since its start or
// since the primary changed.
func (p *planner) await(o NodeObserved) {
	since := o.Process.StartedAt
	if f := p.shard.Failover; f != nil && f.DetectedAt.After(since) {
		since = f.DetectedAt
	}
	p.waitFor(patience(p.now.Sub(since)))
}

// node gives the node its next step, or notes that it has to be waited for.
func (p *planner) node(node *replication.Node) {
	o := p.observed[node.ID]
	switch {
	case p.taken(node.ID) || p.held == node.ID:
	case p.group.Leaving(node):
		p.leave(node, o)
	case lacksAddress(p.group, node): // see address
	case o.Process.Phase == provider.PhaseStopping:
		p.stopping(node, o)
	case !running(o):
		p.stopped(node, o)
	case !o.HungSince.IsZero():
		p.hung(node, o)
	case o.Process.Incarnation < node.Incarnation && p.mayStop(node):
		if !p.leavesReader(node, o) {
			p.do(StepStop, node)
		}
	case !o.Serving || o.View.Loading:
		p.await(o)
	default:
		p.serving(node, o)
	}
}

// mayStop reports whether a node can be rebooted: not while it is to hand the primary's
// role over, or to take it, nor while a lost primary's successor is looked for.
func (p *planner) mayStop(node *replication.Node) bool {
	f := p.shard.Failover
	changes := f != nil && f.GivenUp.Empty() && f.PromotedAt.IsZero() && (f.From == node.ID || f.To == node.ID)
	return !changes && p.held == ""
}

// stopping decides about a process that was asked to end: it is asked again if that
// was for a reboot, for whoever asked may be gone.
func (p *planner) stopping(node *replication.Node, o NodeObserved) {
	if o.Process.Incarnation < node.Incarnation && p.held == "" {
		p.do(StepStop, node)
		return
	}
	p.await(o)
}

// leave removes a node that is to leave the group, unless its data may be needed.
func (p *planner) leave(node *replication.Node, o NodeObserved) {
	switch {
	case o.Process.Phase == provider.PhaseAbsent:
	case running(o) && !p.primaryServes():
		p.waitFor(handOverEvery)
	case p.leavesReader(node, o):
	default:
		p.do(StepRemove, node)
	}
}

// feeds reports whether a replica is copying the node's data, which it notices to be
// done at a tick only.
func (p *planner) feeds(node *replication.Node) bool {
	return node.ID == p.shard.PrimaryID && slices.ContainsFunc(p.shard.Replicas(), func(n *replication.Node) bool {
		o := p.observed[n.ID]
		return running(o) && (!o.View.LinkUp || !p.fed(n))
	})
}

// stopped decides about a node without a process.
func (p *planner) stopped(node *replication.Node, o NodeObserved) {
	switch {
	case node.Status == cache.StatusAvailable:
		p.add(Step{Kind: StepNoteCrash, NodeID: node.ID, Reason: cache.Quote(o.End)})
		return
	case p.group.Status == cache.StatusCreating && o.Process.Crashes >= creationAttempts:
		p.failure = fmt.Sprintf("node %s ends at once: %s", node.ID, reasonOf(node, o))
		return
	case p.faulty(node, o):
		return
	case p.now.Before(o.Process.RetryAt):
		p.waitFor(o.Process.RetryAt.Sub(p.now))
		return
	}
	if node.ID != p.shard.PrimaryID {
		switch {
		case p.primaryServes():
			p.startFrom(p.shard.PrimaryID, node)
		case p.rescues(node):
			p.do(StepStart, node)
		default:
			p.waitForPrimary()
		}
		return
	}
	p.startPrimary(node, o)
}

// startPrimary starts a primary in place, with the newest data that there is.
func (p *planner) startPrimary(node *replication.Node, o NodeObserved) {
	if !p.lost(node, o) {
		p.do(StepStart, node)
		return
	}
	switch d := p.donors(o, true); {
	case d.wait > 0:
		p.waitFor(d.wait)
	case d.best == "":
		p.do(StepStart, node)
	case p.observed[d.best].View.Role == engine.RoleReplica:
		// The lender has to stand on its own before anybody can replicate it.
		p.add(Step{Kind: StepLend, NodeID: d.best})
	case !slices.Contains(p.observed[d.best].View.Listen, p.shard.Node(d.best).ServiceAddress()):
		// It was started for this, and nobody can reach it yet.
		p.add(Step{Kind: StepLend, NodeID: d.best, Listen: []netip.AddrPort{p.shard.Node(d.best).ServiceAddress()}})
	case p.keepsOut(d.best):
		p.add(Step{Kind: StepLend, NodeID: d.best, Listen: p.stillHeld(d.best)})
	default:
		p.startFrom(d.best, node)
	}
}

// stillHeld is what a node listens at of what is the group's. An address that a move has given up since may be kept by a node that hangs: with it
// the gate could not be told anything.
func (p *planner) stillHeld(nodeID string) []netip.AddrPort {
	held := slices.Concat(p.group.Own(p.shard.Node(nodeID)), p.group.Primaries(p.shard), p.group.Readers(p.shard))
	return slices.DeleteFunc(slices.Clone(p.observed[nodeID].View.Listen), func(a netip.AddrPort) bool { return !slices.Contains(held, a) })
}

func (p *planner) stream() lag.Stream { return lag.Stream{Group: p.group.Key(), Shard: p.shard.ID} }

func running(o NodeObserved) bool { return o.Process.Phase == provider.PhaseRunning }

// patience is how long to wait before looking again at a process that began
// something so long ago: a quarter of that time, so that what takes milliseconds
// is seen at once and what takes minutes is not asked about all the time.
func patience(elapsed time.Duration) time.Duration {
	return min(max(elapsed/4, 2*time.Millisecond), time.Second)
}
