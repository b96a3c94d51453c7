package group

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// This file notices that another program on the machine has an address of a group, and when it is free again.
// Nothing keeps a program from listening at the address of a node that has just died. What the node has else is opened all the same.

const (
	// takenAfter is how long an address must be occupied, while no node of ours has it, before that is noted: for some
	// milliseconds after a fork an engine's child holds its listeners. Engines try for longer (engine.Admin.Listen).
	takenAfter = 250 * time.Millisecond
	// How soon an address that is taken is looked at again, at first and later. A look costs a try to bind it.
	takenLookFirst = 200 * time.Millisecond
	takenLookLast  = time.Second
)

// suspects are addresses that are occupied, and since when, before it is certain that they are taken.
// To lose them costs takenAfter.
type suspects struct {
	mu    sync.Mutex // guards since
	since map[cache.Key]map[netip.AddrPort]time.Time
}

// occupied notes that an address is occupied, and returns for how long it has been.
func (s *suspects) occupied(key cache.Key, at netip.AddrPort) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since == nil {
		s.since = map[cache.Key]map[netip.AddrPort]time.Time{}
	}
	if s.since[key] == nil {
		s.since[key] = map[netip.AddrPort]time.Time{}
	}
	if _, known := s.since[key][at]; !known {
		s.since[key][at] = time.Now()
	}
	return time.Since(s.since[key][at])
}

// clear forgets an address.
func (s *suspects) clear(key cache.Key, at netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.since[key], at); len(s.since[key]) == 0 {
		delete(s.since, key)
	}
}

func (s *suspects) forget(key cache.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.since, key)
}

// noteTaken writes down which addresses of the group another program has.
func (s *session) noteTaken(ctx context.Context, g *replication.Group, observed Observed) error {
	s.suspecting = false
	places, ok := s.Provider.(provider.OccupancyTeller)
	if !ok || g.Status == cache.StatusDeleting || g.Status == cache.StatusCreateFailed || !allKnown(g, observed) {
		return nil
	}
	var taken []replication.TakenAddress
	for _, at := range g.Addresses() {
		switch {
		case g.Leaves(at): // who has it is in nobody's way
		case served(at, observed) || !places.Occupied(at):
			s.suspects.clear(g.Key(), at)
		case g.IsTaken(at):
			taken = append(taken, replication.TakenAddress{Address: at})
		case s.suspects.occupied(g.Key(), at) >= takenAfter:
			s.suspects.clear(g.Key(), at)
			by := taker(places.Occupant(at))
			s.Logger.Warn("address is taken", "group", g.Key(), "address", at, "by", by)
			taken = append(taken, replication.TakenAddress{Address: at, By: by, Since: s.Now()})
		default:
			s.suspecting = true
		}
	}
	were := len(g.Taken)
	events := g.NoteTaken(taken, s.Now())
	if len(events) == 0 && were == len(taken) {
		return nil
	}
	return s.write(ctx, g, events)
}

// occupies reports whether a step may have failed because another program has an address. Another
// look tells: engines have tried for longer than takenAfter.
func (s *session) occupies(err error) bool {
	return s.suspecting && (errors.Is(err, errOccupied) || engine.IsRefused(err))
}

// taker says who has an address, as exactly as the system tells.
func taker(who provider.Occupant) cache.Saying {
	switch {
	case who.PID != 0:
		return cache.Say(cache.FactTakenByProcess, "pid", strconv.Itoa(who.PID), "program", who.Program)
	case who.User != "":
		return cache.Say(cache.FactTakenByUser, "user", who.User)
	}
	return cache.Say(cache.FactTakenBySomebody)
}

// allKnown reports whether it is known of every node what it serves: an engine of ours is no stranger.
func allKnown(g *replication.Group, observed Observed) bool {
	return !slices.ContainsFunc(g.Nodes(), func(n *replication.Node) bool {
		o := observed[n.ID]
		return !o.Serving && o.Process.Phase != provider.PhaseAbsent && o.Process.Phase != provider.PhaseStopped
	})
}

func served(at netip.AddrPort, observed Observed) bool {
	for _, o := range observed {
		if slices.Contains(o.View.Listen, at) {
			return true
		}
	}
	return false
}

// free leaves out the addresses that another program has: an engine that cannot open one opens none.
func (p *planner) free(addresses []netip.AddrPort) []netip.AddrPort {
	return slices.DeleteFunc(addresses, p.group.IsTaken)
}

// awaitsAddress has the group looked at again while another program has an address of it. A
// creation is given up: with another port, or when that program has ended, it may be tried again.
func (p *planner) awaitsAddress() {
	for _, t := range p.group.Taken {
		if p.group.Status == cache.StatusCreating {
			p.failure = p.group.SayTaken(t).String()
			return
		}
		p.waitFor(min(max(p.now.Sub(t.Since)/20, takenLookFirst), takenLookLast))
	}
}
