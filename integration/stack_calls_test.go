package integration_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/integration/harness"
)

// object is what a client sends, or a part of what it is to read.
type object = map[string]any

// request is one call of a stack's life.
type request struct {
	action string
	input  object
	// group and clusters are what is changed by it, as DescribeReplicationGroups shows it of the group, and DescribeCacheClusters of each
	// of its members. Both go on to be so.
	group, clusters object
}

// Arguments of all that is about the stack's group.
var (
	ofGroup      = object{"ReplicationGroupId": "stack"}
	ofParameters = object{"CacheParameterGroupName": "stack"}
	ofSubnets    = object{"CacheSubnetGroupName": "stack"}
)

// with is an input with further arguments.
func with(input, further object) object {
	all := object{}
	maps.Copy(all, input)
	maps.Copy(all, further)
	return all
}

// stackCreation makes what a group needs, and then the group, as CloudFormation does that goes by what refers to what.
func stackCreation() []request {
	return []request{
		{action: "CreateCacheParameterGroup", input: with(ofParameters, object{
			"CacheParameterGroupFamily": "redis7", "Description": "for the stack", "Tags": []object{{"Key": "Stage", "Value": "test"}},
		})},
		{action: "ModifyCacheParameterGroup", input: with(ofParameters, object{"ParameterNameValues": []object{
			{"ParameterName": "timeout", "ParameterValue": "60"}, {"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"},
		}})},
		{action: "CreateCacheSubnetGroup", input: with(ofSubnets, object{
			"CacheSubnetGroupDescription": "for the stack", "SubnetIds": []string{"subnet-0a1b2c3d", "subnet-4e5f6071"}, "Tags": []object{{"Key": "Stage", "Value": "test"}},
		})},
		{
			action: "CreateReplicationGroup",
			input: with(ofGroup, object{
				"ReplicationGroupDescription": "stack", "Engine": "redis", "EngineVersion": "7.0", "CacheNodeType": "cache.t4g.small", "NumCacheClusters": 2,
				"Port": 6380, "CacheParameterGroupName": "stack", "CacheSubnetGroupName": "stack", "SecurityGroupIds": []string{"sg-0a1b2c3d4e5f60718"},
				"AutomaticFailoverEnabled": true, "MultiAZEnabled": true, "PreferredCacheClusterAZs": []string{"us-east-1a", "us-east-1b"},
				"AtRestEncryptionEnabled": true, "TransitEncryptionEnabled": false, "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
				"SnapshotWindow": "03:00-04:00", "AutoMinorVersionUpgrade": true, "Tags": []object{{"Key": "Stage", "Value": "test"}},
			}),
			group: object{
				"Status": "available", "Description": "stack", "Engine": "redis", "CacheNodeType": "cache.t4g.small", "AutomaticFailover": "enabled", "MultiAZ": "enabled",
				"AtRestEncryptionEnabled": true, "TransitEncryptionEnabled": false, "AuthTokenEnabled": false, "SnapshotWindow": "03:00-04:00",
				"AutoMinorVersionUpgrade": true, "MemberClusters": []string{"stack-001", "stack-002"}, "PendingModifiedValues": object{},
			},
			clusters: object{
				"CacheClusterStatus": "available", "Engine": "redis", "CacheNodeType": "cache.t4g.small", "CacheSubnetGroupName": "stack",
				"PreferredMaintenanceWindow": "sun:05:00-sun:06:00", "SecurityGroups": []object{{"SecurityGroupId": "sg-0a1b2c3d4e5f60718", "Status": "active"}},
				"CacheParameterGroup": object{"CacheParameterGroupName": "stack", "ParameterApplyStatus": "in-sync", "CacheNodeIdsToReboot": []string{}},
			},
		},
	}
}

// stackUpdates are one after the other: each argument of the stack that the original changes in place.
func stackUpdates(t *testing.T, s *harness.Server) []request {
	modify := func(input, group, clusters object) request {
		return request{action: "ModifyReplicationGroup", input: with(ofGroup, with(object{"ApplyImmediately": true}, input)), group: group, clusters: clusters}
	}
	const first, second = "first-token-0123456789", "second-token-0123456789"
	token := func(token, strategy string) request {
		return modify(object{"AuthToken": token, "AuthTokenUpdateStrategy": strategy}, object{"AuthTokenEnabled": true}, object{"AuthTokenEnabled": true})
	}
	newest := newestVersion(t, s, "valkey")
	parameters := "default." + aws.ToString(newest.CacheParameterGroupFamily)
	return []request{
		{action: "ModifyCacheSubnetGroup", input: with(ofSubnets, object{"SubnetIds": []string{"subnet-4e5f6071"}, "CacheSubnetGroupDescription": "one"})},
		{action: "ModifyCacheParameterGroup", input: with(ofParameters, object{"ParameterNameValues": []object{{"ParameterName": "timeout", "ParameterValue": "90"}}})},
		{action: "ResetCacheParameterGroup", input: with(ofParameters, object{"ParameterNameValues": []object{{"ParameterName": "maxmemory-policy"}}})},
		modify(object{
			"ReplicationGroupDescription": "orders", "SnapshotWindow": "02:00-03:00", "PreferredMaintenanceWindow": "mon:05:00-mon:06:00", "AutoMinorVersionUpgrade": false,
		}, object{"Description": "orders", "SnapshotWindow": "02:00-03:00", "AutoMinorVersionUpgrade": false}, object{"PreferredMaintenanceWindow": "mon:05:00-mon:06:00"}),
		modify(object{"SecurityGroupIds": []string{"sg-1b2c3d4e5f6071829"}}, nil,
			object{"SecurityGroups": []object{{"SecurityGroupId": "sg-1b2c3d4e5f6071829", "Status": "active"}}}),
		modify(object{"TransitEncryptionEnabled": true, "TransitEncryptionMode": "preferred"}, object{"TransitEncryptionEnabled": true, "TransitEncryptionMode": "preferred"}, nil),
		modify(object{"TransitEncryptionMode": "required"}, object{"TransitEncryptionMode": "required"}, object{"TransitEncryptionMode": "required"}),
		token(first, "ROTATE"), token(first, "SET"), token(second, "ROTATE"), token(second, "SET"),
		{
			action: "IncreaseReplicaCount", input: with(ofGroup, object{"NewReplicaCount": 2, "ApplyImmediately": true}),
			group: object{"MemberClusters": []string{"stack-001", "stack-002", "stack-003"}},
		},
		{
			action: "DecreaseReplicaCount", input: with(ofGroup, object{"NewReplicaCount": 1, "ApplyImmediately": true}),
			group: object{"MemberClusters": []string{"stack-001", "stack-002"}},
		},
		modify(object{"CacheNodeType": "cache.t4g.medium"}, object{"CacheNodeType": "cache.t4g.medium"}, object{"CacheNodeType": "cache.t4g.medium"}),
		modify(object{"MultiAZEnabled": false}, object{"MultiAZ": "disabled"}, nil),
		modify(object{"AutomaticFailoverEnabled": false}, object{"AutomaticFailover": "disabled"}, nil),
		modify(object{"AutomaticFailoverEnabled": true, "MultiAZEnabled": true}, object{"AutomaticFailover": "enabled", "MultiAZ": "enabled"}, nil),
		modify(object{"EngineVersion": "7.1"}, nil, object{"EngineVersion": "7.1.0"}),
		modify(object{"Engine": "valkey", "EngineVersion": aws.ToString(newest.EngineVersion), "CacheParameterGroupName": parameters},
			object{"Engine": "valkey"}, object{
				"Engine": "valkey", "EngineVersion": newestPatch(t, s, "valkey"),
				"CacheParameterGroup": object{"CacheParameterGroupName": parameters, "ParameterApplyStatus": "in-sync", "CacheNodeIdsToReboot": []string{}},
			}),
	}
}

// newestPatch is the version that a cache with the newest of an engine shows.
func newestPatch(t *testing.T, s *harness.Server, engine string) string {
	description := aws.ToString(newestVersion(t, s, engine).CacheEngineVersionDescription)
	return description[strings.LastIndex(description, " ")+1:]
}

// stackClient is a client of the field, which is told what to call.
type stackClient interface {
	// Call makes a call by the name of its action, and returns the answer as the client shows it.
	Call(action string, input map[string]any) (map[string]any, error)
}

// boto3 has its actions in snake case.
type boto3 struct{ *harness.Python }

func (b boto3) Call(action string, input map[string]any) (map[string]any, error) {
	return b.Python.Call(words(action, "_"), input)
}

// awsCLI has them with hyphens, and takes what an input is made of as JSON.
type awsCLI struct{ *harness.Server }

func (c awsCLI) Call(action string, input map[string]any) (map[string]any, error) {
	sent, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	out, problems, err := c.AWS("elasticache", words(action, "-"), "--output", "json", "--cli-input-json", string(sent))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, problems)
	}
	var answer map[string]any
	if out == "" {
		return answer, nil // as of DeleteCacheParameterGroup
	}
	return answer, json.Unmarshal([]byte(out), &answer)
}

// words has a name's words apart, and in lower case: create-replication-group.
func words(name, between string) string {
	var apart strings.Builder
	for i, letter := range name {
		if i > 0 && unicode.IsUpper(letter) {
			apart.WriteString(between)
		}
		apart.WriteRune(unicode.ToLower(letter))
	}
	return apart.String()
}

// stackLife is a stack as a client sees it.
type stackLife struct {
	*harness.Server
	t               *testing.T
	client          stackClient
	group, clusters object // what is to be seen
}

func (l *stackLife) call(action string, input object) object {
	l.t.Helper()
	answer, err := l.client.Call(action, input)
	if err != nil {
		l.t.Fatalf("%s: %v", action, err)
	}
	return answer
}

// do makes a call, and sees that what it changes has come, and that all else is as it was.
func (l *stackLife) do(r request) {
	l.t.Helper()
	l.t.Logf("%s %v", r.action, r.input)
	l.call(r.action, r.input)
	l.group, l.clusters = with(l.group, r.group), with(l.clusters, r.clusters)
	if len(l.group) == 0 {
		return // there is none yet
	}
	l.AwaitStatus("stack", "available")
	harness.Await(l.t, harness.Patience, r.action+" to be seen", func() (bool, error) {
		diff := l.differs()
		return diff == "", fmt.Errorf("(-want +got):\n%s", diff)
	})
}

// differs compares what the client reads with what is to be seen.
func (l *stackLife) differs() string {
	groups := l.call("DescribeReplicationGroups", ofGroup)["ReplicationGroups"].([]any)
	diff := cmp.Diff(asJSON(l.group), part(groups[0], asJSON(l.group)))
	for _, cluster := range l.call("DescribeCacheClusters", object{})["CacheClusters"].([]any) {
		diff += cmp.Diff(asJSON(l.clusters), part(cluster, asJSON(l.clusters)))
	}
	return diff
}

// asJSON is a value as it is read from JSON.
func asJSON(value any) any {
	var read any
	if text, err := json.Marshal(value); err != nil || json.Unmarshal(text, &read) != nil {
		panic(err)
	}
	return read
}

// part leaves out of a value what another one has no field for. What has none at all stays whole.
func part(value, like any) any {
	fields, ok := value.(map[string]any)
	wanted, isMap := like.(map[string]any)
	if !ok || !isMap || len(wanted) == 0 {
		return value
	}
	kept := map[string]any{}
	for name, want := range wanted {
		if has, ok := fields[name]; ok {
			kept[name] = part(has, want)
		}
	}
	return kept
}

// live is the life of a stack from its creation to its end.
func (l *stackLife) live() {
	l.t.Helper()
	for _, r := range stackCreation() {
		l.do(r)
	}
	l.tags()
	for _, r := range stackUpdates(l.t, l.Server) {
		l.do(r)
	}
	l.end()
}

// tags go by what a group is named to other services.
func (l *stackLife) tags() {
	l.t.Helper()
	arn := l.call("DescribeReplicationGroups", ofGroup)["ReplicationGroups"].([]any)[0].(object)["ARN"]
	resource := object{"ResourceName": arn}
	l.call("AddTagsToResource", with(resource, object{"Tags": []object{{"Key": "Team", "Value": "orders"}}}))
	l.call("RemoveTagsFromResource", with(resource, object{"TagKeys": []string{"Stage"}}))
	tags := l.call("ListTagsForResource", resource)["TagList"]
	if diff := cmp.Diff(asJSON([]object{{"Key": "Team", "Value": "orders"}}), tags); diff != "" {
		l.t.Errorf("tags of the group (-want +got):\n%s", diff)
	}
}

// end deletes the stack. What the group refers to is refused to go before it.
func (l *stackLife) end() {
	l.t.Helper()
	if _, err := l.client.Call("DeleteCacheSubnetGroup", ofSubnets); err == nil || !strings.Contains(err.Error(), "CacheSubnetGroupInUse") {
		l.t.Errorf("delete the subnet group before the group: %v", err)
	}
	l.call("DeleteReplicationGroup", ofGroup)
	l.AwaitStatus("stack", "")
	l.call("DeleteCacheSubnetGroup", ofSubnets)
	l.call("DeleteCacheParameterGroup", ofParameters)
}

// TestStackByBoto3 has a stack made, changed and deleted in the order in which CloudFormation does it, and as scripts do.
func TestStackByBoto3(t *testing.T) {
	t.Parallel()
	if len(harness.Engines(t)) < 2 {
		t.Skip("takes redis and valkey")
	}
	s, _ := harness.StartEncrypting(t, nil)
	life := stackLife{t: t, Server: s, client: boto3{harness.StartPython(t, "testdata/boto3_calls.py", s.AWSEnv(), "boto3")}}
	life.live()
}

// TestStackByAWSCLI is the same by commands.
func TestStackByAWSCLI(t *testing.T) {
	t.Parallel()
	if os.Getenv("AIKAGI_ARGUMENTS") == "" {
		t.Skip("each command takes a second of processor time: make terraform-test")
	}
	if len(harness.Engines(t)) < 2 {
		t.Skip("takes redis and valkey")
	}
	s, _ := harness.StartEncrypting(t, nil)
	life := stackLife{t: t, Server: s, client: awsCLI{s}}
	life.live()
}
