package replication

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file has what happens to a single node that its owner treats as a cache cluster.

// AddReplica adds one replica under an id of its own, in a zone or, when that is
// empty, in one that [Group.Place] chooses; also while other nodes come and go. Errors are those of
// [Group.IncreaseReplicas]; whether the id is free, the store knows.
func (g *Group) AddReplica(id, zone string, tags []cache.Tag, now time.Time) ([]cache.Event, error) {
	id, err := cache.ParseID(cache.ResourceCacheCluster, id)
	if err != nil {
		return nil, err
	}
	if g.Node(id) != nil {
		return nil, cache.ResourceErrorf(cache.KindExists, cache.ResourceCacheCluster, "Cache cluster %s already exists.", id)
	}
	if err := g.mustTakeNodes(); err != nil {
		return nil, err
	}
	all, err := g.Tags.With(tags)
	if err != nil {
		return nil, err
	}
	return g.addReplicas([]string{id}, []string{zone}, all, now)
}

// RemoveMember begins to remove the node of a group that its owner deletes as a cache
// cluster; also while other nodes come and go. The errors are of [cache.KindState], in the original's words.
//
// Source: answers quoted in rebuy-de/aws-nuke issue 289 and gruntwork-io/cloud-nuke
// issue 333.
func (g *Group) RemoveMember(id string, now time.Time) ([]cache.Event, error) {
	refuse := func(format string, args ...any) ([]cache.Event, error) {
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceCacheCluster, format, args...)
	}
	switch {
	case g.Node(id).Status == cache.StatusCreating || g.Node(id).Status == cache.StatusDeleting:
		return refuse("Cache cluster %s is not in a valid state to be deleted.", id)
	case len(g.only().Nodes) == 1:
		return refuse("Cannot delete the cache cluster since it is the only member of a replication group. Delete the replication group instead.")
	case id == g.only().PrimaryID:
		return refuse("Cache cluster %s is serving as primary for replication group %s and cannot be deleted. "+
			"To delete the entire replication group, use DeleteReplicationGroup.", id, g.ID)
	case g.AutomaticFailover && g.replicasBut([]string{id}) == 0:
		return refuse("Cannot delete the cache cluster because it is the only read replica for replication group %s which has autofailover "+
			"enabled or pending. You can disable autofailover and then delete this cache cluster. Alternatively, to delete the entire "+
			"replication group, use DeleteReplicationGroup.", g.ID)
	}
	if err := g.mustTakeNodes(); err != nil {
		return nil, err
	}
	return g.removeReplicas([]string{id}, now)
}

// mustTakeNodes refuses to add or remove one node while anything is under way in the group but other nodes that come
// and go. Tools that know nothing of groups create several cache clusters at once, and delete them so.
func (g *Group) mustTakeNodes() error {
	moving := func(n Node) bool { return n.Status == cache.StatusCreating || n.Status == cache.StatusDeleting }
	changes := g.TokenChange != "" || g.Move != nil && g.Move.State != MoveOpen
	if g.Status == cache.StatusModifying && !changes && !g.failingOver() && slices.ContainsFunc(g.only().Nodes, moving) {
		return nil
	}
	return g.mustBeQuiet()
}
