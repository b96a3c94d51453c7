package cluster

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Modify is ModifyCacheCluster.
func (h Handlers) Modify(ctx context.Context, in *sdk.ModifyCacheClusterInput) (*sdk.ModifyCacheClusterOutput, error) {
	if in.NumCacheNodes != nil && *in.NumCacheNodes != 1 {
		return nil, cache.Errorf(cache.KindInvalid, "The parameter NumCacheNodes must be 1 for engine redis.")
	}
	id := act.Lower(in.CacheClusterId)
	change := replication.Change{
		MaintenanceWindow: in.PreferredMaintenanceWindow, SnapshotWindow: in.SnapshotWindow, SecurityGroupIDs: in.SecurityGroupIds, Discovery: string(in.IpDiscovery),
		AutoMinorUpgrade: in.AutoMinorVersionUpgrade, NodeType: in.CacheNodeType, Immediately: aws.ToBool(in.ApplyImmediately),
	}
	g, err := act.ChangeGroup(ctx, h.Groups, act.GroupOf(id), func(g *replication.Group) ([]cache.Event, error) {
		if !g.Standalone {
			return nil, memberRefusal(id, g, "modify")
		}
		fault := act.ChangeEngine(&change, g, h.Versions, in.Engine, in.EngineVersion, in.CacheParameterGroupName)
		return act.Modify(g, change, h.Now(), fault)
	}, act.Question(&change))
	if err != nil {
		return nil, err
	}
	rendered, err := h.changed(ctx, g, g.Node(id), false)
	return &sdk.ModifyCacheClusterOutput{CacheCluster: rendered}, err
}

func memberRefusal(id string, g *replication.Group, verb string) error {
	return cache.Errorf(cache.KindCombination, "Cache cluster %s is part of replication group %s; %s the replication group instead.", id, g.ID, verb)
}
