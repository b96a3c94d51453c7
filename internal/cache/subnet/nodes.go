package subnet

import (
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file has what subnets are to the nodes of caches.

// Node is a node of a cache that is in the group.
type Node struct{ ID, Zone string }

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

// CheckZone refuses a zone that no node of a cache in the group can be in; the error is of [cache.KindState].
//
// Source: API reference, CreateReplicationGroup (PreferredCacheClusterAZs); the first sentence is an answer quoted in
// app-sre/qontract-reconcile pull request 3644.
func (g *Group) CheckZone(zone string, region []string) error {
	zones := g.NodeZones(region)
	if slices.Contains(zones, zone) {
		return nil
	}
	made := ""
	if g.VPC == "" {
		made = " No EC2 API was asked where they are (--ec2-endpoint), so they are spread over the zones of the region."
	}
	return cache.ResourceErrorf(cache.KindState, cache.ResourceSubnetGroup,
		"No subnet is present in the cache subnet group for availability zone %s. The subnets of %s are in %s.%s", zone, g.Name, strings.Join(zones, ", "), made)
}

// checkLeft refuses a change after which a node has no subnet any more. A node is taken to be in any of the subnets of its zone.
//
// Source: API reference, ModifyCacheSubnetGroup, which has no text for it.
func (g *Group) checkLeft(next *Group, c Change) error {
	left := next.NodeZones(c.RegionZones)
	for i, id := range g.SubnetIDs {
		zone := g.ZoneOf(i, c.RegionZones)
		if slices.Contains(next.SubnetIDs, id) || slices.Contains(left, zone) {
			continue
		}
		if n := slices.IndexFunc(c.Nodes, func(n Node) bool { return n.Zone == zone }); n >= 0 {
			return cache.ResourceErrorf(cache.KindInUse, cache.ResourceSubnet, "The subnet ID %s is in use: cache cluster %s is in %s, where the cache subnet group would have no subnet any more.",
				id, c.Nodes[n].ID, zone)
		}
	}
	return nil
}
