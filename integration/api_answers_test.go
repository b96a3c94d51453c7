package integration

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache"
)

// TestReplicasAtOnce has the AWS CLI add two replicas to a group in the same moment, and delete them so.
func TestReplicasAtOnce(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{AuthToken: aws.String(token1)})
		client := dial(t, g.primary(), g.ca)
		client.do("AUTH", token1)
		if reply := client.do("SET", "k", "before"); reply != "OK" {
			t.Fatalf("SET: %s", reply)
		}
		both := func(words ...string) {
			t.Helper()
			var calls sync.WaitGroup
			for _, id := range []string{"reports", "search"} {
				calls.Go(func() {
					args := append([]string{"elasticache"}, words...)
					if out, problems, err := s.AWS(append(args, "--cache-cluster-id", id)...); err != nil {
						t.Errorf("%s of %s: %v, %s%s", words[0], id, err, out, problems)
					}
				})
			}
			calls.Wait()
			g.AwaitStatus("g", "available")
		}
		both("create-cache-cluster", "--replication-group-id", "g")
		g.checkMembers("g-001", "reports", "search")
		g.checkCopies(token1, "k", "before")
		g.checkAccess(token1)
		both("delete-cache-cluster")
		g.checkMembers("g-001")
		if reply := client.do("SET", "k", "after"); reply != "OK" {
			t.Errorf("SET on the connection from before: %s", reply)
		}
	})
}

// askAsPeersDo makes the calls that the suites of other services make, with AWS's SDK for Python,
// which shows what is on the wire and what is not.
const askAsPeersDo = `
import json, botocore.session
client = botocore.session.get_session().create_client("elasticache")
small = {"CacheNodeType": "cache.t4g.micro"}
def refusal(call, **args):
    try:
        getattr(client, call)(**args)
    except client.exceptions.ClientError as e:
        return e.response["Error"]["Code"] + ": " + e.response["Error"]["Message"]
made = client.create_replication_group(ReplicationGroupId="one", ReplicationGroupDescription="d", Engine="redis", **small)["ReplicationGroup"]
client.get_waiter("replication_group_available").wait(ReplicationGroupId="one", WaiterConfig={"Delay": 1})
group = client.describe_replication_groups(ReplicationGroupId="one")["ReplicationGroups"][0]
member = client.describe_cache_clusters(CacheClusterId="one-001", ShowCacheNodeInfo=True)["CacheClusters"][0]
reboot = client.reboot_cache_cluster(CacheClusterId="one-001", CacheNodeIdsToReboot=["0001"])["CacheCluster"]
client.get_waiter("cache_cluster_available").wait(CacheClusterId="one-001", WaiterConfig={"Delay": 1})
events = client.describe_events(SourceType="cache-cluster", SourceIdentifier="one-001")["Events"]
print(json.dumps({
  "creating": [made["Status"], "NodeGroups" in made, made["AutomaticFailover"], made["GlobalReplicationGroupInfo"]],
  "shard": sorted(group["NodeGroups"][0]), "global": group["GlobalReplicationGroupInfo"],
  "member": [member["EngineVersion"], member["SecurityGroups"], member["PreferredAvailabilityZone"], member["CacheNodes"][0]["CustomerAvailabilityZone"]],
  "reboot": reboot["CacheClusterStatus"],
  "events": [e["Message"] for e in events],
  "versions": [[v["EngineVersion"], v["CacheEngineVersionDescription"]] for v in client.describe_cache_engine_versions(Engine="redis")["CacheEngineVersions"]],
  "refusals": [
    refusal("create_cache_cluster", CacheClusterId="c", Engine="valkey", **small),
    refusal("create_cache_cluster", CacheClusterId="c", Engine="redis", NumCacheNodes=1),
    refusal("create_cache_cluster", CacheClusterId="c", Engine="redis", NumCacheNodes=2, **small),
    refusal("create_cache_cluster", CacheClusterId="one-002", ReplicationGroupId="one", **small),
    refusal("create_cache_cluster", CacheClusterId="c", EngineVersion="7.0.15", **small),
    refusal("create_cache_cluster", CacheClusterId="c", CacheParameterGroupName="default.redis6.x", **small),
    refusal("create_cache_cluster", CacheClusterId="c", PreferredMaintenanceWindow="sun:05:00-sun:06:00", SnapshotWindow="05:00-06:00", **small),
    refusal("create_cache_cluster", CacheClusterId="one-001", **small),
    refusal("create_replication_group", ReplicationGroupId="two", ReplicationGroupDescription="d", NotificationTopicArn="arn", GlobalReplicationGroupId="g", SnapshotRetentionLimit=1, **small),
  ],
}))
`

// TestAnswersOnTheWire sees what a client of the original sees.
func TestAnswersOnTheWire(t *testing.T) {
	t.Parallel()
	clusterEngine(t)
	s := harness.Start(t)
	var got struct {
		Creating, Member []any
		Shard, Events    []string
		Global           map[string]any
		Reboot           string
		Versions         [][2]string
		Refusals         []string
	}
	if err := json.Unmarshal(botocore(t, s, askAsPeersDo), &got); err != nil {
		t.Fatal(err)
	}
	asText := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, c := range map[string]struct{ got, want any }{
		"creating": {got.Creating, []any{"creating", false, "disabled", map[string]any{}}},
		"shard":    {got.Shard, []string{"NodeGroupId", "NodeGroupMembers", "PrimaryEndpoint", "ReaderEndpoint", "Status"}},
		"global":   {got.Global, map[string]any{}},
		"member":   {got.Member, []any{got.Versions[0][1][len("redis version "):], []any{}, "us-east-1a", "us-east-1a"}},
		"reboot":   {got.Reboot, "rebooting cache cluster nodes"},
		"events": {got.Events, []string{
			"Cache node restarted: 0 keys were loaded", "Cache node is being rebooted", "Added cache node 0001 in availability zone us-east-1a", "Cache cluster created",
		}},
		"refusals": {got.Refusals, []string{
			"InvalidParameterValue: This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation.",
			"InvalidParameterValue: The parameter CacheNodeType must be provided and must not be null.",
			"InvalidParameterValue: Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.",
			"InvalidParameterCombination: Cannot specify additional cache cluster parameters when creating a replica cluster.",
			"InvalidParameterValue: Specific version selection is not allowed for '7.0.15', please use '7.0'",
			"InvalidParameterCombination: Expected a parameter group of family redis7 but found one of family redis6.x",
			"InvalidParameterValue: The snapshot window and maintenance window must not overlap.",
			"CacheClusterAlreadyExists: Cache cluster one-001 already exists.",
			"NotImplemented: GlobalReplicationGroupId, NotificationTopicArn and SnapshotRetentionLimit are not supported by aikagi yet: docs/compatibility.md lists what is.",
		}},
	} {
		if asText(c.got) != asText(c.want) {
			t.Errorf("%s: %s\nwant %s", name, asText(c.got), asText(c.want))
		}
	}
	if len(got.Versions) != 2 || got.Versions[1][0] != "7.1" || got.Versions[0][0] != "7.0" || !strings.HasPrefix(got.Versions[0][1], "redis version 7.0.") {
		t.Errorf("versions: %q", got.Versions)
	}
}

// TestEveryNodeTypeIsAccepted changes one node to the types of every generation; a large one has
// more memory than the machine.
func TestEveryNodeTypeIsAccepted(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	g := newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{CacheNodeType: aws.String("cache.t1.micro")})
	w := dial(t, g.primary(), g.ca)
	for _, nodeType := range []string{"cache.m1.small", "cache.m3.2xlarge", "cache.r3.8xlarge", "cache.c1.xlarge", "cache.m8g.16xlarge", "cache.c8gn.large", "cache.r6g.16xlarge"} {
		g.mustModify(elasticache.ModifyReplicationGroupInput{CacheNodeType: &nodeType, ApplyImmediately: aws.Bool(true)})
		g.AwaitStatus("g", "available")
		if got := aws.ToString(g.describe().CacheNodeType); got != nodeType {
			t.Errorf("it is %s, not %s", got, nodeType)
		}
		memory := w.do("INFO", "memory")
		if want := "maxmemory:" + strconv.FormatInt(cache.MaxMemory(nodeType), 10); !slices.Contains(strings.Fields(memory), want) {
			t.Errorf("%s: no %s in %s", nodeType, want, memory)
		}
	}
	if reply := w.do("SET", "k", "v"); reply != "OK" {
		t.Errorf("SET with more memory than there is: %s", reply)
	}
	// Nothing else becomes one of these.
	if _, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("tiered"), ReplicationGroupDescription: aws.String("d"), Engine: aws.String(harness.Engines(t)[0]), CacheNodeType: aws.String("cache.r6gd.xlarge"),
	}); err != nil {
		t.Fatal(err)
	}
	s.AwaitStatus("tiered", "available")
	if _, err := s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: aws.String("tiered")}); err != nil {
		t.Fatal(err)
	}
	s.AwaitStatus("tiered", "")
	if out, _ := s.Aikagi("doctor"); !strings.Contains(out, "nodes may fill 314.3 GiB, and the machine has ") { // it may fail for other reasons
		t.Errorf("doctor:\n%s", out)
	}
}
