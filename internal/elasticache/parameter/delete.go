package parameter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Delete is DeleteCacheParameterGroup. The dot in the name of a default group is what the original refuses it for.
func (h Handlers) Delete(ctx context.Context, in *sdk.DeleteCacheParameterGroupInput) (*sdk.DeleteCacheParameterGroupOutput, error) {
	if err := parameter.CheckName(aws.ToString(in.CacheParameterGroupName)); err != nil {
		return nil, err
	}
	name := act.Lower(in.CacheParameterGroupName)
	err := h.Store.Update(ctx, func(tx store.UpdateTx) error { return store.DeleteParameterGroup(tx, name) })
	if err != nil {
		return nil, inOtherWords(err, "CacheParameterGroupnot found: "+name)
	}
	return &sdk.DeleteCacheParameterGroupOutput{}, nil
}

// inOtherWords says that there is no such group as the original says it in one of its actions.
//
// Source: answers quoted in floci pull request 2392.
func inOtherWords(err error, words string) error {
	if cache.IsKind(err, cache.KindNotFound) {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceParameterGroup, "%s", words)
	}
	return err
}
