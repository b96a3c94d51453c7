package elasticache

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

func (a *API) createReplicationGroup(ctx context.Context, in *sdk.CreateReplicationGroupInput) (*sdk.CreateReplicationGroupOutput, error) {
	g, token, err := a.newGroup(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := act.CreateGroup(ctx, a.groups(), g, token); err != nil {
		return nil, err
	}
	rendered := a.replicationGroup(g)
	return &sdk.CreateReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}

// newGroup makes the group that is asked for, and its token. The error names all that is wrong.
func (a *API) newGroup(ctx context.Context, in *sdk.CreateReplicationGroupInput) (*replication.Group, *token.Token, error) {
	version, engineFault := a.resolveEngine(in.Engine, in.EngineVersion, in.CacheParameterGroupName)
	replicas, zones, placementFault := placement(in)
	subnetGroup, subnetFault := a.subnetGroup(ctx, in.CacheSubnetGroupName)
	spec := replication.Spec{
		ID: aws.ToString(in.ReplicationGroupId), Description: aws.ToString(in.ReplicationGroupDescription), Region: a.Region,
		EngineVersion: version, NodeType: aws.ToString(in.CacheNodeType), Port: int(aws.ToInt32(in.Port)),
		SubnetGroup: subnetGroup, Replicas: replicas, Zones: zones,
		AutomaticFailover: aws.ToBool(in.AutomaticFailoverEnabled), MultiAZ: aws.ToBool(in.MultiAZEnabled),
		TransitEncryption: aws.ToBool(in.TransitEncryptionEnabled), AtRestEncryption: aws.ToBool(in.AtRestEncryptionEnabled),
		MaintenanceWindow: aws.ToString(in.PreferredMaintenanceWindow), SnapshotWindow: aws.ToString(in.SnapshotWindow),
		ManualUpgrades: in.AutoMinorVersionUpgrade != nil && !*in.AutoMinorVersionUpgrade, Tags: act.Tags(in.Tags),
	}
	token, tokenFault := parseToken(in.AuthToken)
	switch {
	case token != nil && !spec.TransitEncryption:
		tokenFault = cache.Errorf(cache.KindCombination, "An AuthToken needs TransitEncryptionEnabled=true.")
	case token != nil:
		digest := token.Digest()
		spec.Token = &digest
	}
	g, fault := replication.NewGroup(spec, a.Now())
	err := cache.Join(engineFault, checkNodeType(in.CacheNodeType), subnetFault, a.checkEncryption(in),
		placementFault, tokenFault, fault)
	return g, token, err
}

func (a *API) checkEncryption(in *sdk.CreateReplicationGroupInput) error {
	switch {
	case in.TransitEncryptionMode != "" && !aws.ToBool(in.TransitEncryptionEnabled):
		return cache.Errorf(cache.KindCombination, "TransitEncryptionMode needs TransitEncryptionEnabled=true.")
	case aws.ToBool(in.AtRestEncryptionEnabled) && !a.EncryptedDir:
		return cache.Errorf(cache.KindCombination, "aikagi does not encrypt files itself. Put its data directory on an encrypted "+
			"file system and say so with serve --encrypted-data-dir, or create the group without AtRestEncryptionEnabled.")
	}
	return nil
}

func (a *API) createCacheCluster(ctx context.Context, in *sdk.CreateCacheClusterInput) (*sdk.CreateCacheClusterOutput, error) {
	if act.Lower(in.ReplicationGroupId) != "" {
		return a.createReplica(ctx, in)
	}
	g, err := a.newCluster(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := act.CreateGroup(ctx, a.groups(), g, nil); err != nil {
		return nil, err
	}
	rendered := a.cacheCluster(g, g.Nodes()[0], false)
	return &sdk.CreateCacheClusterOutput{CacheCluster: &rendered}, nil
}

// newCluster makes the cache cluster that is asked for. The error names all that is wrong.
func (a *API) newCluster(ctx context.Context, in *sdk.CreateCacheClusterInput) (*replication.Group, error) {
	version, engineFault := a.resolveEngine(in.Engine, in.EngineVersion, in.CacheParameterGroupName)
	if version.Engine == cache.EngineValkey {
		return nil, errNoValkeyCluster
	}
	subnetGroup, subnetFault := a.subnetGroup(ctx, in.CacheSubnetGroupName)
	spec := replication.Spec{
		Standalone: true, SubnetGroup: subnetGroup, ID: aws.ToString(in.CacheClusterId), EngineVersion: version, Region: a.Region,
		NodeType: aws.ToString(in.CacheNodeType), Port: int(aws.ToInt32(in.Port)),
		MaintenanceWindow: aws.ToString(in.PreferredMaintenanceWindow), SnapshotWindow: aws.ToString(in.SnapshotWindow),
		ManualUpgrades: in.AutoMinorVersionUpgrade != nil && !*in.AutoMinorVersionUpgrade, Tags: act.Tags(in.Tags),
	}
	if zone := aws.ToString(in.PreferredAvailabilityZone); zone != "" {
		spec.Zones = []string{zone}
	}
	g, fault := replication.NewGroup(spec, a.Now())
	err := cache.Join(engineFault, checkNodeType(in.CacheNodeType), checkNodeCount(in.NumCacheNodes), subnetFault,
		checkClusterEncryption(in), fault)
	return g, err
}

// Refusals of cache clusters, in the original's words.
//
// Source: answers quoted in epam/ecc-aws-rulepack, in getmoto/moto pull request 9402 and in
// terraform-provider-aws (num_cache_nodes).
var (
	errNoValkeyCluster = cache.Errorf(cache.KindInvalid, "This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation.")
	errNoNodeType      = cache.Errorf(cache.KindInvalid, "The parameter CacheNodeType must be provided and must not be null.")
	errManyNodes       = cache.Errorf(cache.KindInvalid, "Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.")
)

func checkNodeType(name *string) error {
	if aws.ToString(name) == "" {
		return errNoNodeType
	}
	return nil
}

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

// resolveEngine picks an installed engine, and checks that the parameter group is
// the one that goes with it.
func (a *API) resolveEngine(name, asked, parameterGroup *string) (cache.EngineVersion, error) {
	engine, err := cache.ParseEngine(aws.ToString(name), a.Engines)
	if err != nil {
		return cache.EngineVersion{}, err
	}
	version, err := cache.ResolveVersion(a.Engines, engine, aws.ToString(asked))
	if err != nil {
		return cache.EngineVersion{Engine: engine}, err
	}
	return version, cache.CheckParameterGroup(aws.ToString(parameterGroup), version)
}

// subnetGroup returns the cache subnet group that is asked for, as a group stores it, or the refusal if it does not
// exist. The store checks again, when the group is written, that it still exists.
func (a *API) subnetGroup(ctx context.Context, asked *string) (name string, err error) {
	name = act.Lower(asked)
	if name == "" || name == subnet.DefaultName {
		return "", nil
	}
	err = a.Store.View(ctx, func(tx store.Tx) error {
		_, err := store.Get(tx, store.SubnetGroups, name)
		if cache.IsKind(err, cache.KindNotFound) {
			err = store.Groups.Dangling(store.Ref{Kind: store.SubnetGroups.Name, ID: aws.ToString(asked)})
		}
		return err
	})
	return name, err
}
