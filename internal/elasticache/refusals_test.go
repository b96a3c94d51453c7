package elasticache

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/atrest"
	"github.com/aikagi/aikagi/internal/cache"
)

// TestRefusalsOfNewClusters has the original's words for what cache clusters cannot be.
func TestRefusalsOfNewClusters(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	for name, c := range map[string]struct {
		edit          func(*sdk.CreateCacheClusterInput)
		code, message string
	}{
		"valkey": {func(in *sdk.CreateCacheClusterInput) { in.Engine = aws.String("valkey") }, badValue,
			"This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation."},
		"valkey in capitals": {func(in *sdk.CreateCacheClusterInput) { in.Engine = aws.String("Valkey") }, badValue, "This API doesn't support Valkey engine."},
		"valkey of a version": {func(in *sdk.CreateCacheClusterInput) {
			in.Engine, in.EngineVersion = aws.String("valkey"), aws.String("1.0")
		}, badValue,
			"This API doesn't support Valkey engine."},
		"no type":    {func(in *sdk.CreateCacheClusterInput) { in.CacheNodeType = nil }, badValue, "The parameter CacheNodeType must be provided and must not be null."},
		"empty type": {func(in *sdk.CreateCacheClusterInput) { in.CacheNodeType = aws.String("") }, badValue, "The parameter CacheNodeType must be provided and must not be null."},
		"two nodes": {func(in *sdk.CreateCacheClusterInput) { in.NumCacheNodes = aws.Int32(2) }, badValue,
			"Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1."},
		"no nodes": {func(in *sdk.CreateCacheClusterInput) { in.NumCacheNodes = aws.Int32(0) }, badValue, "NumCacheNodes must be 1"},
		"windows": {func(in *sdk.CreateCacheClusterInput) {
			in.PreferredMaintenanceWindow, in.SnapshotWindow = aws.String("sun:05:00-sun:06:00"), aws.String("04:30-05:30")
		}, badValue, "The snapshot window and maintenance window must not overlap."},
		"version 7.0.15": {func(in *sdk.CreateCacheClusterInput) { in.EngineVersion = aws.String("7.0.15") }, badValue,
			"Specific version selection is not allowed for '7.0.15', please use '7.0'"},
		"version 7.x":       {func(in *sdk.CreateCacheClusterInput) { in.EngineVersion = aws.String("7.x") }, badCombination, "Cannot find version 7.x for redis"},
		"version 6.x":       {func(in *sdk.CreateCacheClusterInput) { in.EngineVersion = aws.String("6.x") }, badCombination, "Cannot find version 6.x for redis"},
		"a family":          {func(in *sdk.CreateCacheClusterInput) { in.CacheParameterGroupName = aws.String("default.redis5.0") }, badCombination, "Expected a parameter group of family redis7 but found one of family redis5.0"},
		"a parameter group": {func(in *sdk.CreateCacheClusterInput) { in.CacheParameterGroupName = aws.String("mine") }, "CacheParameterGroupNotFound", "CacheParameterGroup not found: mine"},
		"cluster mode": {func(in *sdk.CreateCacheClusterInput) {
			in.CacheParameterGroupName = aws.String("default.redis7.cluster.on")
		}, badCombination, "Cluster mode should be disabled in parameter group, but found it is enabled."},
		"in-transit": {func(in *sdk.CreateCacheClusterInput) { in.TransitEncryptionEnabled = aws.Bool(true) }, badCombination, "Encryption feature is not supported for engine REDIS."},
		"several, all named": {func(in *sdk.CreateCacheClusterInput) {
			in.CacheNodeType, in.NumCacheNodes, in.Port = nil, aws.Int32(3), aws.Int32(1)
		}, badValue, "must not be null. Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1. The port must be"},
	} {
		in := &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("c"), CacheNodeType: aws.String("cache.t4g.micro"), Engine: aws.String("redis")}
		c.edit(in)
		_, err := f.CreateCacheCluster(t.Context(), in)
		refused(t, name, err, c.code, c.message)
	}
	valkeyOnly := newFace(t, func(o *Options) { o.Engines = o.Engines[1:] })
	_, err := valkeyOnly.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("c"), CacheNodeType: aws.String("cache.t4g.micro")})
	refused(t, "no engine named, and Valkey is all there is", err, badValue, "This API doesn't support Valkey engine.")
	if out, err := f.DescribeCacheClusters(t.Context(), &sdk.DescribeCacheClustersInput{}); err != nil || len(out.CacheClusters) != 0 {
		t.Errorf("after the refusals: %+v, %v", out, err)
	}
}

// TestRefusalsOfNetworks: what there are no addresses for is refused, with what to serve with, and nothing is kept.
func TestRefusalsOfNetworks(t *testing.T) {
	t.Parallel()
	both := []cache.NetworkType{cache.NetworkIPv4, cache.NetworkIPv6, cache.NetworkDualStack}
	for name, c := range map[string]struct {
		plan          cache.AddressPlan
		served        []cache.NetworkType
		network       types.NetworkType
		discovery     types.IpDiscovery
		code, message string
	}{
		"ipv6 on loopback":         {cache.PlanLoopback, nil, types.NetworkTypeIpv6, "", badCombination, "--address-plan host and a --host-address of IPv6 (::1 for this machine alone)"},
		"dual_stack of one host":   {cache.PlanHost, both[:1], types.NetworkTypeDualStack, "", badCombination, "Serve with one more --host-address"},
		"ipv4 of a pool of IPv6":   {cache.PlanPool, both[1:2], types.NetworkTypeIpv4, "", badCombination, "Serve with one more --pool-range"},
		"no network type":          {cache.PlanHost, both, "ipv5", "", badValue, "NetworkType must be one of: ipv4, ipv6, dual_stack."},
		"no discovery":             {cache.PlanHost, both, "", "dual_stack", badValue, "IpDiscovery must be one of: ipv4, ipv6."},
		"discovery of the other":   {cache.PlanHost, both, types.NetworkTypeIpv6, types.IpDiscoveryIpv4, badCombination, "IpDiscovery ipv4 needs addresses of that family"},
		"discovery of what is not": {cache.PlanHost, both, "", types.IpDiscoveryIpv6, badCombination, "NetworkType ipv4"},
	} {
		f := newFace(t, func(o *Options) { o.AddressPlan, o.NetworkTypes = c.plan, c.served })
		_, err := f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String("cache.t4g.micro"),
			TransitEncryptionEnabled: aws.Bool(true), NetworkType: c.network, IpDiscovery: c.discovery,
		})
		refused(t, name, err, c.code, c.message)
		if out, err := f.DescribeReplicationGroups(t.Context(), &sdk.DescribeReplicationGroupsInput{}); err != nil || len(out.ReplicationGroups) != 0 {
			t.Errorf("%s: after the refusal: %+v, %v", name, out, err)
		}
	}
}

// TestRefusalsNameEverything has one refusal for all that is not there, whatever else is wrong.
func TestRefusalsNameEverything(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{})
	create := func(edit func(*sdk.CreateReplicationGroupInput)) error {
		in := &sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("new"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String("cache.t4g.micro")}
		edit(in)
		_, err := f.CreateReplicationGroup(t.Context(), in)
		return err
	}
	logs := []types.LogDeliveryConfigurationRequest{{Enabled: aws.Bool(true)}}
	refused(t, "one", create(func(in *sdk.CreateReplicationGroupInput) { in.NotificationTopicArn = aws.String("arn") }), "NotImplemented",
		"NotificationTopicArn is not supported by aikagi yet: docs/compatibility.md lists what is.")
	refused(t, "two", create(func(in *sdk.CreateReplicationGroupInput) {
		in.NotificationTopicArn, in.GlobalReplicationGroupId = aws.String("arn"), aws.String("g")
	}), "NotImplemented",
		"GlobalReplicationGroupId and NotificationTopicArn are not supported by aikagi yet")
	refused(t, "as real configurations are", create(func(in *sdk.CreateReplicationGroupInput) {
		in.SecurityGroupIds, in.SnapshotRetentionLimit, in.NotificationTopicArn, in.LogDeliveryConfigurations = []string{"sg-1"}, aws.Int32(7), aws.String("arn"), logs
		in.NumNodeGroups = aws.Int32(3)
		in.CacheParameterGroupName, in.CacheSubnetGroupName, in.EngineVersion = aws.String("mine"), aws.String("private"), aws.String("7.0")
		in.PreferredMaintenanceWindow, in.SnapshotWindow = aws.String("sun:05:00-sun:06:00"), aws.String("05:00-06:00")
	}), "NotImplemented", "LogDeliveryConfigurations, NotificationTopicArn, NumNodeGroups greater than 1 and SnapshotRetentionLimit "+
		"are not supported by aikagi yet: docs/compatibility.md lists what is. "+
		"CacheParameterGroup not found: mine. For redis 7.0 there is default.redis7. Cache Subnet Group private does not exist. "+
		"The snapshot window and maintenance window must not overlap.")
	refused(t, "in node groups", create(func(in *sdk.CreateReplicationGroupInput) {
		in.NodeGroupConfiguration = []types.NodeGroupConfiguration{{Slots: aws.String("0-100")}, {PrimaryOutpostArn: aws.String("o"), ReplicaOutpostArns: []string{"o"}}}
	}), "NotImplemented", "NodeGroupConfiguration with more than one entry, PrimaryOutpostArn of NodeGroupConfiguration, "+
		"ReplicaOutpostArns of NodeGroupConfiguration and Slots of NodeGroupConfiguration are not supported")
	_, err := f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("c"), SnapshotName: aws.String("s"), AZMode: types.AZModeCrossAz})
	refused(t, "a cluster", err, "NotImplemented", "AZMode and SnapshotName are not supported by aikagi yet: docs/compatibility.md lists what is. The parameter CacheNodeType must be")
	_, err = f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{
		ReplicationGroupId: aws.String("g"), SnapshotRetentionLimit: aws.Int32(1), NotificationTopicArn: aws.String("arn"), LogDeliveryConfigurations: logs,
	})
	refused(t, "modify", err, "NotImplemented", "LogDeliveryConfigurations, NotificationTopicArn and SnapshotRetentionLimit are not supported")
	_, err = f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{
		ReplicationGroupId: aws.String("g"), EngineVersion: aws.String("7.0.15"), CacheNodeType: aws.String("cache.huge"), PreferredMaintenanceWindow: aws.String("never"),
	})
	refused(t, "modify to what is wrong", err, badValue, "please use '7.0'. The maintenance window \"never\" is not of the form ddd:hh24:mi-ddd:hh24:mi. The cache node type \"cache.huge\"")
	_, err = f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("g"), Engine: aws.String("redis"), EngineVersion: aws.String("7.0.15")})
	if refused(t, "modify nothing, wrongly", err, badValue, "please use '7.0'"); strings.Contains(err.Error(), "No modifications") {
		t.Errorf("a tool would take it for success: %v", err)
	}
	_, err = f.ModifyCacheCluster(t.Context(), &sdk.ModifyCacheClusterInput{CacheClusterId: aws.String("c"), SnapshotRetentionLimit: aws.Int32(1), NotificationTopicStatus: aws.String("active")})
	refused(t, "modify a cluster", err, "NotImplemented", "NotificationTopicStatus and SnapshotRetentionLimit are not supported")
	_, err = f.DeleteReplicationGroup(t.Context(), &sdk.DeleteReplicationGroupInput{ReplicationGroupId: aws.String("g"), FinalSnapshotIdentifier: aws.String("s"), RetainPrimaryCluster: aws.Bool(true)})
	refused(t, "delete", err, "NotImplemented", "FinalSnapshotIdentifier and RetainPrimaryCluster are not supported")
	_, err = f.IncreaseReplicaCount(t.Context(), &sdk.IncreaseReplicaCountInput{ReplicationGroupId: aws.String("g"), ApplyImmediately: aws.Bool(true),
		ReplicaConfiguration: []types.ConfigureShard{{NodeGroupId: aws.String("0001"), NewReplicaCount: aws.Int32(1), PreferredOutpostArns: []string{"o"}}}})
	refused(t, "increase", err, "NotImplemented", "PreferredOutpostArns of ReplicaConfiguration is not supported")
	if g := f.shown("g"); aws.ToString(g.Status) != "available" || len(g.MemberClusters) != 1 {
		t.Errorf("after the refusals: %+v", g)
	}
}

// TestOneWordingForWhatExists asks for each name twice.
func TestOneWordingForWhatExists(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{})
	small := aws.String("cache.t4g.micro")
	if _, err := f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("c"), CacheNodeType: small}); err != nil {
		t.Fatal(err)
	}
	_, err := f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("G"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: small})
	refused(t, "a group", err, "ReplicationGroupAlreadyExists", "Replication group g already exists.")
	for _, in := range []sdk.CreateCacheClusterInput{
		{CacheClusterId: aws.String("C"), CacheNodeType: small}, {CacheClusterId: aws.String("c"), ReplicationGroupId: aws.String("g")},
	} {
		_, err = f.CreateCacheCluster(t.Context(), &in)
		refused(t, "a cluster", err, "CacheClusterAlreadyExists", "Cache cluster c already exists.")
	}
	_, err = f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("g-001"), CacheNodeType: small})
	refused(t, "a member", err, "CacheClusterAlreadyExists", "Cache cluster g-001 already exists.")
	_, err = f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("g-001"), ReplicationGroupId: aws.String("g")})
	refused(t, "a member of the same group", err, "CacheClusterAlreadyExists", "Cache cluster g-001 already exists.")
}

// TestReplicasTakeAllFromTheirGroup sends what a replica cannot have of its own.
func TestReplicasTakeAllFromTheirGroup(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{CacheNodeType: aws.String("cache.t4g.small")})
	for name, edit := range map[string]func(*sdk.CreateCacheClusterInput){
		"another type":   func(in *sdk.CreateCacheClusterInput) { in.CacheNodeType = aws.String("cache.t4g.micro") },
		"the same type":  func(in *sdk.CreateCacheClusterInput) { in.CacheNodeType = aws.String("cache.t4g.small") },
		"a port":         func(in *sdk.CreateCacheClusterInput) { in.Port = aws.Int32(7000) },
		"an engine":      func(in *sdk.CreateCacheClusterInput) { in.Engine = aws.String("redis") },
		"valkey":         func(in *sdk.CreateCacheClusterInput) { in.Engine = aws.String("valkey") },
		"a version":      func(in *sdk.CreateCacheClusterInput) { in.EngineVersion = aws.String("7.0") },
		"a window":       func(in *sdk.CreateCacheClusterInput) { in.SnapshotWindow = aws.String("01:00-02:00") },
		"a subnet group": func(in *sdk.CreateCacheClusterInput) { in.CacheSubnetGroupName = aws.String("default") },
		"a node count":   func(in *sdk.CreateCacheClusterInput) { in.NumCacheNodes = aws.Int32(1) },
		"logs": func(in *sdk.CreateCacheClusterInput) {
			in.LogDeliveryConfigurations = []types.LogDeliveryConfigurationRequest{{Enabled: aws.Bool(true)}}
		},
	} {
		in := &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("r"), ReplicationGroupId: aws.String("g")}
		edit(in)
		_, err := f.CreateCacheCluster(t.Context(), in)
		refused(t, name, err, badCombination, "Cannot specify additional cache cluster parameters when creating a replica cluster.")
	}
	_, err := f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("r"), ReplicationGroupId: aws.String("g"),
		PreferredAvailabilityZone: aws.String("us-east-1b"), AutoMinorVersionUpgrade: aws.Bool(true), TransitEncryptionEnabled: aws.Bool(false)})
	if err != nil {
		t.Errorf("what Terraform sends: %v", err)
	}
}

// The actions of cache security groups, which no account of today has, are refused in the original's words, whatever they are asked.
func TestCacheSecurityGroupsAreWithdrawn(t *testing.T) {
	t.Parallel()
	f, name := newFace(t), aws.String("default")
	_, authorize := f.AuthorizeCacheSecurityGroupIngress(t.Context(), &sdk.AuthorizeCacheSecurityGroupIngressInput{CacheSecurityGroupName: name, EC2SecurityGroupName: name, EC2SecurityGroupOwnerId: name})
	_, create := f.CreateCacheSecurityGroup(t.Context(), &sdk.CreateCacheSecurityGroupInput{CacheSecurityGroupName: name, Description: name})
	_, remove := f.DeleteCacheSecurityGroup(t.Context(), &sdk.DeleteCacheSecurityGroupInput{CacheSecurityGroupName: name})
	_, describe := f.DescribeCacheSecurityGroups(t.Context(), &sdk.DescribeCacheSecurityGroupsInput{})
	_, revoke := f.RevokeCacheSecurityGroupIngress(t.Context(), &sdk.RevokeCacheSecurityGroupIngressInput{CacheSecurityGroupName: name, EC2SecurityGroupName: name, EC2SecurityGroupOwnerId: name})
	for action, err := range map[string]error{"authorize": authorize, "create": create, "delete": remove, "describe": describe, "revoke": revoke} {
		refused(t, action, err, badValue, "Use of cache security groups is not permitted in this API version for your account.")
	}
}

// TestEncryptionAtRestIsRefused: what nobody would encrypt is not accepted as if it were.
func TestEncryptionAtRestIsRefused(t *testing.T) {
	t.Parallel()
	create := func(f *face, encrypted bool, kmsKeyID *string) error {
		_, err := f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("new"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String("cache.t4g.micro"),
			AtRestEncryptionEnabled: &encrypted, KmsKeyId: kmsKeyID,
		})
		return err
	}
	hindrance := func(o *Options) { o.AtRest.Hindrance = "say --encrypted-data-dir" }
	f := newFace(t, hindrance)
	refused(t, "without a file system that does it", create(f, true, nil), badCombination, "This server cannot encrypt the files of caches: say --encrypted-data-dir")
	refused(t, "a key for nothing", create(f, false, aws.String("k")), badCombination, "KmsKeyId needs AtRestEncryptionEnabled=true.")
	f = newFace(t, hindrance, func(o *Options) { o.AtRest.Covered = true })
	refused(t, "a key of one's own on somebody else's disk", create(f, true, aws.String("k")), badCombination, "This server cannot encrypt the files of caches: say --encrypted-data-dir")
	if err := create(f, true, nil); err != nil {
		t.Errorf("on an encrypted disk: %v", err)
	}
	f = newFace(t, func(o *Options) { o.AtRest.Key = atrest.New(make([]byte, 32), nil).Make })
	refused(t, "without a KMS", create(f, true, aws.String("k")), badCombination, "start it with --kms-endpoint, or leave KmsKeyId out")
	if err := create(f, true, nil); err != nil {
		t.Errorf("with the master key: %v", err)
	}
}
