package elasticache

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Metrics returns what is remembered of a group's nodes after since. To ask has the group
// sampled more often for a while.
type Metrics func(g *cache.ReplicationGroup, since time.Time) cache.GroupMetrics

// DescribeReplicationGroupMetricsInput asks for the last hour of a group. The original's metrics
// are in Amazon CloudWatch, which has an API of its own.
type DescribeReplicationGroupMetricsInput struct {
	ReplicationGroupId *string
	StartTime          *time.Time // only samples after it
}

// DescribeReplicationGroupMetricsOutput is the answer; see [cache.GroupMetrics].
type DescribeReplicationGroupMetricsOutput struct {
	ReplicationGroupId *string
	AsOf               *time.Time
	Nodes              []NodeMetrics
}

// NodeMetrics is what is remembered of one node. The lists are empty for one that was never sampled.
type NodeMetrics struct {
	CacheClusterId *string
	Role           *string     // primary or replica, now
	Timestamps     []time.Time // of the samples, oldest first, at uneven distances
	Metrics        []Metric    // those that have a value at one of the times at least
}

// Metric is one metric of a node over time. There are as many values as timestamps. Each is a number
// with three decimals at the most, or an empty element, which is a gap:
//
//	<Values><member>1.5</member><member></member><member>2</member></Values>
//
// XML has no other word for "none" that every parser knows: a NaN would be one to some, and
// elements that are left out would move the others to wrong times.
type Metric struct {
	MetricName *string
	Unit       *string // CloudWatch's: Count, Count/Second, Bytes, Percent, Seconds
	Credential *string // a fingerprint or NONE; absent: the metric is of the node as a whole
	Values     []string
}

func (a *API) describeReplicationGroupMetrics(ctx context.Context, in *DescribeReplicationGroupMetricsInput) (*DescribeReplicationGroupMetricsOutput, error) {
	g, err := act.ReadGroup(ctx, a.groups(), act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	known := a.metricsOf(g, aws.ToTime(in.StartTime))
	out := &DescribeReplicationGroupMetricsOutput{ReplicationGroupId: &g.ID, AsOf: &known.At}
	for _, n := range known.Nodes {
		node := NodeMetrics{CacheClusterId: aws.String(n.NodeID), Role: aws.String("replica"), Timestamps: append([]time.Time{}, n.Times...), Metrics: []Metric{}}
		if n.NodeID == g.NodeGroup.PrimaryID {
			node.Role = aws.String("primary")
		}
		for _, s := range n.Series {
			node.Metrics = append(node.Metrics, Metric{
				MetricName: aws.String(string(s.Name)), Unit: aws.String(string(s.Unit)), Credential: optional(s.Credential), Values: metricValues(s.Values),
			})
		}
		out.Nodes = append(out.Nodes, node)
	}
	return out, nil
}

func (a *API) metricsOf(g *cache.ReplicationGroup, since time.Time) cache.GroupMetrics {
	if a.Metrics != nil {
		return a.Metrics(g, since)
	}
	none := cache.GroupMetrics{GroupID: g.ID, At: a.Now()}
	for i := range g.NodeGroup.Nodes {
		none.Nodes = append(none.Nodes, cache.NodeMetrics{NodeID: g.NodeGroup.Nodes[i].ID})
	}
	return none
}

func metricValues(values []float64) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		if !math.IsNaN(v) {
			texts[i] = strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
		}
	}
	return texts
}
