package subnet

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Subnet is a subnet as an EC2 API has it.
type Subnet struct {
	ID, VPC, Zone string
	Network       netip.Prefix // of IPv4; zero: it has none
}

// place gives the group these subnets, with their VPC and zones if they were looked for at EC2. After an error the group is as it was.
func (g *Group) place(ids []string, found []Subnet, region []string) error {
	if err := CheckIDs(ids); err != nil {
		return err
	}
	if found == nil {
		g.VPC, g.Zones, g.Networks = "", g.spread(ids, region), nil
		g.SubnetIDs = slices.Clone(ids)
		return nil
	}
	located, err := locate(ids, found)
	if err != nil {
		return err
	}
	g.SubnetIDs, g.VPC, g.Zones, g.Networks = slices.Clone(ids), located[0].VPC, nil, nil
	for _, s := range located {
		g.Zones, g.Networks = append(g.Zones, s.Zone), append(g.Networks, s.Network)
	}
	return nil
}

// spread makes up the zones of subnets that nobody was asked of. A subnet that the group had keeps its zone, so that nodes stay where they
// are; each other one gets the zone that has the fewest.
func (g *Group) spread(ids, region []string) []string {
	zones, count := make([]string, len(ids)), map[string]int{}
	for i, id := range ids {
		if had := slices.Index(g.SubnetIDs, id); had >= 0 {
			zones[i] = g.ZoneOf(had, region)
			count[zones[i]]++
		}
	}
	for i := range zones {
		if zones[i] == "" && len(region) > 0 {
			zones[i] = slices.MinFunc(region, func(a, b string) int { return count[a] - count[b] })
			count[zones[i]]++
		}
	}
	return zones
}

// locate finds subnets, in their order. It refuses, in the original's words, those that were not found, and those of several VPCs.
//
// Source: answers quoted in floci pull request 2401.
func locate(ids []string, found []Subnet) (located []Subnet, err error) {
	missing := false
	for _, id := range ids {
		i := slices.IndexFunc(found, func(s Subnet) bool { return s.ID == id })
		if i < 0 {
			missing = true
			continue
		}
		located = append(located, found[i])
		if first := located[0]; found[i].VPC != first.VPC && err == nil {
			err = cache.ResourceErrorf(cache.KindInvalid, cache.ResourceSubnet, "Subnets %s and %s are not in the same VPC.", first.ID, id)
		}
	}
	if missing {
		err = cache.Errorf(cache.KindInvalid, "Some input subnets in :[%s] are invalid.", strings.Join(ids, ", "))
	}
	return located, err
}

// VPCID is the VPC that the group's subnets are in.
func (g *Group) VPCID() string {
	if g.VPC != "" {
		return g.VPC
	}
	return VPC
}

// ZoneOf is the zone of one of the group's subnets, by its index. The subnets of early releases, and those of the default group, have
// those of the region in turn.
func (g *Group) ZoneOf(i int, region []string) string {
	if i < len(g.Zones) {
		return g.Zones[i]
	}
	return region[i%len(region)]
}
