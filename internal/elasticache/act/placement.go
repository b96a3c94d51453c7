package act

import (
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// place puts the nodes that are new to a group into zones that its subnets are in. Those that it had stay where they are, wherever that is.
// Errors are those of the store, and of [cache.KindState] for a zone that has none of the subnets.
func place(tx store.Tx, d Groups, g *replication.Group, had []string) error {
	isNew := func(n *replication.Node) bool { return !slices.Contains(had, n.UID) }
	if !slices.ContainsFunc(g.Nodes(), isNew) {
		return nil
	}
	subnets, err := store.SubnetGroupOf(tx, g)
	if err != nil {
		return err
	}
	zones := cache.Zones(d.Region)
	for _, n := range g.Nodes() {
		if isNew(n) && n.Zone != "" {
			if err := subnets.CheckZone(n.Zone); err != nil {
				return err
			}
		}
	}
	g.Place(subnets.NodeZones(zones))
	return nil
}

// nodesOf are the UIDs of a group's nodes.
func nodesOf(g *replication.Group) (all []string) {
	for _, n := range g.Nodes() {
		all = append(all, n.UID)
	}
	return all
}
