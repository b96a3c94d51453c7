package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Event makes an event about the group, or about the cache cluster that it is
// when it stands alone.
func (g *Group) Event(now time.Time, message string) cache.Event {
	source := cache.SourceReplicationGroup
	if g.Standalone {
		source = cache.SourceCacheCluster
	}
	return cache.Event{At: now, SourceType: source, SourceID: g.ID, Message: message}
}

// Tell makes an event of a sentence of ours about the group.
func (g *Group) Tell(now time.Time, what cache.Saying) cache.Event {
	event := g.Event(now, what.Text)
	event.Fact = what.Fact
	return event
}

// Tell makes an event of a sentence of ours about one node.
func (n *Node) Tell(now time.Time, what cache.Saying) cache.Event {
	event := n.Event(now, what.Text)
	event.Fact = what.Fact
	return event
}

// Event makes an event about one node.
func (n *Node) Event(now time.Time, message string) cache.Event {
	return cache.Event{At: now, SourceType: cache.SourceCacheCluster, SourceID: n.ID, Message: message}
}

// recover tells, once, that the node is out of service and is being brought back.
func (n *Node) recover(now time.Time) []cache.Event {
	if n.Recovering {
		return nil
	}
	n.Recovering = true
	return []cache.Event{n.Event(now, "Recovering cache nodes "+cache.CacheNodeID)}
}

// recovered tells that the node is back, if it was told that it was not.
func (n *Node) recovered(now time.Time) []cache.Event {
	if !n.Recovering {
		return nil
	}
	n.Recovering = false
	return []cache.Event{n.Event(now, "Finished recovery for cache nodes "+cache.CacheNodeID)}
}

func (g *Group) automaticFailoverEvent(now time.Time) cache.Event {
	if g.AutomaticFailover {
		return g.Event(now, "Automatic failover has been turned on for replication group "+g.ID)
	}
	return g.Event(now, "Automatic failover has been turned off for replication group "+g.ID)
}
