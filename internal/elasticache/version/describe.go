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

// Describe is DescribeCacheEngineVersions. It lists what can be asked for: what is installed on this machine, of each release the
// newest patch; and what is served by it, and says so.
func (h Handlers) Describe(_ context.Context, in *sdk.DescribeCacheEngineVersionsInput) (*sdk.DescribeCacheEngineVersionsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	var offers []cache.Offer
	for _, o := range h.Versions.Offers() {
		if (h.Versions.Newest(o) || !aws.ToBool(in.DefaultOnly)) && matches(in.Engine, string(o.Asked.Engine)) &&
			matches(in.EngineVersion, namesOf(o)...) && matches(in.CacheParameterGroupFamily, o.Asked.Family()) && o.Asked.String() > p.After {
			offers = append(offers, o)
		}
	}
	offers, marker := act.Cut(p, offers, func(o cache.Offer) string { return o.Asked.String() })
	out := &sdk.DescribeCacheEngineVersionsOutput{Marker: marker}
	for _, o := range offers {
		out.CacheEngineVersions = append(out.CacheEngineVersions, types.CacheEngineVersion{
			CacheEngineDescription:        aws.String(engineTitle(o.Asked.Engine)),
			CacheEngineVersionDescription: aws.String(describe(o)),
			CacheParameterGroupFamily:     aws.String(o.Asked.Family()),
			Engine:                        aws.String(string(o.Asked.Engine)),
			EngineVersion:                 aws.String(o.Asked.Version),
		})
	}
	return out, nil
}

// namesOf are what an offer is found by: as it is asked for and, if it is what serves it, its patch.
func namesOf(o cache.Offer) []string {
	if o.Aliased() {
		return []string{o.Asked.Version}
	}
	return []string{o.Asked.Version, o.Build.Version}
}

func describe(o cache.Offer) string {
	if o.Aliased() {
		return fmt.Sprintf("%s version %s, served by %s", o.Asked.Engine, o.Asked.Version, o.Build)
	}
	return fmt.Sprintf("%s version %s", o.Build.Engine, o.Build.Version)
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
