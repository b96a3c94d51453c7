package rotation

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// Retention is how long the receipts of rotations are kept.
const Retention = 90 * 24 * time.Hour

// State is where a guided rotation is; see the diagram of the package.
type State string

// The states. From RotationDone on they are final.
const (
	OfferingTLS  State = "offering-tls"  // TLS is on its way to the nodes, beside plaintext
	AwaitingTLS  State = "awaiting-tls"  // clients change over to TLS
	RequiringTLS State = "requiring-tls" // the end of plaintext is on its way to the nodes

	Pending     State = "pending"      // asked for; the destination is looked at
	Rotating    State = "rotating"     // the new token is on its way to the nodes
	Delivering  State = "delivering"   // both are accepted; the new one is brought to its destination
	Waiting     State = "waiting"      // clients change over
	Brownout    State = "brownout"     // the old one is refused, to find who would fail
	Setting     State = "setting"      // the end of the old one is on its way to the nodes
	Watching    State = "watching"     // only the new one is accepted; who fails now brings the old one back
	RollingBack State = "rolling-back" // the old one is on its way back
	Cancelling  State = "cancelling"   // the tokens of before are on their way back

	Done       State = "done"
	RolledBack State = "rolled-back"
	Cancelled  State = "cancelled"
	Failed     State = "failed"
)

// Final reports whether nothing follows.
func (s State) Final() bool {
	switch s {
	case Done, RolledBack, Cancelled, Failed:
		return true
	}
	return false
}

// Cause says who asked for a rotation.
type Cause string

// The causes.
const (
	Requested Cause = "request"
	Scheduled Cause = "schedule"
)

// Rotation is one guided change of a group's token: what was asked for, how far it has come,
// and, when it is over, its receipt. While it goes on it is kept in the group, so that each
// step is stored together with what it does to the tokens. It holds no token.
type Rotation struct {
	ID      string `json:"id"` // never used again
	GroupID string `json:"group_id"`
	Cause   Cause  `json:"cause"`
	Spec    Spec   `json:"spec"`
	State   State  `json:"state"`

	// Salt is what the new token is made of, with a key of the service; until SET is proven.
	// Without it nobody can make the token again.
	Salt string           `json:"salt,omitempty"`
	Old  token.Credential `json:"old"` // what is to end
	New  token.Credential `json:"new"` // zero until it is rotated in

	StartedAt     time.Time `json:"started_at"`
	TLSOfferedAt  time.Time `json:"tls_offered_at,omitzero"`  // every node accepted TLS and plaintext
	TLSRequiredAt time.Time `json:"tls_required_at,omitzero"` // every node refused plaintext
	RotatedAt     time.Time `json:"rotated_at,omitzero"`      // every node accepted both
	DeliveredAt   time.Time `json:"delivered_at,omitzero"`    // the destination has the new one
	BrownoutAt    time.Time `json:"brownout_at,omitzero"`     // the last brownout was over
	SetAt         time.Time `json:"set_at,omitzero"`          // every node refused the old one
	EndedAt       time.Time `json:"ended_at,omitzero"`
	Since         time.Time `json:"since"` // the state was entered

	FinishNow   bool `json:"finish_now,omitempty"` // the owner answered Ask, or does not want to wait
	CancelNow   bool `json:"cancel_now,omitempty"` // as soon as no delivery is on its way
	RollBackNow bool `json:"roll_back_now,omitempty"`
	// RefusedFrom is how many logins with Old each node had refused when it was ended on purpose,
	// by the node's id: what a node counted before does not matter, nor who is not there any more.
	RefusedFrom  map[string]int64 `json:"refused_from,omitempty"`
	RefusedSince time.Time        `json:"refused_since,omitzero"` // the moment of that
	Refused      int64            `json:"refused,omitempty"`      // logins with Old that were refused since
	Evicted      int64            `json:"evicted,omitempty"`      // connections of Old that were ended

	Culprits  []usage.Client `json:"culprits,omitempty"`  // who tried Old when it was refused
	Notes     []cache.Saying `json:"notes,omitempty"`     // what its owner should know
	Problem   cache.Saying   `json:"problem,omitzero"`    // what holds it up and is tried again
	ProblemAt time.Time      `json:"problem_at,omitzero"` // and since when it is that
	Reason    cache.Saying   `json:"reason,omitzero"`     // why it ended as it did
}

// Clone is a copy that shares nothing that steps change.
func (r *Rotation) Clone() *Rotation {
	next := *r
	next.Culprits = append([]usage.Client(nil), r.Culprits...)
	next.Notes = append([]cache.Saying(nil), r.Notes...)
	return &next
}

// Receipt is a copy to be shown and kept: without the salt, which is a part of the new
// token.
func (r *Rotation) Receipt() Rotation {
	receipt := r.Clone()
	receipt.Salt = ""
	return *receipt
}

// RefusedBefore is the sum of RefusedFrom.
func (r *Rotation) RefusedBefore() (sum int64) {
	for _, refused := range r.RefusedFrom {
		sum += refused
	}
	return sum
}
