package extension

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// DescribeReplicationGroupMetrics is the action [own.DescribeReplicationGroupMetrics].
func (h Handlers) DescribeReplicationGroupMetrics(ctx context.Context, in *own.DescribeReplicationGroupMetricsInput) (*own.Metrics, error) {
	g, err := act.ReadGroup(ctx, h.Groups, act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	known := h.metricsOf(g, aws.ToTime(in.StartTime))
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

func (h Handlers) metricsOf(g *replication.Group, since time.Time) metric.Group {
	if h.Metrics != nil {
		return h.Metrics(g, since)
	}
	none := metric.Group{GroupID: g.ID, At: h.Now()}
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
