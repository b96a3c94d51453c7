package parameter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Create is CreateCacheParameterGroup.
func (h Handlers) Create(ctx context.Context, in *sdk.CreateCacheParameterGroupInput) (*sdk.CreateCacheParameterGroupOutput, error) {
	g, err := parameter.New(parameter.Spec{
		Name: aws.ToString(in.CacheParameterGroupName), Family: aws.ToString(in.CacheParameterGroupFamily),
		Description: aws.ToString(in.Description), Tags: act.Tags(in.Tags),
	}, h.Now())
	if err != nil {
		return nil, err
	}
	err = act.Create(ctx, h.Deps, store.ParameterGroups, g, func(tx store.Tx) error {
		all, err := tx.Scan(store.ParameterGroups.Name, store.Range{})
		if err != nil {
			return err
		}
		return parameter.CheckCount(len(all))
	})
	if err != nil {
		return nil, err
	}
	return &sdk.CreateCacheParameterGroupOutput{CacheParameterGroup: h.render(g)}, nil
}
