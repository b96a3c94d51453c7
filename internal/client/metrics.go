package client

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"time"
)

// GroupMetrics is the last hour of a group's nodes, as DescribeReplicationGroupMetrics answers it.
type GroupMetrics struct {
	ReplicationGroupID string        `xml:"DescribeReplicationGroupMetricsResult>ReplicationGroupId" json:"replication_group_id"`
	AsOf               time.Time     `xml:"DescribeReplicationGroupMetricsResult>AsOf" json:"as_of"`
	Nodes              []NodeMetrics `xml:"DescribeReplicationGroupMetricsResult>Nodes>member" json:"nodes"`
}

// NodeMetrics is what is remembered of one node.
type NodeMetrics struct {
	CacheClusterID string      `xml:"CacheClusterId" json:"cache_cluster_id"`
	Role           string      `json:"role"`
	Timestamps     []time.Time `xml:"Timestamps>member" json:"timestamps"`
	Metrics        []Metric    `xml:"Metrics>member" json:"metrics"`
}

// Metric is one metric of a node, with a value for each of the node's timestamps.
type Metric struct {
	MetricName string        `json:"metric_name"`
	Unit       string        `json:"unit"`
	Credential string        `json:"credential,omitempty"` // empty: of the node as a whole
	Values     []MetricValue `xml:"Values>member" json:"values"`
}

// MetricValue is a number, or NaN for a gap, which is null in JSON.
type MetricValue float64

// UnmarshalText reads a number; nothing is a gap.
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

// Metrics returns what is remembered of a group after a time; zero: all, which is an hour.
func (c *Client) Metrics(ctx context.Context, group string, after time.Time) (GroupMetrics, error) {
	form := url.Values{"Action": {"DescribeReplicationGroupMetrics"}, "ReplicationGroupId": {group}}
	if !after.IsZero() {
		form.Set("StartTime", after.UTC().Format(time.RFC3339Nano))
	}
	var metrics GroupMetrics
	err := c.call(ctx, form, &metrics)
	return metrics, err
}
