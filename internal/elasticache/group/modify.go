package group

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

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
		UserGroups:       replication.UserGroupUpdate{Add: act.LowerAll(in.UserGroupIdsToAdd), Remove: act.LowerAll(in.UserGroupIdsToRemove), RemoveAll: aws.ToBool(in.RemoveUserGroups)},
		SecurityGroupIDs: in.SecurityGroupIds, Discovery: string(in.IpDiscovery), Transit: replication.TransitUpdate{Enabled: in.TransitEncryptionEnabled, Mode: cache.Transit(in.TransitEncryptionMode)},
	}
	g, err := act.ChangeGroup(ctx, h.Groups, act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		fault := act.ChangeEngine(&change, g, h.Versions, in.Engine, in.EngineVersion, in.CacheParameterGroupName)
		return act.Modify(g, change, h.Now(), fault)
	}, act.Token(token), act.Question(&change))
	if err != nil {
		return nil, err
	}
	rendered := h.render(g)
	return &sdk.ModifyReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}
