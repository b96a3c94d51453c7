package load

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

// NewestVersion is what an engine's caches have unless another one is asked for.
func NewestVersion(ctx context.Context, api *elasticache.Client, engine string) (types.CacheEngineVersion, error) {
	out, err := api.DescribeCacheEngineVersions(ctx, &elasticache.DescribeCacheEngineVersionsInput{Engine: &engine, DefaultOnly: aws.Bool(true)})
	if err == nil && len(out.CacheEngineVersions) != 1 {
		err = fmt.Errorf("%d are offered", len(out.CacheEngineVersions))
	}
	if err != nil {
		return types.CacheEngineVersion{}, fmt.Errorf("newest version of %s: %w", engine, err)
	}
	return out.CacheEngineVersions[0], nil
}

// CreateParameters makes a parameter group of the family of an engine's newest version, with values that differ from its defaults.
func CreateParameters(ctx context.Context, api *elasticache.Client, name, engine string, values map[string]string) error {
	version, err := NewestVersion(ctx, api, engine)
	if err != nil {
		return err
	}
	_, err = api.CreateCacheParameterGroup(ctx, &elasticache.CreateCacheParameterGroupInput{
		CacheParameterGroupName: &name, CacheParameterGroupFamily: version.CacheParameterGroupFamily, Description: &name,
	})
	if err == nil && len(values) > 0 {
		err = SetParameters(ctx, api, name, values)
	}
	if err != nil {
		return fmt.Errorf("create parameter group %s: %w", name, err)
	}
	return nil
}

// SetParameters changes values of a parameter group.
func SetParameters(ctx context.Context, api *elasticache.Client, name string, values map[string]string) error {
	in := &elasticache.ModifyCacheParameterGroupInput{CacheParameterGroupName: &name}
	for parameter, value := range values {
		in.ParameterNameValues = append(in.ParameterNameValues, types.ParameterNameValue{ParameterName: &parameter, ParameterValue: &value})
	}
	_, err := api.ModifyCacheParameterGroup(ctx, in)
	return err
}
