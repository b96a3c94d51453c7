package parameter

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

func (h Handlers) render(g *parameter.Group) *types.CacheParameterGroup {
	return &types.CacheParameterGroup{
		ARN: h.ARN(cache.ResourceParameterGroup, g.Name), CacheParameterGroupName: aws.String(g.Name), CacheParameterGroupFamily: aws.String(g.Family),
		Description: aws.String(g.Description), IsGlobal: aws.Bool(false),
	}
}

// page renders a page of parameters: all, or those of a source.
func page(p act.Page, rows []parameter.Row, source parameter.Source) ([]types.Parameter, *string, error) {
	if source != "" {
		rows = slices.DeleteFunc(rows, func(r parameter.Row) bool { return r.Source != source })
	}
	rows, marker, err := act.Within(p, rows, func(r parameter.Row) string { return r.Name })
	if err != nil {
		return nil, nil, err
	}
	out := []types.Parameter{}
	for _, r := range rows {
		change := types.ChangeTypeImmediate
		if r.NeedsReboot {
			change = types.ChangeTypeRequiresReboot
		}
		out = append(out, types.Parameter{
			ParameterName: aws.String(r.Name), ParameterValue: r.Value, Description: aws.String(r.Description), Source: aws.String(string(r.Source)),
			DataType: aws.String(r.Type), AllowedValues: act.Optional(string(r.Allowed)), IsModifiable: aws.Bool(r.Modifiable),
			MinimumEngineVersion: aws.String(r.Since), ChangeType: change,
		})
	}
	return out, marker, nil
}

// nodeParameters have a value for each type of node.
func nodeParameters(f *parameter.Family) []types.CacheNodeTypeSpecificParameter {
	out := []types.CacheNodeTypeSpecificParameter{}
	for _, p := range f.NodeParameters() {
		one := types.CacheNodeTypeSpecificParameter{
			ParameterName: aws.String(p.Name), Description: aws.String(p.Description), Source: aws.String(string(parameter.SourceSystem)),
			DataType: aws.String(p.Type), AllowedValues: act.Optional(string(p.Allowed)), IsModifiable: aws.Bool(false),
			MinimumEngineVersion: aws.String(f.Since(&p.Parameter)), ChangeType: types.ChangeTypeRequiresReboot,
		}
		for _, nodeType := range cache.NodeTypes() {
			one.CacheNodeTypeSpecificValues = append(one.CacheNodeTypeSpecificValues, types.CacheNodeTypeSpecificValue{
				CacheNodeType: aws.String(nodeType), Value: aws.String(p.Value(nodeType)),
			})
		}
		out = append(out, one)
	}
	return out
}
