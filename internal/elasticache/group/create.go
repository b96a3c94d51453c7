package group

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Create is CreateReplicationGroup.
func (h Handlers) Create(ctx context.Context, in *sdk.CreateReplicationGroupInput) (*sdk.CreateReplicationGroupOutput, error) {
	g, token, err := h.newGroup(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := h.encrypt(ctx, g, aws.ToString(in.KmsKeyId)); err != nil {
		return nil, err
	}
	if err := act.CreateGroup(ctx, h.Groups, g, token); err != nil {
		return nil, err
	}
	rendered := h.render(g)
	return &sdk.CreateReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}

// newGroup makes the group that is asked for, and its token. The error names all that is wrong.
func (h Handlers) newGroup(ctx context.Context, in *sdk.CreateReplicationGroupInput) (*replication.Group, *token.Token, error) {
	version, engineFault := act.ResolveEngine(h.Versions, in.Engine, in.EngineVersion)
	parameterGroup, parameterFault := act.ParameterGroup(ctx, h.Deps, in.CacheParameterGroupName, version.Asked)
	replicas, zones, placementFault := placement(in)
	subnetGroup, subnetFault := act.SubnetGroup(ctx, h.Deps, in.CacheSubnetGroupName)
	network, networkFault := h.ChooseNetwork(in.NetworkType, in.IpDiscovery)
	spec := replication.Spec{
		ID: aws.ToString(in.ReplicationGroupId), Description: aws.ToString(in.ReplicationGroupDescription),
		EngineVersion: version.Build, AskedFor: version.AskedFor(), NodeType: aws.ToString(in.CacheNodeType), AddressPlan: h.AddressPlan, NetworkType: network, Discovery: cache.NetworkType(in.IpDiscovery), Port: int(aws.ToInt32(in.Port)),
		ParameterGroup: parameterGroup, SubnetGroup: subnetGroup, SecurityGroupIDs: in.SecurityGroupIds, UserGroups: act.LowerAll(in.UserGroupIds), Replicas: replicas, Zones: zones,
		AutomaticFailover: aws.ToBool(in.AutomaticFailoverEnabled), MultiAZ: aws.ToBool(in.MultiAZEnabled),
		Transit: transitOf(in), AtRestEncryption: aws.ToBool(in.AtRestEncryptionEnabled),
		MaintenanceWindow: aws.ToString(in.PreferredMaintenanceWindow), SnapshotWindow: aws.ToString(in.SnapshotWindow),
		ManualUpgrades: in.AutoMinorVersionUpgrade != nil && !*in.AutoMinorVersionUpgrade, Tags: act.Tags(in.Tags),
	}
	token, tokenFault := act.ParseToken(in.AuthToken)
	switch {
	case token != nil && spec.Transit == cache.TransitNone:
		tokenFault = cache.Errorf(cache.KindCombination, "An AuthToken needs TransitEncryptionEnabled=true.")
	case token != nil:
		digest := token.Digest()
		spec.Token = &digest
	}
	g, fault := replication.NewGroup(spec, h.Now())
	err := cache.Join(engineFault, parameterFault, act.CheckNodeType(in.CacheNodeType), subnetFault, h.checkEncryption(in), h.checkAtRest(in),
		networkFault, placementFault, tokenFault, fault)
	return g, token, err
}

// transitOf is required unless a mode is given.
func transitOf(in *sdk.CreateReplicationGroupInput) cache.Transit {
	switch {
	case !aws.ToBool(in.TransitEncryptionEnabled):
		return cache.TransitNone
	case in.TransitEncryptionMode == types.TransitEncryptionModePreferred:
		return cache.TransitPreferred
	}
	return cache.TransitRequired
}

func (h Handlers) checkEncryption(in *sdk.CreateReplicationGroupInput) error {
	if in.TransitEncryptionMode != "" && !aws.ToBool(in.TransitEncryptionEnabled) {
		return cache.Errorf(cache.KindCombination, "TransitEncryptionMode needs TransitEncryptionEnabled=true.")
	}
	return nil
}

// checkAtRest refuses encryption that nobody would do.
func (h Handlers) checkAtRest(in *sdk.CreateReplicationGroupInput) error {
	switch wanted, key := aws.ToBool(in.AtRestEncryptionEnabled), aws.ToString(in.KmsKeyId); {
	case key != "" && !wanted:
		return cache.Errorf(cache.KindCombination, "KmsKeyId needs AtRestEncryptionEnabled=true.")
	case wanted && h.AtRest.Key == nil && (key != "" || !h.AtRest.Covered):
		return cache.Errorf(cache.KindCombination, "This server cannot encrypt the files of caches: %s", h.AtRest.Hindrance)
	}
	return nil
}

// encrypt gives the group a key, if it wants one, and what it is to write is not encrypted anyway.
func (h Handlers) encrypt(ctx context.Context, g *replication.Group, kmsKeyID string) (err error) {
	if g.AtRestEncryption && (kmsKeyID != "" || !h.AtRest.Covered) {
		g.DataKey, err = h.AtRest.Key(ctx, g.UID, kmsKeyID)
	}
	return err
}
