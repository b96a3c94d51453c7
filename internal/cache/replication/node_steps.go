package cache

import "time"

// NoteCrash records that a node's process ended though nobody asked it to, and that it is to be
// restarted in its role.
func (g *ReplicationGroup) NoteCrash(nodeID string, reason Saying, now time.Time) []Event {
	events := g.noteCrash(nodeID, reason, now)
	if len(events) > 0 {
		events = append(events, g.Node(nodeID).recover(now)...)
	}
	return events
}

func (g *ReplicationGroup) noteCrash(nodeID string, reason Saying, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || node.Crashed || node.Status == StatusCreating || node.Status == StatusDeleting {
		return nil
	}
	node.Crashed, node.Status = true, StatusRebooting
	return []Event{node.Tell(now, Say(FactNodeEnded, "reason", reason))}
}

// NoteSaving records whether a node can write its snapshots; it serves either way.
func (g *ReplicationGroup) NoteSaving(nodeID string, failed bool, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || node.CannotSave == failed {
		return nil
	}
	node.CannotSave = failed
	if failed {
		return []Event{node.Tell(now, Say(FactCannotSave))}
	}
	return []Event{node.Tell(now, Say(FactSavesAgain))}
}

// Lateness is how far a replica is behind its primary.
type Lateness struct {
	Age   time.Duration // of the oldest write that it does not have, at least
	Bytes int64         // of writes, about
}

// NoteBehind records that a replica is too late to be read.
func (g *ReplicationGroup) NoteBehind(nodeID string, by Lateness, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || node.Behind() || g.IsPrimary(nodeID) || node.Status == StatusDeleting {
		return nil
	}
	node.BehindSince = now
	return []Event{node.Tell(now, Say(FactReplicaBehind, "node", nodeID, "time", by.Age.Truncate(time.Second), "n", by.Bytes))}
}

// NoteCaughtUp records that a replica which was too late can be read again, or is a replica no more.
func (g *ReplicationGroup) NoteCaughtUp(nodeID string, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || !node.Behind() {
		return nil
	}
	took := max(time.Second, now.Sub(node.BehindSince).Round(time.Second)) // a clock may step back
	node.BehindSince = time.Time{}
	if g.IsPrimary(nodeID) {
		return nil // the failover is told of
	}
	return []Event{node.Tell(now, Say(FactReplicaCaughtUp, "node", nodeID, "time", took))}
}
