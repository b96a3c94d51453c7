// Package cluster has the actions of cache clusters, a file for each: of those that stand alone, and of the members of
// replication groups.
package cluster

import (
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Handlers are the actions of cache clusters.
type Handlers struct {
	act.Groups
	Versions cache.Catalogue // that can be asked for
}
