package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// NoteCrash records that a node's process ended though nobody asked it to, and that it is to be
// restarted in its role.
func (g *Group) NoteCrash(nodeID string, reason cache.Saying, now time.Time) []cache.Event {
	events := g.noteCrash(nodeID, reason, now)
	if len(events) > 0 {
		events = append(events, g.Node(nodeID).recover(now)...)
	}
	return events
}

func (g *Group) noteCrash(nodeID string, reason cache.Saying, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || node.Crashed || node.Status == cache.StatusCreating || node.Status == cache.StatusDeleting {
		return nil
	}
	node.Crashed, node.Status = true, cache.StatusRebooting
	return []cache.Event{node.Tell(now, cache.Say(cache.FactNodeEnded, "reason", reason))}
}

// NoteSaving records whether a node can write its snapshots; it serves either way.
func (g *Group) NoteSaving(nodeID string, failed bool, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || node.CannotSave == failed {
		return nil
	}
	node.CannotSave = failed
	if failed {
		return []cache.Event{node.Tell(now, cache.Say(cache.FactCannotSave))}
	}
	return []cache.Event{node.Tell(now, cache.Say(cache.FactSavesAgain))}
}

// Lateness is how far a replica is behind its primary.
type Lateness struct {
	Age   time.Duration // of the oldest write that it does not have, at least
	Bytes int64         // of writes, about
}

// NoteBehind records that a replica is too late to be read.
func (g *Group) NoteBehind(nodeID string, by Lateness, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || node.Behind() || g.IsPrimary(nodeID) || node.Status == cache.StatusDeleting {
		return nil
	}
	node.BehindSince = now
	return []cache.Event{node.Tell(now, cache.Say(cache.FactReplicaBehind, "node", nodeID, "time", by.Age.Truncate(time.Second), "n", by.Bytes))}
}

// NoteCaughtUp records that a replica which was too late can be read again, or is a replica no more.
func (g *Group) NoteCaughtUp(nodeID string, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || !node.Behind() {
		return nil
	}
	took := max(time.Second, now.Sub(node.BehindSince).Round(time.Second)) // a clock may step back
	node.BehindSince = time.Time{}
	if g.IsPrimary(nodeID) {
		return nil // the failover is told of
	}
	return []cache.Event{node.Tell(now, cache.Say(cache.FactReplicaCaughtUp, "node", nodeID, "time", took))}
}
