package store

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Errors that every implementation returns, wrapped with what happened. None of
// them leaves anything half written.
var (
	// ErrConflict: the group was written by somebody else since it was read.
	ErrConflict = errors.New("group was changed meanwhile")
	// ErrAddressTaken: another group holds one of the addresses.
	ErrAddressTaken = errors.New("address is taken by another group")
	// ErrFull: there is no space left to write to.
	ErrFull = errors.New("store is full")
	// ErrCorrupt: what is stored cannot be read; nothing is overwritten.
	ErrCorrupt = errors.New("store is damaged")
	// ErrNewer: the store was written by a newer release.
	ErrNewer = errors.New("store belongs to a newer release")
)

// Store keeps what must survive the control plane. It is safe for concurrent use.
type Store interface {
	// View runs fn on one consistent state. fn must not keep the Tx.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn and makes all of its writes durable together, or none if fn
	// or the commit returns an error. Updates are serial. fn may be run again
	// after a conflict with another process, so it must have no other effects. When there
	// is no space left, only what has [WithReserve] is written.
	Update(ctx context.Context, fn func(UpdateTx) error) error
	// Close waits for what is running and gives the files up.
	Close() error
}

// Tx reads.
type Tx interface {
	// ReplicationGroup returns the group of that key; an error of
	// [cache.KindNotFound] about the key's resource if there is none.
	ReplicationGroup(key cache.Key) (*cache.ReplicationGroup, error)
	// ReplicationGroups returns groups in the order of their keys.
	ReplicationGroups(q GroupQuery) ([]*cache.ReplicationGroup, error)
	// GroupOfNode returns the group that a cache cluster belongs to (or is); an
	// error of [cache.KindNotFound] about [cache.ResourceCacheCluster] if there is none.
	GroupOfNode(nodeID string) (*cache.ReplicationGroup, error)
	// GroupsOfNodes returns, for the first limit node ids (0: all) greater than
	// after in the order of the ids, each node's id with its group. Nodes of one
	// group share the pointer.
	GroupsOfNodes(after string, limit int) ([]NodeRef, error)
	// Addresses returns every address that a group holds.
	Addresses() (map[netip.Addr]cache.Key, error)
	// Events returns events in the order of their sequence.
	Events(q EventQuery) ([]cache.Event, error)
	// Failovers returns the receipts of failovers in the order of their DetectedAt;
	// those of the same time in the order in which they were first put.
	Failovers(q FailoverQuery) ([]cache.Failover, error)
	// Rotations returns guided rotations, under way and over, in the order of their
	// StartedAt; those of the same time in the order in which they were first put.
	Rotations(q RotationQuery) ([]cache.Rotation, error)
	// ConsoleSession returns the session of that digest, whether or not it has expired;
	// [ErrNoConsoleSession] if there is none.
	ConsoleSession(digest ConsoleDigest) (ConsoleSession, error)
	// Mark returns what was put under a name; nil if nothing was.
	Mark(name Mark) ([]byte, error)
}

// UpdateTx reads and writes. A read sees the writes before it.
type UpdateTx interface {
	Tx
	// PutReplicationGroup creates the group when its Revision is 0, else replaces
	// the revision that it was read at, and counts the group's Revision up. Errors:
	// [cache.KindExists] when the key or a node's id is taken (about the resource
	// that is), [ErrAddressTaken], [ErrConflict].
	PutReplicationGroup(group *cache.ReplicationGroup) error
	// DeleteReplicationGroup removes the group and gives up its addresses and node
	// ids; an error of [cache.KindNotFound] if there is none.
	DeleteReplicationGroup(key cache.Key) error
	// AppendEvents writes events and numbers them.
	AppendEvents(events ...cache.Event) error
	// PruneEvents removes what is older than before and says how many there were.
	PruneEvents(before time.Time) (int, error)
	// PutFailover writes a receipt, in place of the one of the same ID if there is
	// one. Receipts are kept when their group is deleted.
	PutFailover(f cache.Failover) error
	// PruneFailovers removes what was detected before that time and says how many
	// there were.
	PruneFailovers(before time.Time) (int, error)
	// PutRotation writes the receipt ([cache.Rotation.Receipt]: without the salt) of a
	// rotation, in place of the one of the same ID if there is one. Receipts are kept
	// when their group is deleted.
	PutRotation(r cache.Rotation) error
	// PruneRotations removes what ended before that time and says how many there were.
	// What is under way stays, for it may take months.
	PruneRotations(before time.Time) (int, error)
	// PutMark writes a mark, in place of the one of the same name if there is one.
	PutMark(name Mark, value []byte) error
	// PutConsoleSession writes a new session. Its digest is one that was never used.
	PutConsoleSession(s ConsoleSession) error
	// DeleteConsoleSession signs a session out; [ErrNoConsoleSession] if there is none.
	DeleteConsoleSession(digest ConsoleDigest) error
	// PruneConsoleSessions removes what expired before that time and says how many there were.
	PruneConsoleSessions(before time.Time) (int, error)
}

// GroupQuery selects groups.
type GroupQuery struct {
	Resource cache.Resource // only keys of this resource; empty: all
	After    string         // only ids greater than this; needs Resource
	Limit    int            // at most so many; 0: all
}

// NodeRef is a node's id and the group that the node is part of.
type NodeRef struct {
	NodeID string
	Group  *cache.ReplicationGroup
}

// EventQuery selects events; a zero field does not narrow.
type EventQuery struct {
	SourceType  cache.SourceType
	SourceID    string
	From, Until time.Time // From inclusive, Until exclusive
	Newest      bool      // newest first; After and the Limit count from there
	After       int64     // only what follows the event of that sequence
	Limit       int
}

// FailoverQuery selects receipts of failovers; a zero field does not narrow.
type FailoverQuery struct {
	GroupID string
	Cause   cache.FailoverCause
	From    time.Time // DetectedAt is then or later
	Newest  bool      // newest first; the Limit counts from there
	Limit   int
}

// RotationQuery selects guided rotations; a zero field does not narrow.
type RotationQuery struct {
	GroupID string
	State   cache.RotationState
	From    time.Time // StartedAt is then or later
	Newest  bool      // newest first; the Limit counts from there
	Limit   int
}
