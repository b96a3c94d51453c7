package replication

import (
	"cmp"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
)

// formerRegion is the region in the names of zones of groups that have no region: early releases created them.
const formerRegion = "local-1"

// zonesOfRegion are the names of the availability zones of the group's region. They are names only: every
// node runs on this machine. A group with Multi-AZ that names no zones is spread over them.
func (g *Group) zonesOfRegion() []string {
	return cache.Zones(cmp.Or(g.Region, formerRegion))
}

// nextZone is where a further node goes when its owner names no zone: with Multi-AZ, the zone that has the fewest nodes
// of the group.
func (g *Group) nextZone() string {
	zones := g.zonesOfRegion()
	if !g.MultiAZ {
		return zones[0]
	}
	count := g.nodesByZone()
	return slices.MinFunc(zones, func(a, b string) int { return count[a] - count[b] })
}

// nodesByZone counts the nodes that stay.
func (g *Group) nodesByZone() map[string]int {
	count := map[string]int{}
	for _, n := range g.Nodes() {
		if n.Status != cache.StatusDeleting {
			count[n.Zone]++
		}
	}
	return count
}

// zonesBeyond returns what is in zones besides one for each of the names in without,
// and reports whether all of those were there.
func zonesBeyond(zones, without []string) (rest []string, ok bool) {
	rest = slices.Clone(zones)
	for _, zone := range without {
		i := slices.Index(rest, zone)
		if i < 0 {
			return nil, false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return rest, true
}
