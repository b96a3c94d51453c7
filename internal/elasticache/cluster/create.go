package cluster

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Create is CreateCacheCluster. With a ReplicationGroupId it adds a replica to that group.
func (h Handlers) Create(ctx context.Context, in *sdk.CreateCacheClusterInput) (*sdk.CreateCacheClusterOutput, error) {
	if act.Lower(in.ReplicationGroupId) != "" {
		return h.createReplica(ctx, in)
	}
	g, err := h.newCluster(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := act.CreateGroup(ctx, h.Groups, g, nil); err != nil {
		return nil, err
	}
	rendered, err := h.changed(ctx, g, g.Nodes()[0], false)
	return &sdk.CreateCacheClusterOutput{CacheCluster: rendered}, err
}

// newCluster makes the cache cluster that is asked for. The error names all that is wrong.
func (h Handlers) newCluster(ctx context.Context, in *sdk.CreateCacheClusterInput) (*replication.Group, error) {
	version, engineFault := act.ResolveEngine(h.Versions, in.Engine, in.EngineVersion)
	if version.Asked.Engine == cache.EngineValkey {
		return nil, errNoValkeyCluster
	}
	parameterGroup, parameterFault := act.ParameterGroup(ctx, h.Deps, in.CacheParameterGroupName, version.Asked)
	subnetGroup, subnetFault := act.SubnetGroup(ctx, h.Deps, in.CacheSubnetGroupName)
	network, networkFault := h.ChooseNetwork(in.NetworkType, in.IpDiscovery)
	spec := replication.Spec{
		Standalone: true, SubnetGroup: subnetGroup, SecurityGroupIDs: in.SecurityGroupIds, ID: aws.ToString(in.CacheClusterId), EngineVersion: version.Build, AskedFor: version.AskedFor(), ParameterGroup: parameterGroup,
		NodeType: aws.ToString(in.CacheNodeType), AddressPlan: h.AddressPlan, NetworkType: network, Discovery: cache.NetworkType(in.IpDiscovery), Port: int(aws.ToInt32(in.Port)),
		MaintenanceWindow: aws.ToString(in.PreferredMaintenanceWindow), SnapshotWindow: aws.ToString(in.SnapshotWindow),
		ManualUpgrades: in.AutoMinorVersionUpgrade != nil && !*in.AutoMinorVersionUpgrade, Tags: act.Tags(in.Tags),
	}
	if zone := aws.ToString(in.PreferredAvailabilityZone); zone != "" {
		spec.Zones = []string{zone}
	}
	g, fault := replication.NewGroup(spec, h.Now())
	err := cache.Join(engineFault, parameterFault, act.CheckNodeType(in.CacheNodeType), checkNodeCount(in.NumCacheNodes), subnetFault,
		checkClusterEncryption(in), networkFault, fault)
	return g, err
}

// Refusals of cache clusters, in the original's words.
//
// Source: answers quoted in epam/ecc-aws-rulepack, in getmoto/moto pull request 9402 and in
// terraform-provider-aws (num_cache_nodes).
var (
	errNoValkeyCluster = cache.Errorf(cache.KindInvalid, "This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation.")
	errManyNodes       = cache.Errorf(cache.KindInvalid, "Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.")
)

func checkNodeCount(count *int32) error {
	switch {
	case count != nil && *count > 1:
		return errManyNodes
	case count != nil && *count < 1:
		return cache.Errorf(cache.KindInvalid, "The parameter NumCacheNodes must be 1.")
	}
	return nil
}

func checkClusterEncryption(in *sdk.CreateCacheClusterInput) error {
	if aws.ToBool(in.TransitEncryptionEnabled) {
		return cache.Errorf(cache.KindCombination, "Encryption feature is not supported for engine REDIS.")
	}
	return nil
}
