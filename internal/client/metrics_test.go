package client

import (
	"encoding/json"
	"encoding/xml"
	"testing"
)

// A gap is an empty element, which encoding/xml takes for 0 in a number.
func TestMetricsWithGaps(t *testing.T) {
	t.Parallel()
	const answer = `<DescribeReplicationGroupMetricsResponse><DescribeReplicationGroupMetricsResult><ReplicationGroupId>g</ReplicationGroupId>` +
		`<AsOf>2026-05-04T12:00:00.000Z</AsOf><Nodes><member><CacheClusterId>g-001</CacheClusterId><Role>primary</Role>` +
		`<Timestamps><member>2026-05-04T11:59:56.000Z</member><member>2026-05-04T11:59:58.000Z</member><member>2026-05-04T12:00:00.000Z</member></Timestamps>` +
		`<Metrics><member><MetricName>CacheHitRate</MetricName><Unit>Percent</Unit><Values><member>33.333</member><member></member><member>0</member></Values></member></Metrics>` +
		`</member></Nodes></DescribeReplicationGroupMetricsResult></DescribeReplicationGroupMetricsResponse>`
	var got GroupMetrics
	if err := xml.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	if got.ReplicationGroupID != "g" || len(got.Nodes) != 1 || len(got.Nodes[0].Timestamps) != 3 || len(got.Nodes[0].Metrics) != 1 {
		t.Fatalf("%+v", got)
	}
	text, err := json.Marshal(got.Nodes[0].Metrics[0])
	if want := `{"metric_name":"CacheHitRate","unit":"Percent","values":[33.333,null,0]}`; err != nil || string(text) != want {
		t.Errorf("%v: %s", err, text)
	}
}
