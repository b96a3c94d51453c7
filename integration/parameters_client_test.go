package integration_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache"
)

// TestParametersOfClients is what clients notice of parameters that the engine module honours: writers to a replica are told so and sent away, and
// commands have other names; also after a failover, and with processes that were started again. An engine that cannot be made to is said not to.
func TestParametersOfClients(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		if _, err := s.API().CreateCacheParameterGroup(t.Context(), &elasticache.CreateCacheParameterGroupInput{
			CacheParameterGroupName: aws.String("mine"), CacheParameterGroupFamily: aws.String(family(t, s, engine)), Description: aws.String("d"),
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"), Engine: &engine, CacheNodeType: aws.String("cache.t4g.micro"),
			NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true), TransitEncryptionEnabled: aws.Bool(true), CacheParameterGroupName: aws.String("mine"),
		}); err != nil {
			t.Fatal(err)
		}
		s.AwaitStatus("g", "available")
		awaitInSync(t, s, "mine")
		wantWrongRenamesRefused(t, s)

		version := cache.EngineVersion{Engine: cache.Engine(engine), Version: aws.ToString(newestVersion(t, s, engine).EngineVersion)}
		if version.Engine == cache.EngineRedis && version.Compare(cache.EngineVersion{Engine: cache.EngineRedis, Version: "7.2"}) < 0 {
			modifyParameters(t, s, "mine", map[string]string{"close-on-replica-write": "no", "rename-commands": "GET got"})
			awaitInSync(t, s, "mine")
			for _, text := range []string{"no of close-on-replica-write", "GET got of rename-commands"} {
				wantParameterEvents(t, s, "g-002", "The value "+text+" stays in the parameter group and is not in force: redis ")
			}
			wantAnswer(t, s, nodeOf(t, s, "primary"), "GET", "")
			return
		}

		wantWriterClosed(t, s, true)
		modifyParameters(t, s, "mine", map[string]string{"close-on-replica-write": "no", "rename-commands": "GET got FLUSHALL wipe PING knock"})
		awaitInSync(t, s, "mine")
		wantWriterClosed(t, s, false)
		wantRenamed(t, s)

		was := nodeOf(t, s, "primary")
		if _, err := s.API().TestFailover(t.Context(), &elasticache.TestFailoverInput{ReplicationGroupId: aws.String("g"), NodeGroupId: aws.String("0001")}); err != nil {
			t.Fatal(err)
		}
		harness.Await(t, harness.Patience, "the roles to turn", func() (bool, error) { return nodeOf(t, s, "replica") == was, nil })
		awaitInSync(t, s, "mine")
		wantWriterClosed(t, s, false)
		modifyParameters(t, s, "mine", map[string]string{"close-on-replica-write": "yes"})
		awaitInSync(t, s, "mine")
		wantWriterClosed(t, s, true)
		wantRenamed(t, s)

		s.Kill()
		for _, pid := range s.Nodes() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		s.Start()
		harness.Await(t, harness.Patience, "both nodes to be back", func() (bool, error) { return len(s.Nodes()) == 2, nil })
		s.AwaitStatus("g", "available")
		awaitInSync(t, s, "mine")
		wantWriterClosed(t, s, true)
		wantRenamed(t, s)

		if _, err := s.API().ResetCacheParameterGroup(t.Context(), &elasticache.ResetCacheParameterGroupInput{CacheParameterGroupName: aws.String("mine"), ResetAllParameters: aws.Bool(true)}); err != nil {
			t.Fatal(err)
		}
		awaitInSync(t, s, "mine")
		wantAnswer(t, s, nodeOf(t, s, "primary"), "PING", "missing")
	})
}

func wantWrongRenamesRefused(t *testing.T, s *harness.Server) {
	t.Helper()
	for value, why := range map[string]string{"GET": "must be pairs", "GET set": "there is a command of that name", "CONFIG got": "none of the commands that can be renamed"} {
		_, err := s.API().ModifyCacheParameterGroup(t.Context(), &elasticache.ModifyCacheParameterGroupInput{
			CacheParameterGroupName: aws.String("mine"),
			ParameterNameValues:     []types.ParameterNameValue{{ParameterName: aws.String("rename-commands"), ParameterValue: &value}},
		})
		if err == nil || !strings.Contains(err.Error(), "InvalidParameterValue") || !strings.Contains(err.Error(), why) {
			t.Errorf("renaming %s: %v", value, err)
		}
	}
}

// nodeOf is the address of the node of a role.
func nodeOf(t *testing.T, s *harness.Server, role string) string {
	t.Helper()
	out, err := s.API().DescribeReplicationGroups(t.Context(), &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: aws.String("g")})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range out.ReplicationGroups[0].NodeGroups[0].NodeGroupMembers {
		if aws.ToString(m.CurrentRole) == role && m.ReadEndpoint != nil {
			return net.JoinHostPort(aws.ToString(m.ReadEndpoint.Address), strconv.Itoa(int(aws.ToInt32(m.ReadEndpoint.Port))))
		}
	}
	return ""
}

// wantWriterClosed writes to the replica. It refuses, and then the connection ends, or it does not.
func wantWriterClosed(t *testing.T, s *harness.Server, closed bool) {
	t.Helper()
	c := dialNode(t, s, nodeOf(t, s, "replica"))
	var refusal errorReply
	if _, err := c.do("SET", "a", "b"); !errors.As(err, &refusal) || !strings.HasPrefix(string(refusal), "READONLY ") {
		t.Errorf("a write to the replica: %v", err)
	}
	if closed {
		if b, err := c.replies.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after its answer the connection has not ended: %q, %v", b, err)
		}
		return
	}
	for began := time.Now(); time.Since(began) < 50*time.Millisecond; {
		if _, err := c.do("STRLEN", "a"); err != nil {
			t.Fatalf("after a write to the replica: %v", err)
		}
	}
}

func wantRenamed(t *testing.T, s *harness.Server) {
	t.Helper()
	for _, role := range []string{"primary", "replica"} {
		address := nodeOf(t, s, role)
		wantAnswer(t, s, address, "GET", "ERR unknown command 'GET', with args beginning with: 'missing'")
		wantAnswer(t, s, address, "got", "")
		wantAnswer(t, s, address, "knock", "missing")
	}
	if _, err := dialNode(t, s, nodeOf(t, s, "primary")).do("wipe"); err != nil {
		t.Errorf("wipe: %v", err)
	}
}

// wantAnswer sends a command about a key that is missing; no value is an empty one.
func wantAnswer(t *testing.T, s *harness.Server, address, command, want string) {
	t.Helper()
	got, err := dialNode(t, s, address).do(command, "missing")
	if err != nil {
		got = fmt.Sprint(err)
	}
	if got != want {
		t.Errorf("%s on %s: %q, want %q", command, address, got, want)
	}
}

func dialNode(t *testing.T, s *harness.Server, address string) *rawClient {
	t.Helper()
	c, err := dialRaw(address, s.CA())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.conn.Close() })
	return c
}
