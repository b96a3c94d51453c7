package replication

import (
	"github.com/aikagi/aikagi/internal/cache"
)

// transition is the only place where a group's status changes.
func (g *Group) transition(to cache.Status, refusal *cache.Error, from ...cache.Status) error {
	for _, s := range from {
		if g.Status == s {
			g.Status = to
			return nil
		}
	}
	return refusal
}

// mustBeAvailable is the original's refusal of a change to a busy group.
func (g *Group) mustBeAvailable() *cache.Error {
	if g.Standalone {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceCacheCluster,
			"Cache cluster must be in available state to modify. %s is %s.", g.ID, g.Status)
	}
	return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup,
		"Replication group must be in available state to modify.")
}
