package subnet

import (
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Subnet is a subnet as an EC2 API has it.
type Subnet struct{ ID, VPC, Zone string }

// place gives the group these subnets, with their VPC and zones if they were looked for at EC2. After an error the group is as it was.
func (g *Group) place(ids []string, found []Subnet) error {
	if err := CheckIDs(ids); err != nil {
		return err
	}
	vpc, zones := "", []string(nil)
	if found != nil {
		var err error
		if vpc, zones, err = locate(ids, found); err != nil {
			return err
		}
	}
	g.SubnetIDs, g.VPC, g.Zones = slices.Clone(ids), vpc, zones
	return nil
}

// locate says where subnets are. It refuses, in the original's words, those that were not found, and those of several VPCs.
//
// Source: answers quoted in floci pull request 2401.
func locate(ids []string, found []Subnet) (vpc string, zones []string, err error) {
	first, missing := "", false
	for _, id := range ids {
		i := slices.IndexFunc(found, func(s Subnet) bool { return s.ID == id })
		switch {
		case i < 0:
			missing = true
			continue
		case first == "":
			first, vpc = id, found[i].VPC
		case found[i].VPC != vpc && err == nil:
			err = cache.ResourceErrorf(cache.KindInvalid, cache.ResourceSubnet, "Subnets %s and %s are not in the same VPC.", first, id)
		}
		zones = append(zones, found[i].Zone)
	}
	if missing {
		err = cache.Errorf(cache.KindInvalid, "Some input subnets in :[%s] are invalid.", strings.Join(ids, ", "))
	}
	return vpc, zones, err
}

// VPCID is the VPC that the group's subnets are in.
func (g *Group) VPCID() string {
	if g.VPC != "" {
		return g.VPC
	}
	return VPC
}

// ZoneOf is the zone of one of the group's subnets, by its index.
func (g *Group) ZoneOf(i int, zones []string) string {
	if i < len(g.Zones) {
		return g.Zones[i]
	}
	return Zone(g.SubnetIDs[i], zones)
}
