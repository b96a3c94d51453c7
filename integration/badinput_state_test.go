package integration

import (
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// hold stops a node's process, so that no change of its group can finish, until the
// returned function lets it go on.
func hold(t *testing.T, s *harness.Server, node string) (release func()) {
	t.Helper()
	for name, pid := range s.Nodes() {
		if !strings.HasPrefix(name, node+".") {
			continue
		}
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		release = func() { _ = syscall.Kill(pid, syscall.SIGCONT) }
		t.Cleanup(release)
		return release
	}
	t.Fatalf("no process of %s: %v", node, s.Nodes())
	return nil
}

// TestBusyGroup makes every call that a group refuses while it is being modified.
func TestBusyGroup(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		release := hold(t, s, "g-002")
		if _, err := g.modify(rotate, token1); err != nil {
			t.Fatal(err)
		}
		for range 2 { // no refusal changes anything
			_, err := g.modify(rotate, token2)
			checkRefusal(t, err, invalidState, notModifiable)
			_, err = g.modify(set, token1)
			checkRefusal(t, err, invalidState, notModifiable)
			_, err = s.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{
				ReplicationGroupId: &g.id, ReplicationGroupDescription: aws.String("busy"),
			})
			checkRefusal(t, err, invalidState, notModifiable)
			_, err = s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id})
			checkRefusal(t, err, invalidState, "modifying")
			_, err = s.API().RebootCacheCluster(t.Context(), &elasticache.RebootCacheClusterInput{CacheClusterId: aws.String("g-001"), CacheNodeIdsToReboot: []string{"0001"}})
			checkRefusal(t, err, "InvalidCacheClusterState", "g-001")
			arn := tagged{t, s, g.describe().ARN}
			checkRefusal(t, arn.add("k", "v"), invalidState, "Cluster not in available state to perform tagging operations.")
			checkRefusal(t, arn.remove("k"), invalidState, "Cluster not in available state to perform tagging operations.")
			now := g.describe()
			if aws.ToString(now.Status) != "modifying" || now.PendingModifiedValues.AuthTokenStatus != "ROTATING" {
				t.Errorf("with a node held: %s, AuthTokenStatus %q", aws.ToString(now.Status), now.PendingModifiedValues.AuthTokenStatus)
			}
			if status := aws.ToString(describeCluster(t, s, "g-001").CacheClusterStatus); status != "modifying" {
				t.Errorf("its member is %s", status)
			}
		}
		// The nodes that are not held serve those who get in either way.
		primary := dial(t, g.primary(), g.ca)
		if reply := primary.do("SET", "during", "the change"); reply != "OK" {
			t.Errorf("SET while a replica hangs: %s", reply)
		}
		release()
		g.AwaitStatus(g.id, "available")
		g.checkAccess(none, token1)
	})
}

// TestAddressesTaken finds the addresses in use, or used up.
func TestAddressesTaken(t *testing.T) {
	t.Parallel()
	s := harness.New(t)
	s.Range = strings.TrimSuffix(s.Range, "0/24") + "16/28"
	s.Start()
	engine := harness.Engines(t)[0]
	const noCapacity = "InsufficientCacheClusterCapacity"
	create := func(id string, port int, replicas int32) error {
		_, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: &id, CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), Engine: &engine,
			Port: aws.Int32(int32(port)), ReplicasPerNodeGroup: &replicas,
		})
		return err
	}
	var listeners []net.Listener
	port := 0
	for n := 16; n < 32; n++ {
		listener, err := net.Listen("tcp4", strings.TrimSuffix(s.Range, "16/28")+strconv.Itoa(n)+":"+strconv.Itoa(port))
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		listeners = append(listeners, listener)
		port = listener.Addr().(*net.TCPAddr).Port
	}
	checkRefusal(t, create("occupied", port, 0), noCapacity, "")
	for _, l := range listeners[:5] {
		_ = l.Close()
	}
	if err := create("first", port, 0); err != nil { // takes three addresses: two are its endpoints'
		t.Fatal(err)
	}
	checkRefusal(t, create("second", port, 1), noCapacity, "another --address-range")
	s.AwaitStatus("first", "available")
	_, err := s.API().DescribeReplicationGroups(t.Context(), &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: aws.String("second")})
	checkRefusal(t, err, notThere, "")
}
