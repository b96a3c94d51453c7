package subnet

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Modify is ModifyCacheSubnetGroup. A list of subnets takes the place of the whole list. A subnet that has nodes has to stay.
func (h Handlers) Modify(ctx context.Context, in *sdk.ModifyCacheSubnetGroupInput) (*sdk.ModifyCacheSubnetGroupOutput, error) {
	found, err := h.find(ctx, in.SubnetIds)
	if err != nil {
		return nil, err
	}
	g, err := act.Change(ctx, h.Deps, store.SubnetGroups, act.Lower(in.CacheSubnetGroupName), func(tx store.Tx, g *subnet.Group) error {
		nodes, err := store.NodesInSubnets(tx, g.Name)
		if err != nil {
			return err
		}
		return g.Modify(subnet.Change{
			Description: in.CacheSubnetGroupDescription, SubnetIDs: in.SubnetIds, Found: found, RegionZones: cache.Zones(h.Region), Nodes: nodes,
		})
	})
	if err != nil {
		return nil, err
	}
	return &sdk.ModifyCacheSubnetGroupOutput{CacheSubnetGroup: h.render(g)}, nil
}
