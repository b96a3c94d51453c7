package parameter

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/store"
)

// Modify is ModifyCacheParameterGroup.
func (h Handlers) Modify(ctx context.Context, in *sdk.ModifyCacheParameterGroupInput) (*sdk.ModifyCacheParameterGroupOutput, error) {
	settings := make([]parameter.Setting, len(in.ParameterNameValues))
	for i, v := range in.ParameterNameValues {
		settings[i] = parameter.Setting{Name: aws.ToString(v.ParameterName), Value: aws.ToString(v.ParameterValue)}
	}
	g, err := h.change(ctx, act.Lower(in.CacheParameterGroupName), func(g *parameter.Group, used bool) error {
		return g.Modify(settings, used)
	})
	if err != nil {
		return nil, err
	}
	return &sdk.ModifyCacheParameterGroupOutput{CacheParameterGroupName: aws.String(g.Name)}, nil
}

// Reset is ResetCacheParameterGroup. Values that are given are ignored.
func (h Handlers) Reset(ctx context.Context, in *sdk.ResetCacheParameterGroupInput) (*sdk.ResetCacheParameterGroupOutput, error) {
	g, err := h.change(ctx, act.Lower(in.CacheParameterGroupName), func(g *parameter.Group, used bool) error {
		return g.Reset(aws.ToBool(in.ResetAllParameters), names(in.ParameterNameValues), used)
	})
	if err != nil {
		return nil, err
	}
	return &sdk.ResetCacheParameterGroupOutput{CacheParameterGroupName: aws.String(g.Name)}, nil
}

func names(values []types.ParameterNameValue) (all []string) {
	for _, v := range values {
		all = append(all, aws.ToString(v.ParameterName))
	}
	return all
}

// change changes a group, and writes to all caches that use it that they have other parameters, in one transaction: so whoever reads
// one of them has the values and knows whether they have come true, and its reconciler hears of it.
func (h Handlers) change(ctx context.Context, name string, fn func(g *parameter.Group, used bool) error) (g *parameter.Group, err error) {
	err = h.Store.Update(ctx, func(tx store.UpdateTx) error {
		if g, err = store.ParameterGroup(tx, name); err != nil {
			return inOtherWords(err, "CacheParameterGroup not found: "+name)
		}
		keys, err := store.ParameterGroupUsers(tx, name)
		if err != nil {
			return err
		}
		before := *g
		if err := fn(g, len(keys) > 0); err != nil {
			return err
		}
		if maps.Equal(g.Values, before.Values) {
			return nil
		}
		if err := store.Put(tx, store.ParameterGroups, g); err != nil {
			return err
		}
		changed := g.Changes(&before)
		if len(changed) == 0 {
			return nil // set to what it was
		}
		users, err := store.Some(tx, store.Groups, keys...)
		if err != nil {
			return err
		}
		for _, user := range users {
			if user.ParameterGroup != name {
				continue // it is to have the group later, or had it before
			}
			user.ParametersChanged(changed, h.Now())
			if err := store.PutGroup(tx, user); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		fault.Point(fault.ParametersWritten)
	}
	return g, err
}
