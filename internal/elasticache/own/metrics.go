package own

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/aikagi/aikagi/internal/cache/metric"
)

// DescribeReplicationGroupMetrics tells of the last hour of a group. Whoever asks has the group sampled every two seconds for
// a while. The original's metrics are in Amazon CloudWatch, which has an API of its own.
const DescribeReplicationGroupMetrics Action[DescribeReplicationGroupMetricsInput, Metrics] = "DescribeReplicationGroupMetrics"

// DescribeReplicationGroupMetricsInput asks for the samples of a group.
type DescribeReplicationGroupMetricsInput struct {
	ReplicationGroupId *string
	StartTime          *time.Time // only samples after it
}

// Metrics is the last hour of a group's nodes; see [metric.Group].
type Metrics struct {
	ReplicationGroupId string        `json:"replication_group_id"`
	AsOf               time.Time     `json:"as_of"`
	Nodes              []NodeMetrics `json:"nodes"`
}

// NodeMetrics is what is remembered of one node. The lists are empty for one that was never sampled.
type NodeMetrics struct {
	CacheClusterId string      `json:"cache_cluster_id"`
	Role           string      `json:"role"`       // primary or replica, now
	Timestamps     []time.Time `json:"timestamps"` // of the samples, oldest first, at uneven distances
	Metrics        []Metric    `json:"metrics"`    // those that have a value at one of the times at least
}

// Metric is one metric of a node over time, with a value for each of the node's timestamps.
type Metric struct {
	MetricName metric.Name   `json:"metric_name"`
	Unit       string        `json:"unit"`                                   // CloudWatch's: Count, Count/Second, Bytes, Percent, Seconds
	Credential string        `json:"credential,omitempty" query:"omitempty"` // a fingerprint or NONE; absent: the metric is of the node as a whole
	Values     []MetricValue `json:"values"`
}

// MetricValue is a number, or NaN for a gap. On the wire it has three decimals at the most, or is an empty element, which is
// a gap:
//
//	<Values><member>1.5</member><member></member><member>2</member></Values>
//
// XML has no other word for "none" that every parser knows: a NaN would be one to some, and elements that are left out
// would move the others to wrong times. In JSON a gap is null.
type MetricValue float64

// MarshalText writes what is on the wire.
func (v MetricValue) MarshalText() ([]byte, error) {
	if math.IsNaN(float64(v)) {
		return nil, nil
	}
	return strconv.AppendFloat(nil, math.Round(float64(v)*1000)/1000, 'f', -1, 64), nil
}

// UnmarshalText reads what is on the wire.
func (v *MetricValue) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*v = MetricValue(math.NaN())
		return nil
	}
	number, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return fmt.Errorf("read metric's value: %w", err)
	}
	*v = MetricValue(number)
	return nil
}

// MarshalJSON writes a number, or null.
func (v MetricValue) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(v)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(v))
}
