package subnet

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Create is CreateCacheSubnetGroup.
func (h Handlers) Create(ctx context.Context, in *sdk.CreateCacheSubnetGroupInput) (*sdk.CreateCacheSubnetGroupOutput, error) {
	found, err := h.find(ctx, in.SubnetIds)
	if err != nil {
		return nil, err
	}
	g, err := subnet.New(subnet.Spec{
		Name: aws.ToString(in.CacheSubnetGroupName), Description: aws.ToString(in.CacheSubnetGroupDescription), SubnetIDs: in.SubnetIds,
		Found: found, RegionZones: cache.Zones(h.Region), Tags: act.Tags(in.Tags),
	}, h.Now())
	if err != nil {
		return nil, err
	}
	err = act.Create(ctx, h.Deps, store.SubnetGroups, g, func(tx store.Tx) error {
		all, err := tx.Scan(store.SubnetGroups.Name, store.Range{})
		if err != nil {
			return err
		}
		return subnet.CheckCount(len(all))
	})
	if err != nil {
		return nil, err
	}
	return &sdk.CreateCacheSubnetGroupOutput{CacheSubnetGroup: h.render(g)}, nil
}
