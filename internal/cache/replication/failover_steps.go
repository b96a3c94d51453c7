package replication

import (
	"fmt"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file has the transitions of a failover; the package's doc draws them.

// TestFailoversMax is how often TestFailover may be called in any TestFailoverSpan,
// over all groups.
//
// Source: API reference, TestFailover ("on up to 15 shards in any rolling 24-hour
// period").
const (
	TestFailoversMax = 15
	TestFailoverSpan = 24 * time.Hour
)

// TestFailover asks for a failover that shows clients what one is like. recent is the
// number of those asked for, over all groups, within [TestFailoverSpan]. Errors:
// [cache.KindNotFound] about [cache.ResourceNodeGroup], [cache.KindState], [cache.KindRate].
func (g *Group) TestFailover(nodeGroupID string, recent int, now time.Time) ([]cache.Event, error) {
	shard := g.Shard(nodeGroupID)
	switch {
	case shard == nil:
		return nil, cache.ResourceErrorf(cache.KindNotFound, cache.ResourceNodeGroup, "Node group %s not found in replication group %s.", nodeGroupID, g.ID)
	case !g.AutomaticFailover:
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "Automatic failover must be enabled on replication group %s to test it.", g.ID)
	}
	if err := g.mustBeQuiet(); err != nil {
		return nil, err
	}
	if recent >= TestFailoversMax {
		return nil, cache.Errorf(cache.KindRate, "TestFailover can be called for at most %d node groups in any 24 hours.", TestFailoversMax)
	}
	return g.RequestFailover(shard, CauseTest, "", now)
}

// RequestFailover asks for a planned change of a shard's primary, of [CauseTest] or
// [CausePromote]. An empty to leaves the
// choice to the moment of the change. Errors: [cache.KindState] unless the group is
// available and no failover is under way, [cache.KindInvalid] unless to is a replica.
func (g *Group) RequestFailover(shard *Shard, cause FailoverCause, to string, now time.Time) ([]cache.Event, error) {
	switch {
	case g.Status != cache.StatusAvailable:
		return nil, g.mustBeAvailable()
	case shard.Failover != nil:
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "A failover of replication group %s is under way.", g.ID)
	case len(shard.Nodes) < 2:
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "Replication group %s has no replica to fail over to.", g.ID)
	case to == shard.PrimaryID || to != "" && shard.Node(to) == nil:
		return nil, cache.ResourceErrorf(cache.KindInvalid, cache.ResourceReplicationGroup, "Cache cluster %s is not a replica of replication group %s.", to, g.ID)
	}
	g.newFailover(shard, cause, now).To = to
	if cause != CausePromote {
		return []cache.Event{g.Event(now, "Test Failover API called for node group "+shard.ID)}, nil
	}
	if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable); err != nil {
		return nil, err
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactPromotion, "node", to, "group", g.ID))}, nil
}

func (g *Group) newFailover(shard *Shard, cause FailoverCause, now time.Time) *Failover {
	shard.Failover = &Failover{
		ID: cache.NewUID(), GroupID: g.ID, NodeGroupID: shard.ID, Cause: cause, From: shard.PrimaryID, DetectedAt: now,
	}
	return shard.Failover
}

// Hang is what is known of a node that lives and does not answer.
type Hang struct {
	NodeID   string
	Since    time.Time
	Offset   int64 // the last that it told
	Failover bool  // a replica is to take its place; for a primary only
}

// NoteHang records that a node does not answer, and is to be killed. With a failover
// it cannot stay the primary from here on, even if it answers again.
func (g *Group) NoteHang(h Hang, now time.Time) []cache.Event {
	nodeID := h.NodeID
	node := g.Node(nodeID)
	if node == nil || node.Crashed || node.Status == cache.StatusCreating || node.Status == cache.StatusDeleting {
		return nil
	}
	node.Crashed, node.Status = true, cache.StatusRebooting
	events := []cache.Event{node.Tell(now, cache.Say(cache.FactNodeHangs))}
	if shard := g.ShardOf(nodeID); h.Failover && nodeID == shard.PrimaryID {
		f := shard.Failover
		if !f.Pending() { // else it was to hand over
			f = g.newFailover(shard, CauseHang, h.Since)
		}
		f.Cause, f.DetectedAt, f.FromOffset = CauseHang, h.Since, h.Offset
		return events // it recovers when another node has its role
	}
	return append(events, node.recover(now)...)
}

// Election is the choice of a new primary after the old one was lost.
type Election struct {
	To         string
	Offsets    []NodeOffset
	FromOffset int64        // the last that is known of the old primary
	FencedAt   time.Time    // its process was gone
	Reason     cache.Saying // how it ended
}

// Elect gives the role of the primary, whose process is certainly gone, to a replica.
func (g *Group) Elect(e Election, now time.Time) []cache.Event {
	shard := g.ShardOf(e.To)
	if shard == nil || e.To == shard.PrimaryID || g.Leaving(shard.Node(e.To)) {
		return nil
	}
	if e.FencedAt.IsZero() {
		e.FencedAt = now
	}
	events := g.noteCrash(shard.PrimaryID, e.Reason, now)
	f := shard.Failover
	switch {
	case !f.Pending():
		f = g.newFailover(shard, CauseCrash, e.FencedAt)
	case f.Cause.Planned(): // it was to hand over, and died before
		f.Cause, f.DetectedAt = CauseCrash, e.FencedAt
	}
	f.To, f.ElectedAt, f.FencedAt, f.Offsets, f.Exact = e.To, now, e.FencedAt, e.Offsets, false
	f.FromOffset = max(f.FromOffset, e.FromOffset)
	shard.PrimaryID = e.To
	g.noteTaken(e.To)
	return events
}

// Switch is what is known of a new primary that has taken its role.
type Switch struct {
	To              string
	PausedAt        time.Time
	FencedAt        time.Time
	PromotedAt      time.Time
	EndpointMovedAt time.Time
	WriteAcceptedAt time.Time
	Resumed         bool
	Offsets         []NodeOffset // of a planned failover, like the rest below
	FromOffset      int64
}

// NoteSwitch records that a node has taken the role of the primary. Times that are
// known already stay.
func (g *Group) NoteSwitch(s Switch, now time.Time) []cache.Event {
	shard := g.ShardOf(s.To)
	if shard == nil {
		return nil
	}
	f := shard.Failover
	if f == nil || s.To == f.From || !f.Pending() && f.To != s.To {
		return nil // among others, a primary that took its role back
	}
	if f.Pending() {
		f.To, f.ElectedAt, f.Exact = s.To, now, true
		f.Offsets, f.FromOffset = s.Offsets, s.FromOffset
		if !s.FencedAt.IsZero() {
			f.ElectedAt = s.FencedAt
		}
	}
	told := !f.PromotedAt.IsZero()
	f.Resumed = f.Resumed || s.Resumed && !told
	setOnce(&f.PausedAt, s.PausedAt)
	setOnce(&f.FencedAt, s.FencedAt)
	setOnce(&f.PromotedAt, s.PromotedAt)
	setOnce(&f.EndpointMovedAt, s.EndpointMovedAt)
	setOnce(&f.WriteAcceptedAt, s.WriteAcceptedAt)
	shard.PrimaryID = s.To
	g.noteTaken(s.To)
	if told || f.PromotedAt.IsZero() {
		return nil
	}
	message := fmt.Sprintf("Failover from primary node %s to replica node %s completed", f.From, f.To)
	events := []cache.Event{g.Node(s.To).Event(now, message), g.Event(now, message)}
	if from := g.Node(f.From); from != nil {
		events = append(events, from.recover(now)...)
	}
	return events
}

func setOnce(at *time.Time, then time.Time) {
	if at.IsZero() {
		*at = then
	}
}

// AbandonFailover gives a shard's change of primary up that has not begun. It does nothing about a shard that is no more (nil).
func (g *Group) AbandonFailover(shard *Shard, why cache.Saying, now time.Time) []cache.Event {
	if shard == nil || !shard.Failover.Pending() {
		return nil
	}
	f := shard.Failover
	f.GivenUp = why
	events := []cache.Event{g.Tell(now, cache.Say(cache.FactFailoverGivenUp, "group", g.ID, "reason", why))}
	if from := g.Node(f.From); from != nil && from.Crashed {
		events = append(events, from.recover(now)...)
	}
	return events
}

// endFailovers ends the failovers of a group that is whole again.
func (g *Group) endFailovers(now time.Time) {
	for i := range g.Shards {
		shard := &g.Shards[i]
		if f := shard.Failover; f != nil && !f.Pending() {
			f.RecoveredAt = now
			g.Over.Failovers = append(slices.Clip(g.Over.Failovers), *f)
			shard.Failover = nil
		}
	}
}

// Leaving reports whether the node is about to be removed from a group that stays.
func (g *Group) Leaving(node *Node) bool {
	return node.Status == cache.StatusDeleting && !slices.Contains([]cache.Status{cache.StatusDeleting, cache.StatusCreateFailed}, g.Status)
}
