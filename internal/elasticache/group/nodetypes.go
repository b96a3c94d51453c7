package group

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// ListAllowedNodeTypes is ListAllowedNodeTypeModifications. A member of a group stands for the group. While no node says how full it is,
// nothing smaller is allowed.
func (h Handlers) ListAllowedNodeTypes(ctx context.Context, in *sdk.ListAllowedNodeTypeModificationsInput) (*sdk.ListAllowedNodeTypeModificationsOutput, error) {
	find := act.Group(in.ReplicationGroupId)
	switch cluster := act.Lower(in.CacheClusterId); {
	case (cluster == "") == (act.Lower(in.ReplicationGroupId) == ""):
		return nil, cache.Errorf(cache.KindCombination, "Exactly one of CacheClusterId and ReplicationGroupId must be provided.")
	case cluster != "":
		find = act.GroupOf(cluster)
	}
	var g *replication.Group
	var parameters *parameter.Group
	err := h.Store.View(ctx, func(tx store.Tx) (err error) {
		if g, err = find(tx); err == nil {
			parameters, err = store.ParameterGroup(tx, g.ParameterGroup)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	used, unknown := act.UsedMemory(ctx, h.Groups, g)
	up, down := parameters.Resizes(g.NodeType, used)
	if unknown != nil {
		down = nil
	}
	return &sdk.ListAllowedNodeTypeModificationsOutput{ScaleUpModifications: up, ScaleDownModifications: down}, nil
}
