package version

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Describe is DescribeCacheEngineVersions. It lists what is installed on this machine, and nothing
// that is not: of each release, which is what can be asked for, the newest patch.
func (h Handlers) Describe(_ context.Context, in *sdk.DescribeCacheEngineVersionsInput) (*sdk.DescribeCacheEngineVersionsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	var versions []cache.EngineVersion
	for i, v := range h.Engines { // of one engine together, oldest first
		last := i+1 == len(h.Engines)
		newest := last || h.Engines[i+1].Engine != v.Engine
		newestPatch := newest || h.Engines[i+1].Release() != v.Release()
		if newestPatch && (newest || !aws.ToBool(in.DefaultOnly)) && matches(in.Engine, string(v.Engine)) &&
			matches(in.EngineVersion, v.Release(), v.Version) && matches(in.CacheParameterGroupFamily, v.Family()) && v.String() > p.After {
			versions = append(versions, v)
		}
	}
	versions, marker := act.Cut(p, versions, cache.EngineVersion.String)
	out := &sdk.DescribeCacheEngineVersionsOutput{Marker: marker}
	for _, v := range versions {
		out.CacheEngineVersions = append(out.CacheEngineVersions, types.CacheEngineVersion{
			CacheEngineDescription:        aws.String(engineTitle(v.Engine)),
			CacheEngineVersionDescription: aws.String(fmt.Sprintf("%s version %s", v.Engine, v.Version)),
			CacheParameterGroupFamily:     aws.String(v.Family()),
			Engine:                        aws.String(string(v.Engine)),
			EngineVersion:                 aws.String(v.Release()),
		})
	}
	return out, nil
}

// matches reports whether a filter is absent or is one of the values.
func matches(asked *string, values ...string) bool {
	is := func(value string) bool { return strings.EqualFold(*asked, value) }
	return aws.ToString(asked) == "" || slices.ContainsFunc(values, is)
}

func engineTitle(e cache.Engine) string {
	if e == cache.EngineValkey {
		return "Valkey"
	}
	return "Redis"
}
