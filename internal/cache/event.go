package cache

import "time"

// EventRetention is how long events are kept.
//
// Source: API reference, DescribeEvents ("the last 14 days").
const EventRetention = 14 * 24 * time.Hour

// SourceType says what an event is about, in the words of DescribeEvents.
type SourceType string

// The source types that aikagi writes events for.
const (
	SourceReplicationGroup SourceType = "replication-group"
	SourceCacheCluster     SourceType = "cache-cluster"
)

// Event is one line of what happened, for people to read. It never holds a secret.
type Event struct {
	Sequence   int64 // given by the store; the order of events even when the clock steps back
	At         time.Time
	SourceType SourceType
	SourceID   string
	Message    string
	Fact       *Fact // what the message says; nil: it is in the original's words
}

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
