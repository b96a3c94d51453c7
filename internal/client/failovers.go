package client

import (
	"context"
	"net/url"
	"time"
)

// Failover is the receipt of one change of primary, as DescribeFailovers answers it.
// Microseconds are those since DetectedAt; nil did not come to pass (yet), or passed
// unseen.
type Failover struct {
	ID                        string           `xml:"FailoverId" json:"id"`
	ReplicationGroupID        string           `xml:"ReplicationGroupId" json:"replication_group_id"`
	NodeGroupID               string           `xml:"NodeGroupId" json:"node_group_id"`
	Cause                     string           `json:"cause"`
	Planned                   bool             `json:"planned"`
	Status                    string           `json:"status"`
	GivenUpReason             string           `json:"given_up_reason,omitempty"`
	From                      string           `xml:"FromCacheClusterId" json:"from"`
	To                        string           `xml:"ToCacheClusterId" json:"to,omitempty"`
	DetectedAt                time.Time        `json:"detected_at"`
	PausedMicroseconds        *int64           `json:"paused_microseconds,omitempty"`
	FencedMicroseconds        *int64           `json:"fenced_microseconds,omitempty"`
	ElectedMicroseconds       *int64           `json:"elected_microseconds,omitempty"`
	PromotedMicroseconds      *int64           `json:"promoted_microseconds,omitempty"`
	EndpointMovedMicroseconds *int64           `json:"endpoint_moved_microseconds,omitempty"`
	WriteAcceptedMicroseconds *int64           `json:"write_accepted_microseconds,omitempty"`
	RecoveredMicroseconds     *int64           `json:"recovered_microseconds,omitempty"`
	Resumed                   bool             `json:"resumed,omitempty"` // the times from the promotion on are when a restarted aikagi saw it
	Offsets                   []FailoverOffset `xml:"Offsets>member" json:"offsets,omitempty"`
	FromOffset                *int64           `json:"from_offset,omitempty"`
	LossBytes                 *int64           `json:"loss_bytes,omitempty"`
	LossExact                 bool             `json:"loss_exact"`
	Loss                      string           `json:"loss,omitempty"`
}

// FailoverOffset is how far a node had come in the stream of its primary's writes,
// in bytes.
type FailoverOffset struct {
	CacheClusterID string `xml:"CacheClusterId" json:"cache_cluster_id"`
	Offset         int64  `json:"offset"`
}

// Failovers returns the receipts that are kept of one group, or of all for an empty
// one, newest first.
func (c *Client) Failovers(ctx context.Context, group string) ([]Failover, error) {
	form := url.Values{"Action": {"DescribeFailovers"}}
	if group != "" {
		form.Set("ReplicationGroupId", group)
	}
	all := []Failover{}
	for {
		var page struct {
			Failovers []Failover `xml:"DescribeFailoversResult>Failovers>member"`
			Marker    string     `xml:"DescribeFailoversResult>Marker"`
		}
		if err := c.call(ctx, form, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Failovers...)
		if page.Marker == "" {
			return all, nil
		}
		form.Set("Marker", page.Marker)
	}
}
