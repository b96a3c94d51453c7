package replication

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// This file moves a group from one address plan to another while clients are connected: for a time every place of it has two
// addresses. The diagram is in the package's doc.

// MoveState is how far a move has come.
type MoveState string

// The states; a group that is not being moved has none.
const (
	// MoveOpening: places by the other plan are opened beside those that are shown.
	MoveOpening MoveState = "opening"
	// MoveOpen: both serve, and those by the plan that is moved to are shown.
	MoveOpen MoveState = "open"
	// MoveClosing: the places that are not shown are closed, and their clients sent away.
	MoveClosing MoveState = "closing"
)

// Move is a group's way from one address plan to another. It is replaced by each step, never changed.
type Move struct {
	From      cache.AddressPlan `json:"from,omitempty"`
	To        cache.AddressPlan `json:"to,omitempty"`
	State     MoveState         `json:"state"`
	Back      bool              `json:"back,omitempty"` // it was cancelled: what is closed are the places by To
	StartedAt time.Time         `json:"started_at"`
	OpenedAt  time.Time         `json:"opened_at,omitzero"` // when all nodes served both
	CloseAt   time.Time         `json:"close_at,omitzero"`  // when it is finished by itself; zero: when somebody says so
	CloseIn   time.Duration     `json:"close_in,omitempty"` // CloseAt is so long after OpenedAt; 0: there is none
}

// Other is the plan of the places beside those that are shown.
func (m *Move) Other() cache.AddressPlan {
	if m.State == MoveOpening || m.Back {
		return m.To
	}
	return m.From
}

// Both reports whether places by both plans are to serve.
func (m *Move) Both() bool { return m != nil && m.State != MoveClosing }

var (
	errMoving     = cache.Errorf(cache.KindCombination, "The group is being moved already. Finish that first (aikagi move --finish), or cancel it (aikagi move --cancel).")
	errNotMoving  = cache.Errorf(cache.KindCombination, "The group is not being moved.")
	errNotOpenYet = cache.Errorf(cache.KindCombination, "The new places of the group are not served yet by all of its nodes. Try again when the move is open.")
	errMoveOver   = cache.Errorf(cache.KindCombination, "The old places of the group are being closed: the move cannot be cancelled any more. Move the group back instead.")
)

// MoveRequest is what is asked for.
type MoveRequest struct {
	To cache.AddressPlan
	// Anew gives the group other places by the plan that it has; without it that is refused.
	Anew    bool
	CloseIn time.Duration // how long after both serve the old places are closed by themselves; 0: somebody finishes the move
	Known   *usage.Guests // of the nodes; nil: not known
}

// BeginMove has the group get places by another plan beside those that it has. Errors are of [cache.KindState], or of
// [cache.KindCombination], also if the group may not be reached from other machines as it is.
func (g *Group) BeginMove(want MoveRequest, now time.Time) ([]cache.Event, error) {
	switch {
	case g.Move != nil:
		return nil, errMoving
	case want.To == g.AddressPlan && (!want.Anew || !want.To.Beyond()):
		return nil, cache.Errorf(cache.KindCombination, "The group has the address plan %s already.", want.To)
	case !want.To.Beyond() && g.Network().HasIPv6():
		return nil, cache.Errorf(cache.KindCombination, "The group has the network type %s, and with the address plan %s addresses are of 127.0.0.0/8. Move it to the address plan host or pool.", g.Network(), want.To)
	case want.CloseIn < 0:
		return nil, cache.Errorf(cache.KindInvalid, "The time after which the old places are closed must not be negative.")
	case want.To.Beyond() && g.openlyPlain() && !g.Tags.AllowsPlaintext():
		return nil, errPlaintextBeyond
	case want.Known != nil && len(want.Known.Gateless) > 0:
		return nil, cache.Refuse(cache.KindCombination, "", cache.Say(cache.FactGatelessMove, "nodes", strings.Join(want.Known.Gateless, ", "), "group", g.ID))
	}
	if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable); err != nil {
		return nil, err
	}
	g.Move = &Move{From: g.AddressPlan, To: want.To, State: MoveOpening, StartedAt: now, CloseIn: want.CloseIn}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactMoveBegun, "group", g.ID, "from", g.Move.From.String(), "to", want.To.String()))}, nil
}

// settleMove goes on with a move when all nodes were proven to serve what it calls for.
func (g *Group) settleMove(now time.Time) []cache.Event {
	m := g.Move
	switch {
	case m == nil:
		return nil
	case m.State == MoveOpening:
		g.swapPlaces()
		next := *m
		next.State, next.OpenedAt = MoveOpen, now
		if m.CloseIn > 0 {
			next.CloseAt = now.Add(m.CloseIn)
		}
		g.AddressPlan, g.Move = m.To, &next
		return []cache.Event{g.Tell(now, cache.Say(cache.FactMoveOpen, "group", g.ID, "from", m.From.String(), "to", m.To.String()))}
	case m.State == MoveClosing:
		g.dropOthers()
		g.Move = nil
		said := cache.Say(cache.FactMoved, "group", g.ID, "from", m.From.String(), "to", m.To.String())
		if m.Back {
			said = cache.Say(cache.FactMoveCancelled, "group", g.ID, "from", m.From.String(), "to", m.To.String())
		}
		return []cache.Event{g.Tell(now, said)}
	}
	return nil
}

// End is how a move is to be ended.
type End struct {
	Known *usage.Guests // who came through the places that are closed; nil: not known
	Quiet time.Duration // for how long nobody must have
	Force bool          // whoever did
}

// FinishMove has the old places closed. It is refused with who still comes there, and may be forced. Errors are of
// [cache.KindState] and [cache.KindCombination].
func (g *Group) FinishMove(end End, now time.Time) ([]cache.Event, error) {
	switch m := g.Move; {
	case m == nil:
		return nil, errNotMoving
	case m.State == MoveOpening:
		return nil, errNotOpenYet
	case m.State == MoveClosing && m.Back:
		return nil, errMoving
	case m.State == MoveClosing:
		return nil, nil
	}
	if err := g.checkLeft(end, now); err != nil {
		return nil, err
	}
	if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable); err != nil {
		return nil, err
	}
	return g.closeOthers(false, now), nil
}

// CancelMove goes back: the places that the group had are shown again, and the new ones closed, with the refusal of FinishMove.
func (g *Group) CancelMove(end End, now time.Time) ([]cache.Event, error) {
	m := g.Move
	switch {
	case m == nil:
		return nil, errNotMoving
	case m.State == MoveClosing && m.Back:
		return nil, nil
	case m.State == MoveClosing:
		return nil, errMoveOver
	case m.State == MoveOpening: // nobody was told of them
		return g.closeOthers(true, now), nil
	}
	back := g.Clone()
	back.turnBack()
	if err := back.checkLeft(end, now); err != nil {
		return nil, err
	}
	if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable); err != nil {
		return nil, err
	}
	g.turnBack()
	return g.closeOthers(true, now), nil
}

// turnBack shows the places that the group had before.
func (g *Group) turnBack() {
	next := *g.Move
	next.Back = true
	g.swapPlaces()
	g.AddressPlan, g.Move = next.From, &next
}

func (g *Group) closeOthers(back bool, now time.Time) []cache.Event {
	next := *g.Move
	next.State, next.Back, next.CloseAt = MoveClosing, back, time.Time{}
	g.Move = &next
	return []cache.Event{g.Tell(now, cache.Say(cache.FactMoveClosing, "group", g.ID, "plan", next.Other().String()))}
}

// checkLeft refuses to close places that clients came through within a time.
func (g *Group) checkLeft(end End, now time.Time) error {
	if end.Force {
		return nil
	}
	if end.Known == nil || len(end.Known.Missing)+len(end.Known.Gateless) > 0 {
		return cache.Errorf(cache.KindCombination, "It is not known who still connects at the places that are to be closed, because not all nodes could be asked. Try again, or close them all the same (--force).")
	}
	lingering := g.Lingering(*end.Known, end.Quiet, now)
	if len(lingering) == 0 {
		return nil
	}
	return cache.Refuse(cache.KindCombination, "", cache.Say(cache.FactMoveRefused, "group", g.ID, "plan", g.Move.Other().String(), "users", usage.GuestSayings(lingering)))
}

// Lingering are those who came, within a time, through places that are not shown.
func (g *Group) Lingering(known usage.Guests, quiet time.Duration, now time.Time) []usage.Guest {
	others := g.Others()
	return slices.DeleteFunc(slices.Clone(known.Guests), func(guest usage.Guest) bool {
		recent := guest.Connections > 0 || now.Sub(guest.LastAt) < quiet
		return !recent || !slices.Contains(others, guest.At)
	})
}

// EndMoveInTime closes the old places of a move whose time has come, whoever uses them. It tells nothing if none has.
func (g *Group) EndMoveInTime(now time.Time) []cache.Event {
	if g.Move == nil || g.Move.CloseAt.IsZero() || now.Before(g.Move.CloseAt) || g.Status != cache.StatusAvailable {
		return nil
	}
	events, err := g.FinishMove(End{Force: true}, now)
	if err != nil {
		return nil
	}
	return events
}

// NoteLeaving tells that connections of clients to a node are ended, within a time, because they came by places that the
// group has left.
func (g *Group) NoteLeaving(nodeID string, connections int, within time.Duration, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil {
		return nil
	}
	return []cache.Event{node.Tell(now, cache.Say(cache.FactMoveLeaving, "connections", connections, "time", within))}
}

// swapPlaces shows the places that are not shown, and the other way round. A node has one loopback address, whatever happens: by the
// plan loopback clients reach it there, and by others it is the node's link. So replication goes on during a move.
func (g *Group) swapPlaces() {
	other, shown := g.Move.Other(), g.AddressPlan
	for i := range g.Shards {
		shard := &g.Shards[i]
		shard.PrimaryEndpoint, shard.OtherPrimary = shard.OtherPrimary, shard.PrimaryEndpoint
		shard.ReaderEndpoint, shard.OtherReader = shard.OtherReader, shard.ReaderEndpoint
		shard.PrimaryEndpoint6, shard.OtherPrimary6 = shard.OtherPrimary6, shard.PrimaryEndpoint6
		shard.ReaderEndpoint6, shard.OtherReader6 = shard.OtherReader6, shard.ReaderEndpoint6
		for j := range shard.Nodes {
			switch node := &shard.Nodes[j]; {
			case !other.Beyond():
				node.Address, node.Other, node.Link = node.Link, node.Address, netip.AddrPort{}
			case !shown.Beyond():
				node.Address, node.Other, node.Link = node.Other, netip.AddrPort{}, node.Address
			default:
				node.Address, node.Other = node.Other, node.Address
				node.Address6, node.Other6 = node.Other6, node.Address6
			}
		}
	}
}

// dropOthers gives the addresses back that are not shown.
func (g *Group) dropOthers() {
	for i := range g.Shards {
		shard := &g.Shards[i]
		shard.OtherPrimary, shard.OtherReader = netip.AddrPort{}, netip.AddrPort{}
		shard.OtherPrimary6, shard.OtherReader6 = netip.AddrPort{}, netip.AddrPort{}
		for j := range shard.Nodes {
			shard.Nodes[j].Other, shard.Nodes[j].Other6 = netip.AddrPort{}, netip.AddrPort{}
		}
	}
}
