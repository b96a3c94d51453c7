package store

import (
	"github.com/aikagi/aikagi/internal/cache"
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
