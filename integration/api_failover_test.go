package integration

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// role is what a group says of one of its nodes.
func (g *group) role(id string) string {
	g.t.Helper()
	for _, m := range g.describe().NodeGroups[0].NodeGroupMembers {
		if aws.ToString(m.CacheClusterId) == id {
			return aws.ToString(m.CurrentRole)
		}
	}
	return ""
}

// awaitFailover waits until so many failovers are recovered from, and returns the
// newest.
func (g *group) awaitFailover(count int) own.Failover {
	g.t.Helper()
	var receipts []own.Failover
	harness.Await(g.t, harness.Patience, fmt.Sprintf("failover %d", count), func() (whole bool, err error) {
		if receipts, err = g.Client().Failovers(g.t.Context(), g.id); err != nil {
			return false, err
		}
		if status := aws.ToString(g.describe().Status); count == 1 && status != "available" && receipts[0].Cause == "test" {
			g.t.Errorf("during a failover the group is %s", status)
		}
		return len(receipts) == count && receipts[0].Status == "recovered", fmt.Errorf("receipts: %+v", receipts)
	})
	g.AwaitStatus(g.id, "available")
	return receipts[0]
}

// checkPlanned sees that a receipt has every time, in order, and lost nothing.
func checkPlanned(t *testing.T, f own.Failover, cause, from, to string) {
	t.Helper()
	if f.Cause != cause || !f.Planned || f.FromCacheClusterId != from || f.ToCacheClusterId != to || f.Loss != "none" {
		t.Errorf("receipt: %+v", f)
	}
	steps := []*int64{f.PromotedMicroseconds, f.EndpointMovedMicroseconds, f.WriteAcceptedMicroseconds, f.RecoveredMicroseconds}
	var before int64
	for i, at := range steps {
		if at == nil || *at < before {
			t.Errorf("step %d of %+v", i, f)
			continue
		}
		before = *at
	}
}

// TestTestFailover asks for a failover, as people do who try their clients.
func TestTestFailover(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true), MultiAZEnabled: aws.Bool(true),
		})
		endpoint := g.primary()
		w := dial(t, endpoint, g.ca)
		if reply := w.do("SET", "k", "kept"); reply != "OK" {
			t.Fatalf("SET: %s", reply)
		}
		out, problems, err := s.AWS("elasticache", "test-failover", "--replication-group-id", "g", "--node-group-id", "0001",
			"--query", "ReplicationGroup.Status", "--output", "text")
		if err != nil || strings.TrimSpace(out) != "available" {
			t.Fatalf("test-failover: %v, %s%s", err, out, problems)
		}
		f := g.awaitFailover(1)
		checkPlanned(t, f, "test", "g-001", f.ToCacheClusterId)
		if g.role("g-001") != "replica" || g.role(f.ToCacheClusterId) != "primary" || g.primary() != endpoint {
			t.Errorf("roles: %s of g-001, %s of %s; endpoint %s, was %s", g.role("g-001"), g.role(f.ToCacheClusterId), f.ToCacheClusterId, g.primary(), endpoint)
		}
		w = dial(t, endpoint, g.ca)
		if got, reply := w.do("GET", "k"), w.do("SET", "k", "new"); got != "kept" || reply != "OK" {
			t.Errorf("at the endpoint: GET %s, SET %s", got, reply)
		}
		if replicas := w.do("WAIT", "2", "5000"); replicas != "2" {
			t.Errorf("replicas that have the write: %s", replicas)
		}
		completed := fmt.Sprintf("Failover from primary node g-001 to replica node %s completed", f.ToCacheClusterId)
		group, cluster := messages(t, s, types.SourceTypeReplicationGroup, "g"), messages(t, s, types.SourceTypeCacheCluster, f.ToCacheClusterId)
		called := slices.Index(group, "Test Failover API called for node group 0001")
		if called < 0 || slices.Index(group, completed) < called || !slices.Contains(cluster, completed) {
			t.Errorf("events of the group: %q; of %s: %q", group, f.ToCacheClusterId, cluster)
		}
		if recovery := messages(t, s, types.SourceTypeCacheCluster, "g-001"); !slices.Equal(recovery[len(recovery)-2:], []string{"Recovering cache nodes 0001", "Finished recovery for cache nodes 0001"}) {
			t.Errorf("events of the former primary: %q", recovery)
		}
		checkCommand(t, s, f)
	})
}

// checkCommand looks at a receipt with our own command.
func checkCommand(t *testing.T, s *harness.Server, f own.Failover) {
	t.Helper()
	text, err := s.Aikagi("failovers", "g")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, want := range []string{f.Cause, f.FromCacheClusterId + " → " + f.ToCacheClusterId, fmt.Sprint(*f.WriteAcceptedMicroseconds), "promoted +", "none"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	encoded, err := s.Aikagi("failovers", "--output", "json")
	var receipts []map[string]any
	if err != nil || json.Unmarshal([]byte(encoded), &receipts) != nil || len(receipts) != 1 || receipts[0]["to"] != f.ToCacheClusterId ||
		receipts[0]["promoted_microseconds"] != float64(*f.PromotedMicroseconds) {
		t.Errorf("%v\n%s", err, encoded)
	}
	if text, err := s.Aikagi("failovers", "none"); err == nil || !strings.Contains(text, notThere) {
		t.Errorf("failovers of no group: %v\n%s", err, text)
	}
}

// TestPromote promotes each replica by hand, and back.
func TestPromote(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true), AuthToken: aws.String(token1),
		})
		promote := func(id string, off bool) error {
			in := &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, PrimaryClusterId: &id, ApplyImmediately: aws.Bool(true)}
			if off {
				in.AutomaticFailoverEnabled = aws.Bool(false)
			}
			_, err := s.API().ModifyReplicationGroup(t.Context(), in)
			return err
		}
		checkRefusal(t, promote("g-002", false), invalidCombi, "automatic failover")
		checkRefusal(t, promote("g-001", false), invalidCombi, noChange)
		checkRefusal(t, promote("g-009", true), "CacheClusterNotFound", "g-009")
		from := "g-001"
		for i, to := range []string{"g-002", "g-003", "g-001"} {
			if err := promote(to, i == 0); err != nil {
				t.Fatalf("%s: %v", to, err)
			}
			checkPlanned(t, g.awaitFailover(i+1), "promote", from, to)
			if g.role(to) != "primary" || g.role(from) != "replica" {
				t.Errorf("%s is %s, %s is %s", to, g.role(to), from, g.role(from))
			}
			from = to
		}
		g.checkAccess(token1)
		if failover := g.describe().AutomaticFailover; failover != types.AutomaticFailoverStatusDisabled {
			t.Errorf("automatic failover: %s", failover)
		}
	})
}

// checkSDK makes the calls about availability with AWS's SDK for Python, which
// decodes every answer by the service's model.
const checkSDK = `
import json, botocore.session
client = botocore.session.get_session().create_client("elasticache")
group = lambda: client.describe_replication_groups(ReplicationGroupId="g")["ReplicationGroups"][0]
client.modify_replication_group(ReplicationGroupId="g", AutomaticFailoverEnabled=True, MultiAZEnabled=True)
on = group()
codes = []
for call, args in [("test_failover", {"NodeGroupId": "0002"}),
                   ("decrease_replica_count", {"NewReplicaCount": 0, "ApplyImmediately": True}),
                   ("increase_replica_count", {"NewReplicaCount": 1, "ApplyImmediately": True}),
                   ("increase_replica_count", {"NewReplicaCount": 9, "ApplyImmediately": True}),
                   ("modify_replication_group", {"AutomaticFailoverEnabled": False})]:
    try:
        getattr(client, call)(ReplicationGroupId="g", **args)
        codes.append("ok")
    except client.exceptions.ClientError as e:
        codes.append(type(e).__name__)
print(json.dumps({"on": [on["AutomaticFailover"], on["MultiAZ"], on["Status"]], "codes": codes}))
`

// TestAvailabilityWithPython sees that answers and errors are those of the model.
func TestAvailabilityWithPython(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
	var got struct{ On, Codes []string }
	if err := json.Unmarshal(botocore(t, s, checkSDK), &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.On, []string{"enabled", "enabled", "available"}) {
		t.Errorf("switched on: %q", got.On)
	}
	want := []string{"NodeGroupNotFoundFault", "InvalidParameterValueException", "NoOperationFault", "NodeQuotaForCustomerExceededFault", "InvalidParameterCombinationException"}
	if !slices.Equal(got.Codes, want) {
		t.Errorf("refusals: %q, want %q", got.Codes, want)
	}
}

// TestEndpointsMoveWithoutAFork hands the primary endpoint from one engine to another and sees that their gates closed and opened it: no
// engine was started or forked for that, so none can have kept the address from its successor.
func TestEndpointsMoveWithoutAFork(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true)})
		endpoint, before := g.primary(), g.forks()
		for i := range 3 {
			from := primaryOf(g.describe())
			if _, err := g.API().TestFailover(t.Context(), &elasticache.TestFailoverInput{ReplicationGroupId: &g.id, NodeGroupId: aws.String("0001")}); err != nil {
				t.Fatal(err)
			}
			to := g.awaitFailover(i + 1).ToCacheClusterId
			w := dial(t, endpoint, g.ca)
			serves := infoField(w.do("INFO", "server"), "process_id")
			w.close()
			if from == to || serves != strconv.Itoa(g.process(to)) {
				t.Errorf("from %s to %s, and process %s serves the endpoint; engines are %v", from, to, serves, g.Nodes())
			}
		}
		if after := g.forks(); len(before) != 3 || !maps.Equal(before, after) {
			t.Errorf("processes with their forks were %v and are %v", before, after)
		}
	})
}

// forks is how often each process of the group's nodes has forked.
func (g *group) forks() map[string]string {
	g.t.Helper()
	all := map[string]string{}
	for _, m := range g.describe().NodeGroups[0].NodeGroupMembers {
		w := dial(g.t, hostPort(m.ReadEndpoint), g.ca)
		all[infoField(w.do("INFO", "server"), "process_id")] = infoField(w.do("INFO", "stats"), "total_forks")
		w.close()
	}
	return all
}

// infoField picks a value out of an answer of INFO.
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if value, is := strings.CutPrefix(strings.TrimSpace(line), name+":"); is {
			return value
		}
	}
	return ""
}
