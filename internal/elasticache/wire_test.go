package elasticache

import (
	"context"
	"errors"
	"math"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/store"
)

// chance is what is different each time: ids of requests, failovers and rotations.
var chance = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{16}\b`)

// golden compares what an own action answers with testdata/own, byte for byte.
func (f *face) golden(name, action string, members ...string) {
	f.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(members); i += 2 {
		form.Set(members[i], members[i+1])
	}
	_, text := f.ask(action, form)
	text = chance.ReplaceAllString(text, "some-id") + "\n"
	path := filepath.Join("testdata", "own", name+".xml")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			f.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != text {
		f.t.Errorf("%s answers, not as in %s (%v):\n%s", action, path, err, text)
	}
}

// TestOwnAnswersAreTheSame keeps the wire of our own actions as clients of earlier releases know it.
func TestOwnAnswersAreTheSame(t *testing.T) {
	t.Parallel()
	f := richFace(t)
	g := []string{"ReplicationGroupId", "g"}
	f.golden("access", "DescribeReplicationGroupAccess", g...)
	f.golden("access-bare", "DescribeReplicationGroupAccess", "ReplicationGroupId", "bare")
	f.golden("access-list", "ListReplicationGroupAccess")
	f.golden("usage", "DescribeAuthTokenUsage", g...)
	f.golden("transit", "DescribeTransitEncryptionUsage", g...)
	f.golden("transit-none", "DescribeTransitEncryptionUsage", "ReplicationGroupId", "broken")
	f.golden("usage-bare", "DescribeAuthTokenUsage", "ReplicationGroupId", "bare")
	f.golden("preview-rotate", "PreviewAuthTokenChange", "ReplicationGroupId", "bare", "AuthToken", "the-first-token-0001", "AuthTokenUpdateStrategy", "ROTATE")
	f.golden("preview-refused", "PreviewAuthTokenChange", append(g, "AuthToken", "the-first-token-0001", "AuthTokenUpdateStrategy", "DELETE")...)
	f.golden("preview-set", "PreviewAuthTokenChange", "ReplicationGroupId", "half", "AuthToken", "the-first-token-0001", "AuthTokenUpdateStrategy", "SET")
	f.golden("rotations", "DescribeAuthTokenRotations", g...)
	f.golden("rotations-none", "DescribeAuthTokenRotations", "ReplicationGroupId", "bare")
	f.golden("failovers", "DescribeFailovers")
	f.golden("faults", "DescribeNodeFaults")
	f.golden("metrics", "DescribeReplicationGroupMetrics", g...)
	f.golden("events", "DescribeEventFacts", "Duration", "60")
	f.golden("console-link", "CreateConsoleLink")
	f.golden("schedule-put", "PutAuthTokenRotationSchedule", append(g, "EveryDays", "28", "Delivery", rotationTarget)...)
	f.golden("schedule-deleted", "DeleteAuthTokenRotationSchedule", g...)
	f.golden("rotation-started", "StartAuthTokenRotation", "ReplicationGroupId", "half", "FinishOnly", "true")
	f.golden("rotation-continued", "ContinueAuthTokenRotation", "ReplicationGroupId", "half")
	f.golden("rotation-cancelled", "CancelAuthTokenRotation", "ReplicationGroupId", "half")
	f.golden("repair", "RepairCacheCluster", "CacheClusterId", "broken-001")
}

// richFace has a group g with everything that the answers can tell of one, a group half that has a token and access without
// one, a group broken that cannot start, and a group bare.
func richFace(t *testing.T) *face {
	t.Helper()
	f := newFace(t, func(o *Options) {
		o.Usage, o.Metrics = richUsage, richMetrics
		o.Trouble = func() cache.Saying { return cache.Saying{Text: "the disk is <full>"} }
		o.ConsoleLink = func(string, string) (string, time.Time) {
			return "http://127.0.0.1:4580/console/#code", time.Date(2026, 5, 4, 12, 10, 0, 0, time.UTC)
		}
	})
	for _, id := range []string{"bare", "g", "half"} {
		f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: &id, NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true), TransitEncryptionEnabled: aws.Bool(true)})
	}
	digest := mustToken(t, "the-first-token-0001")
	add := func(g *replication.Group) {
		if _, err := g.Modify(replication.Change{Token: &token.Update{Digest: &digest, Strategy: token.StrategyRotate}, Immediately: true}, f.now); err != nil {
			t.Fatal(err)
		}
		g.Settle(f.now, nil)
	}
	f.update("half", add)
	f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("broken"), NumCacheClusters: aws.Int32(1)})
	f.update("broken", func(g *replication.Group) {
		g.Shards[0].Nodes[0].Fault = &replication.NodeFault{Kind: replication.FaultSnapshotVersion, End: "exit status 1", Since: f.now}
	})
	var over rotation.Rotation
	g := f.update("g", func(g *replication.Group) { add(g); over = enrich(g, f.now) })
	err := f.store.Update(t.Context(), func(tx store.UpdateTx) error {
		return errors.Join(store.Append(tx, store.Rotations, over),
			store.Append(tx, store.Events, g.Event(f.now, "in the original's words"), g.Shards[0].Nodes[0].Tell(f.now, cache.Say(cache.FactGroupLostIt))))
	})
	if err != nil {
		t.Fatal(err)
	}
	f.put(receipt("r1", replication.CauseCrash, f.now.Add(-time.Hour)))
	planned := receipt("r2", replication.CauseTest, f.now.Add(-2*time.Hour))
	planned.PausedAt, planned.Exact, planned.Resumed, planned.FromOffset = planned.DetectedAt.Add(time.Millisecond), true, true, 100
	refused := replication.Failover{ID: "r3", GroupID: "g", NodeGroupID: "0001", Cause: replication.CausePromote, From: "g-001", DetectedAt: f.now.Add(-3 * time.Hour).Truncate(time.Second), GivenUp: cache.Saying{Text: "no replica"}}
	f.put(planned, refused)
	return f
}

func richRotation(g *replication.Group, id string, state rotation.State, at time.Time) rotation.Rotation {
	target, _ := rotation.ParseTarget(rotationTarget)
	after := func(seconds int) time.Time { return at.Add(time.Duration(seconds) * time.Second) }
	tokens := g.Tokens.Credentials()
	return rotation.Rotation{
		ID: id, GroupID: g.ID, Cause: rotation.Requested, State: state, Old: tokens[0], New: tokens[1],
		Spec:      rotation.Spec{Delivery: &target, Finish: rotation.FinishRule{Quiet: time.Hour}, Brownout: 5 * time.Second, EvictOver: time.Minute, Grace: 10 * time.Minute, RollBackOver: -1},
		StartedAt: at, RotatedAt: after(1), DeliveredAt: after(2), BrownoutAt: after(3), Since: after(3),
		RefusedFrom: map[string]int64{"g-001": 4}, Refused: 2, Evicted: 1,
		Culprits: []usage.Client{{Address: "10.0.0.7", Refused: 2, Formerly: []string{"worker-1", "worker-2"}}},
		Notes:    []cache.Saying{cache.Say(cache.FactGroupLostIt), {Text: "words of somebody else"}},
	}
}

// enrich gives a group all that can be the matter with it, and returns its rotation before.
func enrich(g *replication.Group, now time.Time) (over rotation.Rotation) {
	underWay := richRotation(g, "rotation-2", rotation.Waiting, now.Add(-time.Minute))
	underWay.Problem, underWay.ProblemAt = cache.Say(cache.FactNobodyAsks), now
	over = richRotation(g, "rotation-1", rotation.RolledBack, now.Add(-time.Hour))
	over.SetAt, over.EndedAt, over.Reason = now.Add(-30*time.Minute), now.Add(-20*time.Minute), cache.Saying{Text: "clients still use it"}
	g.Rotation = &underWay
	g.RotationSchedule = &rotation.Schedule{Every: 30, Spec: underWay.Spec, SetAt: now.Add(-time.Hour), LastAt: now.Add(-time.Minute),
		Failed: cache.Say(cache.FactGroupLostIt), FailedAt: now.Add(-time.Second)}
	g.Shards[0].Failover = &replication.Failover{ID: "r4", GroupID: g.ID, NodeGroupID: g.Shards[0].ID, Cause: replication.CauseHang, From: "g-001", DetectedAt: now}
	primary, replica := g.Node("g-001"), g.Node("g-002")
	primary.Crowd = &replication.Crowd{Connections: 70, Limit: 64, Since: now, From: []replication.ClientCount{{Address: netip.MustParseAddr("10.0.0.7"), Connections: 60}}}
	replica.BehindSince = now.Add(-5 * time.Second)
	replica.Fault = &replication.NodeFault{Kind: replication.FaultSnapshot, End: "exit status 1", LastLine: "Short read & more", Since: now}
	return over
}

func richUsage(_ context.Context, g *replication.Group) (usage.Group, error) {
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	if g.ID == "bare" {
		return g.Usage(nil, []usage.MissingNode{{NodeID: "bare-001", Reason: cache.Say(cache.FactNobodyAsks)}}, at), nil
	}
	who := usage.Client{Address: "10.0.0.7", Name: "worker-1", Library: "redis-py", LibraryVersion: "5.0", Nodes: []string{"g-001", "g-002"},
		Connections: 3, Closed: 2, FirstSeen: at.Add(-time.Hour), LastSeen: at}
	known := []usage.Record{{
		Credential: token.None, Connections: 3, Authentications: 9, LastMinute: 1, FirstUsed: at.Add(-time.Hour), LastUsed: at,
		Clients: []usage.Client{who}, OtherClients: usage.Client{Closed: 9},
	}, {Credential: "aaaaaaaaaaaa", Refused: 5, FirstRefused: at.Add(-time.Minute), LastRefused: at}}
	known = append(known, usage.Record{Credential: usage.TLS, Connections: 4}, usage.Record{
		Credential: usage.Plaintext, Connections: 2, Authentications: 7, LastMinute: 1, FirstUsed: at.Add(-time.Hour), LastUsed: at, Clients: []usage.Client{who},
	})
	usage := g.Usage(known, nil, at)
	usage.Gateless = []string{"g-002"}
	usage.OtherCredentials, usage.OtherRefused = 2, 7
	return usage, nil
}

func richMetrics(g *replication.Group, _ time.Time) metric.Group {
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	return metric.Group{GroupID: g.ID, At: at, Nodes: []metric.Node{
		{NodeID: "g-001", Times: []time.Time{at.Add(-2 * time.Second), at, at.Add(time.Second)}, Series: []metric.Series{
			{Name: metric.MetricHitRate, Unit: metric.UnitPercent, Values: []float64{100.0 / 3, math.NaN(), -0.0004}},
			{Name: metric.MetricMemory, Unit: metric.UnitBytes, Values: []float64{0, 1 << 40, 1.0005}},
			{Name: metric.MetricCredentialConnections, Unit: metric.UnitCount, Credential: token.None, Values: []float64{math.NaN(), 3, 1e21}},
		}},
		{NodeID: "g-002"},
	}}
}
