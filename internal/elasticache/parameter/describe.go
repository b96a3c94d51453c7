package parameter

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Handlers are the actions of parameter groups.
type Handlers struct{ act.Deps }

// Describe is DescribeCacheParameterGroups. The default groups are among the others.
func (h Handlers) Describe(ctx context.Context, in *sdk.DescribeCacheParameterGroupsInput) (*sdk.DescribeCacheParameterGroupsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	groups, marker, err := h.list(ctx, act.Lower(in.CacheParameterGroupName), p)
	if err != nil {
		return nil, err
	}
	out := &sdk.DescribeCacheParameterGroupsOutput{Marker: marker, CacheParameterGroups: []types.CacheParameterGroup{}}
	for _, g := range groups {
		out.CacheParameterGroups = append(out.CacheParameterGroups, *h.render(g))
	}
	return out, nil
}

func (h Handlers) list(ctx context.Context, name string, p act.Page) (groups []*parameter.Group, marker *string, err error) {
	if name != "" {
		g, err := h.read(ctx, name)
		return []*parameter.Group{g}, nil, err
	}
	err = h.Store.View(ctx, func(tx store.Tx) (err error) {
		groups, err = store.Page(tx, store.ParameterGroups, store.Range{After: p.After, Limit: p.Size + 1})
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, g := range parameter.Defaults() {
		if g.Name > p.After {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b *parameter.Group) int { return strings.Compare(a.Name, b.Name) })
	groups, marker = act.Cut(p, groups, func(g *parameter.Group) string { return g.Name })
	return groups, marker, nil
}

func (h Handlers) read(ctx context.Context, name string) (g *parameter.Group, err error) {
	err = h.Store.View(ctx, func(tx store.Tx) error {
		g, err = store.ParameterGroup(tx, name)
		return err
	})
	return g, err
}

// DescribeParameters is DescribeCacheParameters.
func (h Handlers) DescribeParameters(ctx context.Context, in *sdk.DescribeCacheParametersInput) (*sdk.DescribeCacheParametersOutput, error) {
	p, pageFault := act.ParsePage(in.Marker, in.MaxRecords)
	source, sourceFault := parameter.ParseSource(aws.ToString(in.Source))
	if err := cache.Join(pageFault, sourceFault); err != nil {
		return nil, err
	}
	var g *parameter.Group
	used := false
	err := h.Store.View(ctx, func(tx store.Tx) (err error) {
		name := act.Lower(in.CacheParameterGroupName)
		if g, err = store.ParameterGroup(tx, name); err != nil {
			return err
		}
		users, err := store.ParameterGroupUsers(tx, name)
		used = len(users) > 0
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, marker, err := page(p, g.Rows(used), source)
	if err != nil {
		return nil, err
	}
	out := &sdk.DescribeCacheParametersOutput{Marker: marker, Parameters: rows, CacheNodeTypeSpecificParameters: []types.CacheNodeTypeSpecificParameter{}}
	if p.After == "" && source != parameter.SourceUser {
		out.CacheNodeTypeSpecificParameters = nodeParameters(g.FamilyOf())
	}
	return out, nil
}

// DescribeDefaults is DescribeEngineDefaultParameters.
func (h Handlers) DescribeDefaults(_ context.Context, in *sdk.DescribeEngineDefaultParametersInput) (*sdk.DescribeEngineDefaultParametersOutput, error) {
	p, pageFault := act.ParsePage(in.Marker, in.MaxRecords)
	f, familyFault := parameter.FindFamily(aws.ToString(in.CacheParameterGroupFamily))
	if err := cache.Join(pageFault, familyFault); err != nil {
		return nil, err
	}
	rows, marker, err := page(p, parameter.Default("default."+f.Name).Rows(true), "")
	if err != nil {
		return nil, err
	}
	defaults := &types.EngineDefaults{
		CacheParameterGroupFamily: aws.String(f.Name), Marker: marker, Parameters: rows, CacheNodeTypeSpecificParameters: []types.CacheNodeTypeSpecificParameter{},
	}
	if p.After == "" {
		defaults.CacheNodeTypeSpecificParameters = nodeParameters(f)
	}
	return &sdk.DescribeEngineDefaultParametersOutput{EngineDefaults: defaults}, nil
}
