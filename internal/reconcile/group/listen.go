package group

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
)

// linkPatience is how many seconds a replica without its primary still counts as
// healthy: what it serves is no older than that.
const linkPatience = 5

// listen opens and closes the node's addresses. It reports whether there was
// something to do.
func (p *planner) listen(node *replication.Node, o NodeObserved) bool {
	want := p.addresses(node)
	if o.View.Serves(doorsOf(p.group, p.admits, want)) {
		return false
	}
	if node.ID == p.shard.PrimaryID && !p.replicasCanReturn() {
		return true // each of those has a step of its own
	}
	p.add(Step{Kind: StepListen, NodeID: node.ID, Listen: want, TurnAway: len(want) == 0 && node.Behind()})
	return true
}

// endsEvery is how often one looks whether a gate has ended the connections that a new mode does not allow.
const endsEvery = 20 * time.Millisecond

// replicatesWrongly reports whether a node would connect to its primary in a way that is not the group's. The gate of a primary ends
// the connections of replicas, too, when the mode does not allow them any more; they come back at once, in
// the right way, and go on where they were. A process of an earlier release connects as it was started to. Where both ways are
// allowed, TLS waits until the primary takes it: a link that drops before would stay away.
func (p *planner) replicatesWrongly(o NodeObserved) bool {
	overTLS := p.group.Transit.TLS()
	return o.View.Gate != nil && o.View.ReplicateTLS != overTLS && (p.group.Transit != cache.TransitPreferred || p.primaryTakesTLS())
}

// primaryTakesTLS reports whether nothing speaks against it.
func (p *planner) primaryTakesTLS() bool {
	o := p.observed[p.shard.PrimaryID]
	return !o.Serving || o.View.Gate == nil ||
		!slices.ContainsFunc(o.View.Gate.Listeners, func(l gate.ListenerReport) bool { return l.Mode == gate.ModeNone })
}

// replicasCanReturn reports whether the replicas that run know how they have to connect to the primary from now on.
func (p *planner) replicasCanReturn() bool {
	return !slices.ContainsFunc(p.shard.Replicas(), func(n *replication.Node) bool {
		o := p.observed[n.ID]
		return o.Serving && !o.View.Loading && p.replicatesWrongly(o)
	})
}

// keepsOut reports whether a node that lends its data has a mode that is not the group's any more: the borrower, which connects as the
// group's mode has it, cannot come in.
func (p *planner) keepsOut(lender string) bool {
	view := p.observed[lender].View
	return !view.Serves(doorsOf(p.group, p.admits, view.Listen))
}

// withdraws makes a node leave the primary endpoint that is not the primary any more. It
// reports whether there was something to do.
func (p *planner) withdraws(node *replication.Node, o NodeObserved) bool {
	holds := func(at netip.AddrPort) bool { return slices.Contains(o.View.Listen, at) }
	if node.ID == p.shard.PrimaryID || !slices.ContainsFunc(p.group.Primaries(p.shard), holds) {
		return false
	}
	p.add(Step{Kind: StepListen, NodeID: node.ID, Listen: p.addresses(node)})
	return true
}

// leavesReader has a replica that is about to end leave the reader endpoint first, and its own address: who connects there while it ends is
// to find another node. It reports whether there was something to do.
func (p *planner) leavesReader(node *replication.Node, o NodeObserved) bool {
	reader := p.shard.ReaderEndpoint
	if node.ID == p.shard.PrimaryID || !o.Serving || o.View.Loading || o.View.Gate == nil || !slices.Contains(o.View.Listen, reader) {
		return false
	}
	p.do(StepListen, node) // at no address
	return true
}

// addresses are those that a node is to serve just now: its own when its door is open (see
// doors.go), and the endpoints that its role gives it, as soon as nobody else
// serves them.
func (p *planner) addresses(node *replication.Node) []netip.AddrPort {
	o, endpoints := p.observed[node.ID], p.group.Primaries(p.shard)
	isPrimary := node.ID == p.shard.PrimaryID && o.View.Role == engine.RolePrimary
	var addresses []netip.AddrPort
	if p.open(node) {
		addresses = append(addresses, p.group.Own(node)...)
	}
	if isPrimary && p.allVacant(endpoints, node) {
		addresses = append(addresses, endpoints...)
	}
	if p.reads(node) {
		addresses = append(addresses, p.group.Readers(p.shard)...)
	}
	return p.free(addresses)
}

// allVacant is vacant of all of the addresses of a place.
func (p *planner) allVacant(addresses []netip.AddrPort, but *replication.Node) bool {
	return !slices.ContainsFunc(addresses, func(at netip.AddrPort) bool { return !p.vacant(at, but) })
}

// vacant reports whether no node but this one serves an address, as far as is known.
func (p *planner) vacant(address netip.AddrPort, but *replication.Node) bool {
	for _, n := range p.shard.Nodes {
		if n.ID != but.ID && slices.Contains(p.observed[n.ID].View.Listen, address) {
			return false
		}
	}
	return true
}

// allHeard reports whether every other node that runs has said what it serves.
func (p *planner) allHeard(but *replication.Node) bool {
	return !slices.ContainsFunc(p.shard.Nodes, func(n replication.Node) bool {
		return n.ID != but.ID && running(p.observed[n.ID]) && !p.observed[n.ID].Serving
	})
}

// reads reports whether a node is to serve the reader endpoint. All healthy replicas do, and the system spreads connections over them;
// the primary when none is healthy and it serves; else whoever does, or any one replica that has been in sync, for old answers are
// better than none. During a creation the endpoint waits for a replica, if there is to be one.
func (p *planner) reads(node *replication.Node) bool {
	endpoint := p.shard.ReaderEndpoint
	switch {
	case !endpoint.IsValid():
		return false
	case p.cannotShare():
		return p.reader() == node.ID && (slices.Contains(p.observed[node.ID].View.Listen, endpoint) || p.vacant(endpoint, node) && p.allHeard(node))
	case p.anyHealthy():
		return node.ID != p.shard.PrimaryID && p.healthy(node)
	case !p.primaryServes() && slices.Contains(p.observed[node.ID].View.Listen, endpoint):
		return true
	}
	return p.reader() == node.ID
}

// cannotShare reports whether a process of the shard cannot serve an address together with others: an earlier release has started it.
func (p *planner) cannotShare() bool {
	return slices.ContainsFunc(p.shard.Nodes, func(n replication.Node) bool {
		o := p.observed[n.ID]
		return o.Serving && !o.View.Loading && o.View.Gate == nil
	})
}

func (p *planner) anyHealthy() bool {
	return slices.ContainsFunc(p.shard.Replicas(), func(n *replication.Node) bool { return !silent(p.observed[n.ID]) && p.healthy(n) })
}

// reader returns the one node that is to serve the reader endpoint where it cannot be shared, or no replica is healthy: the replica that
// does, while it is healthy, or the first that is; the primary when none is and it
// serves; else any replica that has been in sync. Empty: nobody, or whoever it is does not
// answer just now.
func (p *planner) reader() string {
	endpoint := p.shard.ReaderEndpoint
	if !endpoint.IsValid() {
		return ""
	}
	first, holder, spare, unknown := "", "", "", false
	for _, node := range p.shard.Replicas() {
		o := p.observed[node.ID]
		switch {
		case silent(o):
			unknown = true
		case slices.Contains(o.View.Listen, endpoint):
			holder = node.ID
			if p.healthy(node) {
				return holder
			}
		case first == "" && p.healthy(node):
			first = node.ID
		case spare == "" && o.View.Synced && p.stays(node):
			spare = node.ID
		}
	}
	switch {
	case unknown && p.vacant(endpoint, &replication.Node{}):
		return ""
	case first != "" || p.group.Status == cache.StatusCreating && len(p.shard.Nodes) > 1:
		return first
	case !p.primaryServes():
		return cmp.Or(holder, spare)
	}
	return p.shard.PrimaryID
}

// healthy reports whether a replica has the group's data, not too late, and is to stay.
func (p *planner) healthy(replica *replication.Node) bool {
	o := p.observed[replica.ID]
	fresh := o.View.LinkUp || o.View.Synced && o.View.LinkDown < linkPatience
	return fresh && p.open(replica) && p.stays(replica)
}

// stays reports whether a replica answers clients and is to go on doing so.
func (p *planner) stays(replica *replication.Node) bool {
	o := p.observed[replica.ID]
	return o.Serving && !o.View.Loading && o.View.Role == engine.RoleReplica &&
		o.Process.Incarnation >= replica.Incarnation && !p.group.Leaving(replica)
}
