package elasticache

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
)

// defaultSubnetGroup is the one subnet group that there is; networks are the
// machine's business.
const defaultSubnetGroup = "default"

func (a *API) createReplicationGroup(ctx context.Context, in *sdk.CreateReplicationGroupInput) (*sdk.CreateReplicationGroupOutput, error) {
	spec, err := a.replicationGroupSpec(in)
	if err != nil {
		return nil, err
	}
	token, err := parseToken(in.AuthToken)
	if err != nil {
		return nil, err
	}
	if token != nil {
		if !spec.TransitEncryption {
			return nil, cache.Errorf(cache.KindCombination, "An AuthToken needs TransitEncryptionEnabled=true.")
		}
		digest := token.Digest()
		spec.Token = &digest
	}
	g, err := cache.NewReplicationGroup(spec, a.Now())
	if err != nil {
		return nil, err
	}
	if err := a.create(ctx, g, token); err != nil {
		return nil, err
	}
	rendered := a.replicationGroup(g)
	return &sdk.CreateReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}

func (a *API) replicationGroupSpec(in *sdk.CreateReplicationGroupInput) (cache.Spec, error) {
	version, err := a.resolveEngine(in.Engine, in.EngineVersion, in.CacheParameterGroupName)
	if err != nil {
		return cache.Spec{}, err
	}
	if err := checkSubnetGroup(in.CacheSubnetGroupName); err != nil {
		return cache.Spec{}, err
	}
	if err := a.checkEncryption(in); err != nil {
		return cache.Spec{}, err
	}
	replicas, zones, err := placement(in)
	if err != nil {
		return cache.Spec{}, err
	}
	return cache.Spec{
		ID: aws.ToString(in.ReplicationGroupId), Description: aws.ToString(in.ReplicationGroupDescription),
		EngineVersion: version, NodeType: aws.ToString(in.CacheNodeType), Port: int(aws.ToInt32(in.Port)),
		Replicas: replicas, Zones: zones,
		AutomaticFailover: aws.ToBool(in.AutomaticFailoverEnabled), MultiAZ: aws.ToBool(in.MultiAZEnabled),
		TransitEncryption: aws.ToBool(in.TransitEncryptionEnabled), AtRestEncryption: aws.ToBool(in.AtRestEncryptionEnabled),
		MaintenanceWindow: aws.ToString(in.PreferredMaintenanceWindow), SnapshotWindow: aws.ToString(in.SnapshotWindow),
		ManualUpgrades: in.AutoMinorVersionUpgrade != nil && !*in.AutoMinorVersionUpgrade, Tags: tagList(in.Tags),
	}, nil
}

func (a *API) checkEncryption(in *sdk.CreateReplicationGroupInput) error {
	switch {
	case in.TransitEncryptionMode == types.TransitEncryptionModePreferred:
		return cache.Errorf(cache.KindNotImplemented, "aikagi does not have TransitEncryptionMode preferred yet. Use required.")
	case in.TransitEncryptionMode != "" && !aws.ToBool(in.TransitEncryptionEnabled):
		return cache.Errorf(cache.KindCombination, "TransitEncryptionMode needs TransitEncryptionEnabled=true.")
	case aws.ToBool(in.AtRestEncryptionEnabled) && !a.EncryptedDir:
		return cache.Errorf(cache.KindCombination, "aikagi does not encrypt files itself. Put its data directory on an encrypted "+
			"file system and say so with serve --encrypted-data-dir, or create the group without AtRestEncryptionEnabled.")
	}
	return nil
}

func (a *API) createCacheCluster(ctx context.Context, in *sdk.CreateCacheClusterInput) (*sdk.CreateCacheClusterOutput, error) {
	if lower(in.ReplicationGroupId) != "" {
		return a.createReplica(ctx, in)
	}
	version, err := a.resolveEngine(in.Engine, in.EngineVersion, in.CacheParameterGroupName)
	if err != nil {
		return nil, err
	}
	if err := checkSubnetGroup(in.CacheSubnetGroupName); err != nil {
		return nil, err
	}
	if aws.ToBool(in.TransitEncryptionEnabled) {
		return nil, cache.Errorf(cache.KindCombination, "Encryption feature is not supported for engine %s.", strings.ToUpper(string(version.Engine)))
	}
	if in.NumCacheNodes != nil && *in.NumCacheNodes != 1 {
		return nil, cache.Errorf(cache.KindInvalid, "The parameter NumCacheNodes must be 1 for engine %s.", version.Engine)
	}
	spec := cache.Spec{
		Standalone: true, ID: aws.ToString(in.CacheClusterId), EngineVersion: version,
		NodeType: aws.ToString(in.CacheNodeType), Port: int(aws.ToInt32(in.Port)),
		MaintenanceWindow: aws.ToString(in.PreferredMaintenanceWindow), SnapshotWindow: aws.ToString(in.SnapshotWindow),
		ManualUpgrades: in.AutoMinorVersionUpgrade != nil && !*in.AutoMinorVersionUpgrade, Tags: tagList(in.Tags),
	}
	if zone := aws.ToString(in.PreferredAvailabilityZone); zone != "" {
		spec.Zones = []string{zone}
	}
	g, err := cache.NewReplicationGroup(spec, a.Now())
	if err != nil {
		return nil, err
	}
	if err := a.create(ctx, g, nil); err != nil {
		return nil, err
	}
	rendered := a.cacheCluster(g, g.Primary(), false)
	return &sdk.CreateCacheClusterOutput{CacheCluster: &rendered}, nil
}

// resolveEngine picks an installed engine, and checks that the parameter group is
// the one that goes with it.
func (a *API) resolveEngine(name, asked, parameterGroup *string) (cache.EngineVersion, error) {
	engine, err := cache.ParseEngine(aws.ToString(name), a.Engines)
	if err != nil {
		return cache.EngineVersion{}, err
	}
	version, err := cache.ResolveVersion(a.Engines, engine, aws.ToString(asked))
	if err != nil {
		return cache.EngineVersion{}, err
	}
	return version, checkParameterGroup(parameterGroup, version)
}

func checkParameterGroup(name *string, version cache.EngineVersion) error {
	if n := aws.ToString(name); n != "" && n != version.DefaultParameterGroup() {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceParameterGroup,
			"CacheParameterGroup %s not found. For %s there is %s.", n, version, version.DefaultParameterGroup())
	}
	return nil
}

func checkSubnetGroup(name *string) error {
	if n := aws.ToString(name); n != "" && n != defaultSubnetGroup {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceSubnetGroup, "Cache Subnet Group %s does not exist.", n)
	}
	return nil
}

// parseToken reads a token that may be absent.
func parseToken(s *string) (*cache.Token, error) {
	if s == nil {
		return nil, nil //nolint:nilnil // no token is not an error
	}
	token, err := cache.ParseToken(*s)
	if err != nil {
		return nil, err
	}
	return &token, nil
}
