package subnet

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Handlers are the actions of cache subnet groups.
type Handlers struct {
	act.Deps
	EC2 act.EC2 // nil: subnets of any id exist
	// NetworkTypes are those that new caches can have, whatever subnets they are in.
	NetworkTypes []cache.NetworkType
}

// find looks for subnets at EC2. It returns nil where nobody is asked: without an EC2 API, and for what is refused anyway.
func (h Handlers) find(ctx context.Context, ids []string) ([]subnet.Subnet, error) {
	if h.EC2 == nil || subnet.CheckIDs(ids) != nil {
		return nil, nil
	}
	return h.EC2.Subnets(ctx, ids)
}

// Describe is DescribeCacheSubnetGroups.
func (h Handlers) Describe(ctx context.Context, in *sdk.DescribeCacheSubnetGroupsInput) (*sdk.DescribeCacheSubnetGroupsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	groups, marker, err := act.List(ctx, h.Deps, store.SubnetGroups, act.Lower(in.CacheSubnetGroupName), p)
	if err != nil {
		return nil, err
	}
	out := &sdk.DescribeCacheSubnetGroupsOutput{Marker: marker, CacheSubnetGroups: []types.CacheSubnetGroup{}}
	for _, g := range groups {
		out.CacheSubnetGroups = append(out.CacheSubnetGroups, *h.render(g))
	}
	return out, nil
}

func (h Handlers) render(g *subnet.Group) *types.CacheSubnetGroup {
	var networks []types.NetworkType
	for _, t := range h.NetworkTypes {
		networks = append(networks, types.NetworkType(t))
	}
	out := &types.CacheSubnetGroup{
		ARN: h.ARN(cache.ResourceSubnetGroup, g.Name), CacheSubnetGroupName: aws.String(g.Name), CacheSubnetGroupDescription: aws.String(g.Description),
		SupportedNetworkTypes: networks, VpcId: aws.String(g.VPCID()),
	}
	zones := cache.Zones(h.Region)
	for i, id := range g.SubnetIDs {
		out.Subnets = append(out.Subnets, types.Subnet{
			SubnetIdentifier: aws.String(id), SubnetAvailabilityZone: &types.AvailabilityZone{Name: aws.String(g.ZoneOf(i, zones))}, SupportedNetworkTypes: networks,
		})
	}
	return out
}
