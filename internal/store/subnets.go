package store

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
)

// SubnetGroups are the cache subnet groups.
var SubnetGroups = Kind[string, subnet.Group]{
	Name:     "subnet-group",
	ID:       func(g *subnet.Group) string { return g.Name },
	Revision: func(g *subnet.Group) *int64 { return &g.Revision },
	Version:  1,
	Missing: func(name string) error {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceSubnetGroup, "Cache subnet group %s not found.", name)
	},
	Exists: func(name string) error {
		return cache.ResourceErrorf(cache.KindExists, cache.ResourceSubnetGroup, "Cache subnet group %s already exists.", name)
	},
	InUse: func(name string, by Ref) error {
		return cache.ResourceErrorf(cache.KindInUse, cache.ResourceSubnetGroup, "Cache subnet group %s is in use by %s.", name, cache.Key(by.ID).ID())
	},
}

// SubnetGroupOf returns the subnet group that a group of caches is in. The error is that of [PutGroup] if it is not there.
func SubnetGroupOf(tx Tx, g *replication.Group) (*subnet.Group, error) {
	name := cmp.Or(g.SubnetGroup, subnet.DefaultName)
	found, err := Some(tx, SubnetGroups, name)
	switch {
	case err != nil:
		return nil, err
	case len(found) > 0:
		return found[0], nil
	case name == subnet.DefaultName: // it is not always kept
		return subnet.Default(time.Time{}), nil
	}
	return nil, groupDangling(Ref{SubnetGroups.Name, name})
}

// NodesInSubnets returns the nodes of caches that are in a subnet group.
func NodesInSubnets(tx Tx, name string) (nodes []subnet.Node, err error) {
	groups, err := Page(tx, Groups, Range{})
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if cmp.Or(g.SubnetGroup, subnet.DefaultName) != name {
			continue
		}
		for _, n := range g.Nodes() {
			nodes = append(nodes, subnet.Node{ID: n.ID, Zone: n.Zone, Address: n.Address.Addr()})
		}
	}
	return nodes, nil
}

// NetworksOfPlaces returns, for each place of a group that waits for an address of the pool, the networks of the subnets that this is to be
// in: of a node those of its zone, of an endpoint all. None for those of which EC2 was not asked.
func NetworksOfPlaces(tx Tx, g *replication.Group) (map[replication.Place][]netip.Prefix, error) {
	waiting := slices.DeleteFunc(g.Unaddressed(), func(p replication.Place) bool { return !g.WantsPool(p) })
	if len(waiting) == 0 {
		return nil, nil
	}
	subnets, err := SubnetGroupOf(tx, g)
	if err != nil {
		return nil, err
	}
	networks := map[replication.Place][]netip.Prefix{}
	for _, p := range waiting {
		if all := subnets.NetworksIn(g.ZoneOf(p)); len(all) > 0 {
			networks[p] = all
		}
	}
	return networks, nil
}
