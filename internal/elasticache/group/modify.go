package group

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Modify is ModifyReplicationGroup.
func (h Handlers) Modify(ctx context.Context, in *sdk.ModifyReplicationGroupInput) (*sdk.ModifyReplicationGroupOutput, error) {
	token, err := act.ParseToken(in.AuthToken)
	if err != nil {
		return nil, err
	}
	change := replication.Change{
		Description: in.ReplicationGroupDescription, MaintenanceWindow: in.PreferredMaintenanceWindow,
		SnapshotWindow: in.SnapshotWindow, AutoMinorUpgrade: in.AutoMinorVersionUpgrade, NodeType: in.CacheNodeType,
		AutomaticFailover: in.AutomaticFailoverEnabled, MultiAZ: in.MultiAZEnabled, PrimaryID: in.PrimaryClusterId,
		Immediately: aws.ToBool(in.ApplyImmediately), Token: act.TokenUpdate(token, in.AuthTokenUpdateStrategy),
	}
	g, err := act.ChangeGroup(ctx, h.Groups, act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		return act.Modify(g, change, h.Now(), checkTransit(g, in), act.CheckEngine(g, in.Engine, in.EngineVersion, in.CacheParameterGroupName))
	}, act.Token(token), act.Question(&change))
	if err != nil {
		return nil, err
	}
	rendered := h.render(g)
	return &sdk.ModifyReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}

// checkTransit refuses a change of in-transit encryption, in the original's words
// where it refuses it too.
func checkTransit(g *replication.Group, in *sdk.ModifyReplicationGroupInput) error {
	on, mode := in.TransitEncryptionEnabled, in.TransitEncryptionMode
	switch {
	case on == nil && mode == "":
		return nil
	case g.TransitEncryption && len(g.Tokens.Tokens()) > 0:
		return cache.Errorf(cache.KindCombination, "Modification of transit encryption is not supported for access control enabled clusters.")
	case g.TransitEncryption && (on == nil || *on) && mode != types.TransitEncryptionModePreferred:
		return nil // it is what the group has
	case !g.TransitEncryption && (on == nil || !*on) && mode == "":
		return nil
	case !g.TransitEncryption && mode != types.TransitEncryptionModePreferred:
		return cache.Errorf(cache.KindCombination, "Direct transition from transit-encryption-disabled to transit-encryption-enabled "+
			"is not allowed. Update the cluster to transit-encryption-mode preferred prior to enabling transit encryption.")
	}
	return cache.Errorf(cache.KindNotImplemented, "aikagi cannot change in-transit encryption of a group yet. Create a group with TransitEncryptionEnabled=true.")
}
