package own

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache/rotation"
)

// Guided rotations of AUTH tokens. No action of the original does what these do.
const (
	// StartAuthTokenRotation: the service makes a new token, has the nodes accept it beside the old one, delivers it, waits
	// until nobody uses the old one, ends that, and brings it back if clients are locked out.
	StartAuthTokenRotation Action[StartAuthTokenRotationInput, RotationOutput] = "StartAuthTokenRotation"
	// CancelAuthTokenRotation ends a rotation before SET. A token that was not delivered is taken back; one that was stays
	// accepted beside the old one.
	CancelAuthTokenRotation Action[GroupInput, RotationOutput] = "CancelAuthTokenRotation"
	// ContinueAuthTokenRotation lets a rotation that waits end the old token now.
	ContinueAuthTokenRotation Action[GroupInput, RotationOutput] = "ContinueAuthTokenRotation"
	// RollBackAuthTokenRotation brings the old token back after SET, while the rotation still watches.
	RollBackAuthTokenRotation Action[GroupInput, RotationOutput] = "RollBackAuthTokenRotation"

	DescribeAuthTokenRotations Action[DescribeAuthTokenRotationsInput, DescribeAuthTokenRotationsOutput] = "DescribeAuthTokenRotations"
)

// StartAuthTokenRotationInput says how a token is to be rotated. Durations are written like 30s, 10m or 24h; see
// [rotation.Spec].
type StartAuthTokenRotationInput struct {
	ReplicationGroupId *string
	Delivery           *string // file:/path, command:/program arguments, secretsmanager:name?region=…; required without FinishOnly
	Finish             *string // quiet=DURATION, deadline=DURATION, both with a comma, or ask; default quiet=10m
	Brownout           *string // default 0: none
	EvictOver          *string // default 0: connections stay
	Grace              *string // default 10m
	RollBackOver       *int64  // refused logins; default 0: the first one brings the old token back; negative: none does
	FinishOnly         *bool   // finish what was begun with ROTATE
	Secure             *bool   // first require TLS, once no client connects in plaintext any more
}

// RotationOutput answers what is asked of one rotation.
type RotationOutput struct {
	Rotation Rotation
}

// DescribeAuthTokenRotationsInput asks for guided rotations, under way and over.
type DescribeAuthTokenRotationsInput struct {
	ReplicationGroupId *string // of this group only, which may be deleted by now
	RotationId         *string // this one only
	MaxRecords         *int32
	Marker             *string
}

// DescribeAuthTokenRotationsOutput is the answer, newest first.
type DescribeAuthTokenRotationsOutput struct {
	Rotations []Rotation
	Marker    *string
}

// Rotation is a guided rotation; see [rotation.Rotation]. Times that are absent have not come; durations are text like 10m0s.
type Rotation struct {
	RotationId         string         `json:"id"`
	ReplicationGroupId string         `json:"replication_group_id"`
	Cause              string         `json:"cause"` // request, schedule
	State              rotation.State `json:"state"`
	Over               bool           `json:"over"`
	OldCredential      string         `json:"old_credential"`                             // a fingerprint, or NONE
	NewCredential      string         `json:"new_credential,omitempty" query:"omitempty"` // absent: it is not in use yet

	Delivery     string `json:"delivery,omitempty" query:"omitempty"`
	FinishOnly   bool   `json:"finish_only"`
	Finish       string `json:"finish"`
	Brownout     string `json:"brownout"`
	EvictOver    string `json:"evict_over"`
	Grace        string `json:"grace"`
	RollBackOver int64  `json:"roll_back_over"` // negative: never

	StartedAt   time.Time  `json:"started_at" query:"omitempty"`
	RotatedAt   *time.Time `json:"rotated_at,omitempty"` // every node accepts both
	DeliveredAt *time.Time `json:"delivered_at,omitempty"`
	BrownoutAt  *time.Time `json:"brownout_at,omitempty"` // the last one was over
	SetAt       *time.Time `json:"set_at,omitempty"`      // every node refuses the old one
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	StateSince  *time.Time `json:"state_since,omitempty"`

	FinishRequested    bool     `json:"finish_requested"`
	CancelRequested    bool     `json:"cancel_requested"`
	RollBackRequested  bool     `json:"roll_back_requested"`
	RefusedBefore      int64    `json:"refused_before"` // logins with the old one that were refused before it was on purpose
	RefusedLogins      int64    `json:"refused_logins"` // and since, when that was last put down
	EvictedConnections int64    `json:"evicted_connections"`
	Culprits           []Client `json:"culprits,omitempty"` // who tried the old one when it was refused
	Notes              []string `json:"notes,omitempty"`
	NoteFacts          []Fact   `json:"-"`                                   // what they say, one for each
	Problem            string   `json:"problem,omitempty" query:"omitempty"` // holds it up, and is tried again
	ProblemFact        *Fact    `json:"-"`                                   // what the problem says
	Reason             string   `json:"reason,omitempty" query:"omitempty"`  // why it ended as it did
	ReasonFact         *Fact    `json:"-"`                                   // what the reason says

	Secure        bool       `json:"secure"`                    // it first has the group require TLS
	TlsOfferedAt  *time.Time `json:"tls_offered_at,omitempty"`  // every node accepts TLS beside plaintext
	TlsRequiredAt *time.Time `json:"tls_required_at,omitempty"` // every node refuses plaintext
}
