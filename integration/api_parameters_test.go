package integration

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestCLI runs the commands of the AWS CLI that the story does not need.
func TestCLI(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	out, problems, err := s.AWS("sts", "get-caller-identity", "--output", "json")
	var identity struct{ Account, Arn, UserId string }
	if err != nil || json.Unmarshal([]byte(out), &identity) != nil {
		t.Fatalf("get-caller-identity: %v\n%s%s", err, out, problems)
	}
	if identity.Account != "000000000000" || !strings.HasPrefix(identity.Arn, "arn:aws:iam::000000000000:") || !strings.HasPrefix(identity.UserId, "AKIA") {
		t.Errorf("identity: %+v", identity)
	}
	for name, c := range map[string]struct{ words, want string }{
		"an action that is not there":   {"describe-snapshots", "(NotImplemented) when calling the DescribeSnapshots operation: aikagi does not have the action DescribeSnapshots yet."},
		"one that changes things":       {"create-snapshot --snapshot-name s --replication-group-id g", "(NotImplemented) when calling the CreateSnapshot operation"},
		"a parameter that is not there": {"create-replication-group --replication-group-id g --replication-group-description d --cache-node-type cache.t4g.micro --notification-topic-arn arn", "(NotImplemented) when calling the CreateReplicationGroup operation: NotificationTopicArn is not supported by aikagi yet"},
		"a group that is not there":     {"describe-replication-groups --replication-group-id none", "(ReplicationGroupNotFoundFault) when calling the DescribeReplicationGroups operation: ReplicationGroup none not found."},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems, err := s.AWS(append([]string{"elasticache"}, strings.Fields(c.words)...)...)
			if err == nil || !strings.Contains(problems, c.want) {
				t.Errorf("%v: %s; want %s", err, problems, c.want)
			}
		})
	}
}

// TestParameters sends what is not honoured, which is refused, and its "off", which
// is what happens anyway.
func TestParameters(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	engine := harness.Engines(t)[0]
	for name, set := range map[string]func(*elasticache.CreateReplicationGroupInput){
		"NotificationTopicArn":   func(in *elasticache.CreateReplicationGroupInput) { in.NotificationTopicArn = aws.String("arn") },
		"SnapshotRetentionLimit": func(in *elasticache.CreateReplicationGroupInput) { in.SnapshotRetentionLimit = aws.Int32(1) },
		"ClusterMode":            func(in *elasticache.CreateReplicationGroupInput) { in.ClusterMode = types.ClusterModeEnabled },
		"LogDeliveryConfigurations": func(in *elasticache.CreateReplicationGroupInput) {
			in.LogDeliveryConfigurations = []types.LogDeliveryConfigurationRequest{{Enabled: aws.Bool(true)}}
		},
		"NumNodeGroups": func(in *elasticache.CreateReplicationGroupInput) { in.NumNodeGroups = aws.Int32(2) },
	} {
		in := &elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("refused"), CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), Engine: &engine}
		set(in)
		_, err := s.API().CreateReplicationGroup(t.Context(), in)
		checkRefusal(t, err, "NotImplemented", name)
	}
	g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
		MultiAZEnabled: aws.Bool(false), AutomaticFailoverEnabled: aws.Bool(false), SnapshotRetentionLimit: aws.Int32(0),
		SecurityGroupIds: []string{}, NetworkType: types.NetworkTypeIpv4, IpDiscovery: types.IpDiscoveryIpv4,
		ClusterMode: types.ClusterModeDisabled, AtRestEncryptionEnabled: aws.Bool(false), DataTieringEnabled: aws.Bool(false),
		TransitEncryptionMode: types.TransitEncryptionModeRequired, NumNodeGroups: aws.Int32(1), ReplicasPerNodeGroup: aws.Int32(0),
		CacheSubnetGroupName: aws.String("default"), PreferredCacheClusterAZs: []string{"us-east-1b"},
	})
	g.checkAccess(none)
	g.mustModify(elasticache.ModifyReplicationGroupInput{MultiAZEnabled: aws.Bool(false), AutomaticFailoverEnabled: aws.Bool(false), ReplicationGroupDescription: aws.String("e")})
	_, err := s.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, SnapshotRetentionLimit: aws.Int32(1)})
	checkRefusal(t, err, "NotImplemented", "SnapshotRetentionLimit")
	_, err = s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id, FinalSnapshotIdentifier: aws.String("last")})
	checkRefusal(t, err, "NotImplemented", "FinalSnapshotIdentifier")
	if d := g.describe(); aws.ToString(d.Status) != "available" || aws.ToString(d.NodeGroups[0].NodeGroupMembers[0].PreferredAvailabilityZone) != "us-east-1b" {
		t.Errorf("group: %+v", d)
	}
	if out, err := s.API().DescribeReplicationGroups(t.Context(), &elasticache.DescribeReplicationGroupsInput{}); err != nil || len(out.ReplicationGroups) != 1 {
		t.Errorf("groups after the refusals: %+v, %v", out, err)
	}
}

// TestRepeatedCalls makes calls twice, as clients do after a lost answer, and with ids
// in upper case.
func TestRepeatedCalls(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	engine := harness.Engines(t)[0]
	g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("MixedCase")})
	if id := aws.ToString(g.describe().ReplicationGroupId); id != "mixedcase" {
		t.Errorf("id: %s", id)
	}
	_, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("MIXEDCASE"), CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), Engine: &engine,
	})
	checkRefusal(t, err, "ReplicationGroupAlreadyExists", "mixedcase")
	_, err = s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("none"), CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), Engine: &engine, EngineVersion: aws.String("1.2"),
	})
	checkRefusal(t, err, invalidCombi, "Offered: ")
	g.id = "MIXEDcase"
	g.change(rotate, token1)
	g.checkAccess(none, token1)

	if _, err := s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id}); err != nil {
		t.Fatal(err)
	}
	_, err = s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id})
	if err == nil || !strings.Contains(err.Error(), notThere) && !strings.Contains(err.Error(), invalidState) {
		t.Errorf("second delete: %v", err)
	}
	g.AwaitStatus(g.id, "")
	_, err = s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id})
	checkRefusal(t, err, notThere, "mixedcase")
	// The id is free again.
	newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("mixedcase")}).checkAccess(none)
}
