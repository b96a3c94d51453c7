package elasticache

import (
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
)

func (f *face) describeMetrics(group, since string) (int, string) {
	f.t.Helper()
	form := url.Values{"Action": {"DescribeReplicationGroupMetrics"}, "Version": {"2015-02-02"}, "ReplicationGroupId": {group}}
	if since != "" {
		form.Set("StartTime", since)
	}
	answer, err := f.http.PostForm(f.url, form)
	if err != nil {
		f.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestDescribeReplicationGroupMetrics(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	var asked time.Time
	f := newFace(t, func(o *Options) {
		o.Metrics = func(g *replication.Group, since time.Time) metric.Group {
			asked = since
			return metric.Group{GroupID: g.ID, At: at, Nodes: []metric.Node{
				{NodeID: "g-001", Times: []time.Time{at.Add(-2 * time.Second), at}, Series: []metric.Series{
					{Name: metric.MetricHitRate, Unit: metric.UnitPercent, Values: []float64{100.0 / 3, math.NaN()}},
					{Name: metric.MetricMemory, Unit: metric.UnitBytes, Values: []float64{0, 1 << 40}},
					{Name: metric.MetricCredentialConnections, Unit: metric.UnitCount, Credential: token.None, Values: []float64{math.NaN(), 3}},
				}},
				{NodeID: "g-002"},
			}}
		}
	})
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
	status, text := f.describeMetrics("G", "2026-05-04T11:59:50.5Z")
	for _, want := range []string{
		"<ReplicationGroupId>g</ReplicationGroupId><AsOf>2026-05-04T12:00:00.000Z</AsOf>",
		"<CacheClusterId>g-001</CacheClusterId><Role>primary</Role><Timestamps><member>2026-05-04T11:59:58.000Z</member><member>2026-05-04T12:00:00.000Z</member></Timestamps>",
		"<MetricName>CacheHitRate</MetricName><Unit>Percent</Unit><Values><member>33.333</member><member></member></Values>",
		"<MetricName>BytesUsedForCache</MetricName><Unit>Bytes</Unit><Values><member>0</member><member>1099511627776</member></Values>",
		"<MetricName>Connections</MetricName><Unit>Count</Unit><Credential>NONE</Credential><Values><member></member><member>3</member></Values>",
		"<CacheClusterId>g-002</CacheClusterId><Role>replica</Role><Timestamps></Timestamps><Metrics></Metrics>",
	} {
		if status != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%d: no %s in %s", status, want, text)
		}
	}
	if want := at.Add(-9500 * time.Millisecond); !asked.Equal(want) {
		t.Errorf("asked for what is after %s, want %s", asked, want)
	}
	if status, _ := f.describeMetrics("g", ""); status != http.StatusOK || !asked.IsZero() {
		t.Errorf("everything: %d, after %s", status, asked)
	}
	for _, c := range []struct {
		group, since, code string
		status             int
	}{
		{"none", "", "ReplicationGroupNotFoundFault", http.StatusNotFound},
		{"", "", "MissingParameter", http.StatusBadRequest},
		{"g", "yesterday", "InvalidParameterValue", http.StatusBadRequest},
	} {
		if status, text := f.describeMetrics(c.group, c.since); status != c.status || !strings.Contains(text, c.code) {
			t.Errorf("%+v: %d %s", c, status, text)
		}
	}
}

// Where nothing is remembered, that is an answer.
func TestMetricsNobodyKeeps(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{})
	if status, text := f.describeMetrics("g", ""); status != http.StatusOK || !strings.Contains(text, "<CacheClusterId>g-001</CacheClusterId>") {
		t.Errorf("%d %s", status, text)
	}
}
