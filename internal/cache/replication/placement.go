package replication

import (
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
)

// Place puts the nodes that have no zone yet, because their owner named none, into these: each into the one that has the fewest nodes of
// the group, and of several into the first. Zones are names only: every node runs on this machine.
func (g *Group) Place(zones []string) {
	for _, n := range g.Nodes() {
		if n.Zone == "" {
			count := g.nodesByZone()
			n.Zone = slices.MinFunc(zones, func(a, b string) int { return count[a] - count[b] })
		}
	}
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
