package own

import (
	"encoding/json"
	"time"
)

// DescribeFailovers tells what failovers cost, which no action of the original does.
const DescribeFailovers Action[DescribeFailoversInput, DescribeFailoversOutput] = "DescribeFailovers"

// DescribeFailoversInput asks for the receipts of failovers, under way and over.
type DescribeFailoversInput struct {
	ReplicationGroupId *string // of this group only, which may be deleted by now
	MaxRecords         *int32
	Marker             *string
}

// DescribeFailoversOutput is the answer, newest first.
type DescribeFailoversOutput struct {
	Failovers []Failover
	Marker    *string
}

// Failover is the receipt of one change of primary; see [replication.Failover]. The microseconds are those since DetectedAt. What
// is absent did not come to pass (yet), or passed unseen.
type Failover struct {
	FailoverId                string           `json:"id"`
	ReplicationGroupId        string           `json:"replication_group_id"`
	NodeGroupId               string           `json:"node_group_id"`
	Cause                     string           `json:"cause"` // crash, hang, test, promote, reboot, upgrade
	Planned                   bool             `json:"planned"`
	Status                    string           `json:"status"` // pending, recovering, recovered, given up, overtaken
	GivenUpReason             string           `json:"given_up_reason,omitempty" query:"omitempty"`
	GivenUpFact               *Fact            `json:"-"` // what the reason says
	FromCacheClusterId        string           `json:"from" query:"omitempty"`
	ToCacheClusterId          string           `json:"to,omitempty" query:"omitempty"`
	DetectedAt                time.Time        `json:"detected_at" query:"microseconds"`
	PausedMicroseconds        *int64           `json:"paused_microseconds,omitempty"` // of a planned failover: writes were held back from here on
	FencedMicroseconds        *int64           `json:"fenced_microseconds,omitempty"`
	ElectedMicroseconds       *int64           `json:"elected_microseconds,omitempty"`
	PromotedMicroseconds      *int64           `json:"promoted_microseconds,omitempty"`
	EndpointMovedMicroseconds *int64           `json:"endpoint_moved_microseconds,omitempty"`
	WriteAcceptedMicroseconds *int64           `json:"write_accepted_microseconds,omitempty"`
	RecoveredMicroseconds     *int64           `json:"recovered_microseconds,omitempty"`
	Resumed                   bool             `json:"resumed,omitempty"`     // aikagi was killed meanwhile: the times from the promotion on are when it saw it
	Offsets                   []FailoverOffset `json:"offsets,omitempty"`     // of the nodes that could be asked
	FromOffset                *int64           `json:"from_offset,omitempty"` // the last that is known of the old primary
	LossBytes                 *int64           `json:"loss_bytes,omitempty"`
	LossExact                 *bool            `json:"loss_exact"`                       // else the old primary may have taken more
	Loss                      string           `json:"loss,omitempty" query:"omitempty"` // the same in words
}

// MarshalJSON writes loss_exact also where nothing is known of a loss yet, as commands always have.
func (f Failover) MarshalJSON() ([]byte, error) {
	type fields Failover // without this method
	if f.LossExact == nil {
		f.LossExact = new(bool)
	}
	return json.Marshal(fields(f))
}

// FailoverOffset is how far a node had come in the stream of its primary's writes, in bytes.
type FailoverOffset struct {
	CacheClusterId string `json:"cache_cluster_id"`
	Offset         int64  `json:"offset"`
}
