package elasticache

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// receipt is a whole failover of group g that was detected at a time.
func receipt(id string, cause replication.FailoverCause, at time.Time) replication.Failover {
	after := func(us int) time.Time { return at.Add(time.Duration(us) * time.Microsecond) }
	return replication.Failover{
		ID: id, GroupID: "g", NodeGroupID: "0001", Cause: cause, From: "g-001", To: "g-002", DetectedAt: at,
		FencedAt: after(900), ElectedAt: after(1000), PromotedAt: after(1500), EndpointMovedAt: after(1501),
		WriteAcceptedAt: after(1801), RecoveredAt: after(200000),
		Offsets: []replication.NodeOffset{{NodeID: "g-002", Offset: 100}}, FromOffset: 142,
	}
}

func (f *face) put(receipts ...replication.Failover) {
	f.t.Helper()
	err := f.store.Update(f.t.Context(), func(tx store.UpdateTx) error {
		for _, r := range receipts {
			if err := store.Append(tx, store.Failovers, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *face) testFailover(group, nodeGroup string) error {
	_, err := f.TestFailover(f.t.Context(), &sdk.TestFailoverInput{ReplicationGroupId: &group, NodeGroupId: &nodeGroup})
	return err
}

func TestTestFailover(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
	refused(t, "another group", f.testFailover("none", "0001"), "ReplicationGroupNotFoundFault", "none")
	refused(t, "another node group", f.testFailover("g", "0002"), "NodeGroupNotFoundFault", "0002")
	refused(t, "not automatic", f.testFailover("g", "0001"), "InvalidReplicationGroupState", "utomatic failover")
	f.update("g", func(g *replication.Group) { g.AutomaticFailover = true })
	out, err := f.TestFailover(t.Context(), &sdk.TestFailoverInput{ReplicationGroupId: aws.String("G"), NodeGroupId: aws.String("0001")})
	if err != nil || aws.ToString(out.ReplicationGroup.Status) != "available" {
		t.Fatalf("%v, %+v", err, out)
	}
	refused(t, "a second one", f.testFailover("g", "0001"), "InvalidReplicationGroupState", "under way")
	events, err := f.DescribeEvents(t.Context(), &sdk.DescribeEventsInput{StartTime: aws.Time(f.now.Add(-time.Minute))})
	if err != nil || !slices.ContainsFunc(events.Events, eventOf("Test Failover API called for node group 0001")) {
		t.Errorf("events: %v, %+v", err, events)
	}
}

func eventOf(message string) func(types.Event) bool {
	return func(e types.Event) bool { return aws.ToString(e.Message) == message }
}

// TestFailoverQuota counts what was asked for in the last 24 hours, in all groups,
// and nothing else.
func TestFailoverQuota(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true)})
	f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("other"), NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true)})
	if err := f.testFailover("other", "0001"); err != nil { // stays under way
		t.Fatal(err)
	}
	for i := range 14 {
		f.put(receipt(fmt.Sprintf("t%d", i), replication.CauseTest, f.now.Add(-time.Duration(i+1)*time.Hour)),
			receipt(fmt.Sprintf("c%d", i), replication.CauseCrash, f.now.Add(-time.Duration(i+1)*time.Hour)),
			receipt(fmt.Sprintf("o%d", i), replication.CauseTest, f.now.Add(-time.Duration(i+25)*time.Hour)))
	}
	refused(t, "the sixteenth", f.testFailover("g", "0001"), "APICallRateForCustomerExceeded", "at most 15")
	f.now = f.now.Add(10*time.Hour + time.Second) // the oldest of the 14 is a day old
	if err := f.testFailover("g", "0001"); err != nil {
		t.Errorf("after a day: %v", err)
	}
}

// describe asks for receipts as no SDK can, and returns the answer's text.
func (f *face) describe(form url.Values) (status int, text string) {
	f.t.Helper()
	form.Set("Action", "DescribeFailovers")
	form.Set("Version", "2015-02-02")
	answer, err := f.http.PostForm(f.url, form)
	if err != nil {
		f.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestDescribeFailovers(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true)})
	if status, text := f.describe(url.Values{"ReplicationGroupId": {"g"}}); status != http.StatusOK || strings.Contains(text, "<member>") {
		t.Errorf("before any: %d %s", status, text)
	}
	if status, text := f.describe(url.Values{"ReplicationGroupId": {"none"}}); status != http.StatusNotFound || !strings.Contains(text, "ReplicationGroupNotFoundFault") {
		t.Errorf("of no group: %d %s", status, text)
	}
	f.put(receipt("r1", replication.CauseCrash, f.now.Add(-time.Hour)))
	_, text := f.describe(url.Values{"ReplicationGroupId": {"G"}})
	for _, want := range []string{
		"<FailoverId>r1<", "<Cause>crash<", "<Planned>false<", "<Status>recovered<", "<FromCacheClusterId>g-001<", "<ToCacheClusterId>g-002<",
		"<DetectedAt>2026-05-04T11:00:00.123456Z<", "<FencedMicroseconds>900<", "<ElectedMicroseconds>1000<", "<PromotedMicroseconds>1500<",
		"<EndpointMovedMicroseconds>1501<", "<WriteAcceptedMicroseconds>1801<", "<RecoveredMicroseconds>200000<",
		"<Offset>100<", "<FromOffset>142<", "<LossBytes>42<", "<LossExact>false<", "<Loss>at least 42 bytes<",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	f.update("g", func(g *replication.Group) {
		if _, err := g.TestFailover("0001", 0, f.now); err != nil {
			t.Error(err)
		}
	})
	for i := range 40 {
		f.put(receipt(fmt.Sprintf("s%02d", i), replication.CauseReboot, f.now.Add(-time.Duration(i+2)*time.Hour)))
	}
	f.checkPages()
}

// checkPages reads all receipts in pages of 20.
func (f *face) checkPages() {
	f.t.Helper()
	form := url.Values{"MaxRecords": {"20"}}
	var got []string
	for range 4 {
		_, text := f.describe(form)
		var page struct {
			IDs    []string `xml:"DescribeFailoversResult>Failovers>member>FailoverId"`
			States []string `xml:"DescribeFailoversResult>Failovers>member>Status"`
			Marker string   `xml:"DescribeFailoversResult>Marker"`
		}
		if err := xml.Unmarshal([]byte(text), &page); err != nil {
			f.t.Fatal(err)
		}
		if got == nil && page.States[0] != "pending" {
			f.t.Errorf("what is under way is not the first: %s", text)
		}
		got = append(got, page.IDs...)
		if page.Marker == "" {
			break
		}
		form.Set("Marker", page.Marker)
	}
	if len(got) != 42 || got[1] != "r1" || got[2] != "s00" || got[41] != "s39" {
		f.t.Errorf("in pages: %q", got)
	}
	if status, text := f.describe(url.Values{"Marker": {"bm9uZQ"}}); status != http.StatusBadRequest {
		f.t.Errorf("a marker of nobody's: %d %s", status, text)
	}
}
