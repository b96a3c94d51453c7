package elasticache

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
)

// describeCacheEngineVersions lists what is installed on this machine, and nothing
// that is not.
func (a *API) describeCacheEngineVersions(_ context.Context, in *sdk.DescribeCacheEngineVersionsInput) (*sdk.DescribeCacheEngineVersionsOutput, error) {
	p, err := parsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	var versions []cache.EngineVersion
	for i, v := range a.Engines {
		newest := i+1 == len(a.Engines) || a.Engines[i+1].Engine != v.Engine
		if matches(in.Engine, string(v.Engine)) && matches(in.EngineVersion, v.Version) &&
			matches(in.CacheParameterGroupFamily, v.Family()) && (newest || !aws.ToBool(in.DefaultOnly)) && v.String() > p.after {
			versions = append(versions, v)
		}
	}
	versions, marker := cut(p, versions, cache.EngineVersion.String)
	out := &sdk.DescribeCacheEngineVersionsOutput{Marker: marker}
	for _, v := range versions {
		out.CacheEngineVersions = append(out.CacheEngineVersions, types.CacheEngineVersion{
			CacheEngineDescription:        aws.String(engineTitle(v.Engine)),
			CacheEngineVersionDescription: aws.String(fmt.Sprintf("%s version %s", engineTitle(v.Engine), v.Version)),
			CacheParameterGroupFamily:     aws.String(v.Family()),
			Engine:                        aws.String(string(v.Engine)),
			EngineVersion:                 aws.String(v.Version),
		})
	}
	return out, nil
}

func matches(asked *string, value string) bool {
	return aws.ToString(asked) == "" || strings.EqualFold(*asked, value)
}

func engineTitle(e cache.Engine) string {
	if e == cache.EngineValkey {
		return "Valkey"
	}
	return "Redis"
}
