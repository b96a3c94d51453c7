package subnet

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Modify is ModifyCacheSubnetGroup. A list of subnets takes the place of the whole list.
func (h Handlers) Modify(ctx context.Context, in *sdk.ModifyCacheSubnetGroupInput) (*sdk.ModifyCacheSubnetGroupOutput, error) {
	found, err := h.find(ctx, in.SubnetIds)
	if err != nil {
		return nil, err
	}
	g, err := act.Change(ctx, h.Deps, store.SubnetGroups, act.Lower(in.CacheSubnetGroupName), func(g *subnet.Group) error {
		return g.Modify(subnet.Change{Description: in.CacheSubnetGroupDescription, SubnetIDs: in.SubnetIds, Found: found})
	})
	if err != nil {
		return nil, err
	}
	return &sdk.ModifyCacheSubnetGroupOutput{CacheSubnetGroup: h.render(g)}, nil
}
