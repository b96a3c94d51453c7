package integration

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// members are the ids of a group's nodes.
func (g *group) members() []string { return g.describe().MemberClusters }

// checkMembers sees that the group, its cache clusters and its processes are the given
// nodes, and that each replica has what was written before.
func (g *group) checkMembers(ids ...string) {
	g.t.Helper()
	now := g.describe()
	if got := slices.Sorted(slices.Values(now.MemberClusters)); aws.ToString(now.Status) != "available" || !slices.Equal(got, ids) {
		g.t.Errorf("%s with %q, want %q", aws.ToString(now.Status), got, ids)
	}
	var running []string
	for name := range g.Nodes() {
		id, _, _ := strings.Cut(name, ".")
		running = append(running, id)
	}
	if slices.Sort(running); !slices.Equal(running, ids) {
		g.t.Errorf("processes of %q, want %q", running, ids)
	}
	for _, id := range ids {
		if status := aws.ToString(describeCluster(g.t, g.Server, id).CacheClusterStatus); status != "available" {
			g.t.Errorf("%s is %s", id, status)
		}
	}
}

// checkCopies reads a key at every address of the group, when it has all that the primary has.
func (g *group) checkCopies(token, key, want string) {
	g.t.Helper()
	primary := dial(g.t, g.primary(), g.ca)
	defer primary.close()
	primary.do("AUTH", token)
	for _, address := range g.addresses() {
		w := dial(g.t, address, g.ca)
		w.do("AUTH", token)
		if _, err := harness.AwaitCopy(10*time.Second, primary.try, w.try); err != nil {
			g.t.Errorf("%s: %v", address, err)
		}
		if got := w.do("GET", key); got != want {
			g.t.Errorf("GET %s at %s: %s, want %s", key, address, got, want)
		}
		w.close()
	}
}

// TestScaling adds replicas and removes them, while a client of the primary goes on.
func TestScaling(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{AuthToken: aws.String(token1), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}})
		reader := hostPort(g.describe().NodeGroups[0].ReaderEndpoint)
		client := dial(t, g.primary(), g.ca)
		client.do("AUTH", token1)
		if reply := client.do("SET", "k", "before"); reply != "OK" {
			t.Fatalf("SET: %s", reply)
		}
		g.checkCopies(token1, "k", "before")
		if out, problems, err := s.AWS("elasticache", "increase-replica-count", "--replication-group-id", "g", "--new-replica-count", "2",
			"--apply-immediately", "--query", "ReplicationGroup.Status", "--output", "text"); err != nil || strings.TrimSpace(out) != "modifying" {
			t.Fatalf("increase: %v, %s%s", err, out, problems)
		}
		g.AwaitStatus("g", "available")
		g.checkMembers("g-001", "g-002", "g-003")
		g.checkCopies(token1, "k", "before")
		g.checkAccess(token1)
		tagged{t, s, describeCluster(t, s, "g-003").ARN}.check("team", "blue")
		if now := hostPort(g.describe().NodeGroups[0].ReaderEndpoint); now != reader {
			t.Errorf("the reader endpoint is %s, was %s", now, reader)
		}

		if out, problems, err := s.AWS("elasticache", "decrease-replica-count", "--replication-group-id", "g", "--replicas-to-remove", "g-002",
			"--apply-immediately", "--query", "ReplicationGroup.Status", "--output", "text"); err != nil || strings.TrimSpace(out) != "modifying" {
			t.Fatalf("decrease: %v, %s%s", err, out, problems)
		}
		g.AwaitStatus("g", "available")
		g.checkMembers("g-001", "g-003")
		g.scaleTo(5)
		g.checkMembers("g-001", "g-002", "g-003", "g-004", "g-005", "g-006")
		g.checkCopies(token1, "k", "before")
		g.scaleTo(0)
		g.checkMembers("g-001")

		if reply := client.do("SET", "k", "after"); reply != "OK" {
			t.Errorf("SET on the connection from before: %s", reply)
		}
		w := dial(t, reader, g.ca)
		w.do("AUTH", token1)
		if reply := w.do("GET", "k"); reply != "after" {
			t.Errorf("GET at the reader endpoint of a group without replicas: %s", reply)
		}
		if told := messages(t, s, types.SourceTypeCacheCluster, "g-006"); !slices.Equal(told, []string{"Cache cluster created", "Added cache node 0001 in availability zone us-east-1c", "Cache cluster deleted"}) {
			t.Errorf("events of a replica that came and went: %q", told)
		}
	})
}

// scaleTo changes the number of replicas and waits until it has come true.
func (g *group) scaleTo(replicas int32) {
	g.t.Helper()
	var err error
	if replicas > int32(len(g.members())-1) {
		_, err = g.API().IncreaseReplicaCount(g.t.Context(), &elasticache.IncreaseReplicaCountInput{
			ReplicationGroupId: &g.id, NewReplicaCount: &replicas, ApplyImmediately: aws.Bool(true)})
	} else {
		_, err = g.API().DecreaseReplicaCount(g.t.Context(), &elasticache.DecreaseReplicaCountInput{
			ReplicationGroupId: &g.id, NewReplicaCount: &replicas, ApplyImmediately: aws.Bool(true)})
	}
	if err != nil {
		g.t.Fatalf("scale to %d replicas: %v", replicas, err)
	}
	g.AwaitStatus(g.id, "available")
}

// TestReplicaByName adds a replica as a cache cluster, and deletes it as one.
func TestReplicaByName(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	g := newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{})
	created, err := s.API().CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{
		CacheClusterId: aws.String("Reports"), ReplicationGroupId: aws.String("g"), PreferredAvailabilityZone: aws.String("us-east-1b"),
	})
	if err != nil || aws.ToString(created.CacheCluster.ReplicationGroupId) != "g" {
		t.Fatalf("create: %v, %+v", err, created)
	}
	g.AwaitStatus("g", "available")
	g.checkMembers("g-001", "reports")
	if out, err := s.Aikagi("status", "g"); err != nil || !strings.Contains(out, "us-east-1b") || !strings.Contains(out, "automatic failover") {
		t.Errorf("status (%v):\n%s", err, out)
	}
	deleted, err := s.API().DeleteCacheCluster(t.Context(), &elasticache.DeleteCacheClusterInput{CacheClusterId: aws.String("reports")})
	if err != nil || aws.ToString(deleted.CacheCluster.CacheClusterStatus) != "deleting" {
		t.Fatalf("delete: %v, %+v", err, deleted)
	}
	g.AwaitStatus("g", "available")
	g.checkMembers("g-001")
	awaitCluster(t, s, "reports", "")
	newCluster(t, s, harness.Engines(t)[0], "reports") // the id is free again
}

// TestBusyGroupIsNotScaled tries to scale a group that is being modified, and to
// change one that is being scaled.
func TestBusyGroupIsNotScaled(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	g := newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
	release := hold(t, s, "g-001") // no replica can copy its data
	if _, err := g.API().IncreaseReplicaCount(t.Context(), &elasticache.IncreaseReplicaCountInput{
		ReplicationGroupId: &g.id, NewReplicaCount: aws.Int32(2), ApplyImmediately: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	_, err := g.API().IncreaseReplicaCount(t.Context(), &elasticache.IncreaseReplicaCountInput{
		ReplicationGroupId: &g.id, NewReplicaCount: aws.Int32(3), ApplyImmediately: aws.Bool(true)})
	checkRefusal(t, err, invalidState, notModifiable)
	_, err = g.API().DecreaseReplicaCount(t.Context(), &elasticache.DecreaseReplicaCountInput{
		ReplicationGroupId: &g.id, NewReplicaCount: aws.Int32(0), ApplyImmediately: aws.Bool(true)})
	checkRefusal(t, err, invalidState, notModifiable)
	_, err = g.modify(rotate, token1)
	checkRefusal(t, err, invalidState, notModifiable)
	release()
	g.AwaitStatus(g.id, "available")
	g.checkMembers("g-001", "g-002", "g-003")
}
