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
	SourceUser             SourceType = "user"
	SourceUserGroup        SourceType = "user-group"
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

// CacheNodeID is the id of the one cache node of every cache cluster.
const CacheNodeID = "0001"
