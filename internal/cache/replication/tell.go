package cache

import (
	"time"
)

// Event makes an event about the group, or about the cache cluster that it is
// when it stands alone.
func (g *ReplicationGroup) Event(now time.Time, message string) Event {
	source := SourceReplicationGroup
	if g.Standalone {
		source = SourceCacheCluster
	}
	return Event{At: now, SourceType: source, SourceID: g.ID, Message: message}
}

// Tell makes an event of a sentence of ours about the group.
func (g *ReplicationGroup) Tell(now time.Time, what Saying) Event {
	event := g.Event(now, what.Text)
	event.Fact = what.Fact
	return event
}

// Tell makes an event of a sentence of ours about one node.
func (n *Node) Tell(now time.Time, what Saying) Event {
	event := n.Event(now, what.Text)
	event.Fact = what.Fact
	return event
}

// Event makes an event about one node.
func (n *Node) Event(now time.Time, message string) Event {
	return Event{At: now, SourceType: SourceCacheCluster, SourceID: n.ID, Message: message}
}

// recover tells, once, that the node is out of service and is being brought back.
func (n *Node) recover(now time.Time) []Event {
	if n.Recovering {
		return nil
	}
	n.Recovering = true
	return []Event{n.Event(now, "Recovering cache nodes "+CacheNodeID)}
}

// recovered tells that the node is back, if it was told that it was not.
func (n *Node) recovered(now time.Time) []Event {
	if !n.Recovering {
		return nil
	}
	n.Recovering = false
	return []Event{n.Event(now, "Finished recovery for cache nodes "+CacheNodeID)}
}

func (g *ReplicationGroup) automaticFailoverEvent(now time.Time) Event {
	if g.AutomaticFailover {
		return g.Event(now, "Automatic failover has been turned on for replication group "+g.ID)
	}
	return g.Event(now, "Automatic failover has been turned off for replication group "+g.ID)
}
