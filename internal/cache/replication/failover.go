package replication

import (
	"fmt"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// FailoverRetention is how long the receipts of failovers are kept.
const FailoverRetention = 90 * 24 * time.Hour

// FailoverCause says why a primary handed over, or lost, its role.
type FailoverCause string

// The causes. Only the first two are failures; the others are asked for.
const (
	CauseCrash   FailoverCause = "crash"   // the primary's process ended by itself
	CauseHang    FailoverCause = "hang"    // its process lived, but did not answer
	CauseTest    FailoverCause = "test"    // TestFailover
	CausePromote FailoverCause = "promote" // ModifyReplicationGroup with PrimaryClusterId
	CauseReboot  FailoverCause = "reboot"  // RebootCacheCluster of the primary
	CauseUpgrade FailoverCause = "upgrade" // of the engine: a replica has the new version
)

// Planned reports whether the failover was asked for, so that writes are paused
// and none that was acknowledged is lost.
func (c FailoverCause) Planned() bool { return c != CauseCrash && c != CauseHang }

// Failover is the receipt of one change of primary: what happened when, and what it cost. Until the group is whole
// again it is kept in the group, where it also is the state of the change; see the diagram of the package.
//
// A time that is zero did not come to pass (yet), or passed unseen. Times are those of the machine's clock; if that is
// set meanwhile, the receipt shows it.
type Failover struct {
	ID          string        `json:"id"` // never used again
	GroupID     string        `json:"group_id"`
	NodeGroupID string        `json:"node_group_id"`
	Cause       FailoverCause `json:"cause"`
	From        string        `json:"from"`         // the node that was the primary
	To          string        `json:"to,omitempty"` // the node that is; empty: not chosen yet

	DetectedAt      time.Time `json:"detected_at"`                // the failure was seen, or the request stored
	PausedAt        time.Time `json:"paused_at,omitzero"`         // of a planned one: its writes were held back
	FencedAt        time.Time `json:"fenced_at,omitzero"`         // the old primary could not write any more
	ElectedAt       time.Time `json:"elected_at,omitzero"`        // To was chosen
	PromotedAt      time.Time `json:"promoted_at,omitzero"`       // To took the role
	EndpointMovedAt time.Time `json:"endpoint_moved_at,omitzero"` // To listens at the primary endpoint
	WriteAcceptedAt time.Time `json:"write_accepted_at,omitzero"` // To, at the endpoint, took a write
	RecoveredAt     time.Time `json:"recovered_at,omitzero"`      // every node is back and proven

	// Offsets are the replication offsets of the nodes that could be asked when To was
	// chosen, in bytes. FromOffset is the last that is known of the old primary; it is
	// exact when it was read after its writes were paused.
	Offsets    []NodeOffset `json:"offsets,omitempty"`
	FromOffset int64        `json:"from_offset,omitempty"`
	Exact      bool         `json:"exact,omitempty"`

	// Resumed says that the control plane was killed after the promotion and before it was
	// noted: the times from PromotedAt on are those at which the next one saw it.
	Resumed bool `json:"resumed,omitempty"`

	GivenUp cache.Saying `json:"given_up,omitzero"` // why a planned failover did not come about
}

// NodeOffset is how far a node had come in the stream of its primary's writes.
type NodeOffset struct {
	NodeID string `json:"node_id"`
	Offset int64  `json:"offset"`
}

// Pending reports whether a new primary is still to be chosen.
func (f *Failover) Pending() bool { return f != nil && f.ElectedAt.IsZero() && f.GivenUp.Empty() }

// Loss is the length in bytes of the writes that the old primary is known to have
// had and the new one has not. Unless it is exact the old primary may have taken
// more, just before it was lost.
func (f *Failover) Loss() (bytes int64, exact bool) {
	for _, o := range f.Offsets {
		if o.NodeID == f.To {
			return max(0, f.FromOffset-o.Offset), f.Exact
		}
	}
	return 0, f.Exact
}

// LossText words Loss for people.
func (f *Failover) LossText() string {
	switch bytes, exact := f.Loss(); {
	case bytes == 0 && exact:
		return "none"
	case bytes == 0:
		return "none known"
	case exact:
		return fmt.Sprintf("%d bytes", bytes)
	default:
		return fmt.Sprintf("at least %d bytes", bytes)
	}
}
