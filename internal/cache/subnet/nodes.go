package subnet

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file has what subnets are to the nodes of caches.

// Node is a node of a cache that is in the group.
type Node struct {
	ID, Zone string
	Address  netip.Addr // zero: it has none yet
}

// NodeZones are the zones that nodes of caches in the group can be in: those of its subnets, each once, in their order.
func (g *Group) NodeZones(region []string) []string {
	var zones []string
	for i := range g.SubnetIDs {
		if zone := g.ZoneOf(i, region); !slices.Contains(zones, zone) {
			zones = append(zones, zone)
		}
	}
	return zones
}

// NetworksIn are the addresses of the group's subnets of a zone, or of all where that is empty; none, if they are not known.
func (g *Group) NetworksIn(zone string) (networks []netip.Prefix) {
	for i, network := range g.Networks {
		if network.IsValid() && (zone == "" || g.Zones[i] == zone) {
			networks = append(networks, network)
		}
	}
	return networks
}

// CompareNarrow orders what is to be in one of some networks: what can be in few comes first, because the others would take away what is
// left there, and what can be anywhere, of which there are none, comes last.
func CompareNarrow(a, b []netip.Prefix) int {
	return cmp.Or(cmp.Compare(min(len(b), 1), min(len(a), 1)), cmp.Compare(len(a), len(b)))
}

// CheckZone refuses a zone that no node of a cache in the group can be in; the error is of [cache.KindState]. Where nobody was asked, the
// subnets may be in any: a configuration that names the zones of its own subnets is not to be refused by what was made up of them.
//
// Source: API reference, CreateReplicationGroup (PreferredCacheClusterAZs); the first sentence is an answer quoted in
// app-sre/qontract-reconcile pull request 3644.
func (g *Group) CheckZone(zone string) error {
	if g.VPC == "" {
		return nil
	}
	zones := g.NodeZones(nil) // EC2 tells the zone of each
	if slices.Contains(zones, zone) {
		return nil
	}
	return cache.ResourceErrorf(cache.KindState, cache.ResourceSubnetGroup,
		"No subnet is present in the cache subnet group for availability zone %s. The subnets of %s are in %s.", zone, g.Name, strings.Join(zones, ", "))
}

// checkLeft refuses a change that would take a subnet from under a node: the one that has the node's address, or the last one of its zone.
// Where nobody was asked, no node is in any of them.
//
// Source: API reference, ModifyCacheSubnetGroup, which has no text for it.
func (g *Group) checkLeft(next *Group, c Change) error {
	if g.VPC == "" {
		return nil
	}
	left := next.NodeZones(c.RegionZones)
	for i, id := range g.SubnetIDs {
		if slices.Contains(next.SubnetIDs, id) {
			continue
		}
		zone := g.ZoneOf(i, c.RegionZones)
		isIn := func(n Node) bool {
			return n.Zone == zone && !slices.Contains(left, zone) || i < len(g.Networks) && g.Networks[i].Contains(n.Address)
		}
		if n := slices.IndexFunc(c.Nodes, isIn); n >= 0 {
			return cache.ResourceErrorf(cache.KindInUse, cache.ResourceSubnet, "The subnet ID %s is in use: cache cluster %s is in %s.", id, c.Nodes[n].ID, zone)
		}
	}
	return nil
}
