package subnet

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Delete is DeleteCacheSubnetGroup.
func (h Handlers) Delete(ctx context.Context, in *sdk.DeleteCacheSubnetGroupInput) (*sdk.DeleteCacheSubnetGroupOutput, error) {
	name := act.Lower(in.CacheSubnetGroupName)
	if err := subnet.CheckDelete(name); err != nil {
		return nil, err
	}
	err := act.Delete(ctx, h.Deps, store.SubnetGroups, name)
	if cache.IsKind(err, cache.KindNotFound) { // which the original says in other words here
		err = cache.ResourceErrorf(cache.KindNotFound, cache.ResourceSubnetGroup, "Cache Subnet Group %s does not exist.", name)
	}
	if err != nil {
		return nil, err
	}
	return &sdk.DeleteCacheSubnetGroupOutput{}, nil
}
