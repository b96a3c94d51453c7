package elasticache

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// Metrics returns what is remembered of a group's nodes after since. To ask has the group
// sampled more often for a while.
type Metrics func(g *replication.Group, since time.Time) metric.Group

func (a *API) describeReplicationGroupMetrics(ctx context.Context, in *own.DescribeReplicationGroupMetricsInput) (*own.Metrics, error) {
	g, err := act.ReadGroup(ctx, a.groups(), act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	known := a.metricsOf(g, aws.ToTime(in.StartTime))
	out := &own.Metrics{ReplicationGroupId: g.ID, AsOf: known.At}
	for _, n := range known.Nodes {
		node := own.NodeMetrics{CacheClusterId: n.NodeID, Role: "replica", Timestamps: append([]time.Time{}, n.Times...), Metrics: []own.Metric{}}
		if g.IsPrimary(n.NodeID) {
			node.Role = "primary"
		}
		for _, s := range n.Series {
			node.Metrics = append(node.Metrics, own.Metric{MetricName: s.Name, Unit: string(s.Unit), Credential: s.Credential, Values: metricValues(s.Values)})
		}
		out.Nodes = append(out.Nodes, node)
	}
	return out, nil
}

func (a *API) metricsOf(g *replication.Group, since time.Time) metric.Group {
	if a.Metrics != nil {
		return a.Metrics(g, since)
	}
	none := metric.Group{GroupID: g.ID, At: a.Now()}
	for _, node := range g.Nodes() {
		none.Nodes = append(none.Nodes, metric.Node{NodeID: node.ID})
	}
	return none
}

func metricValues(values []float64) []own.MetricValue {
	shown := make([]own.MetricValue, len(values))
	for i, v := range values {
		shown[i] = own.MetricValue(v)
	}
	return shown
}
