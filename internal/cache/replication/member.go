package cache

import (
	"slices"
	"time"
)

// This file has what happens to a single node that its owner treats as a cache cluster.

// AddReplica adds one replica under an id of its own, in a zone or, when that is
// empty, in one that is chosen; also while other nodes come and go. Errors are those of
// [ReplicationGroup.IncreaseReplicas]; whether the id is free, the store knows.
func (g *ReplicationGroup) AddReplica(id, zone string, tags []Tag, now time.Time) ([]Event, error) {
	id, err := ParseID(ResourceCacheCluster, id)
	if err != nil {
		return nil, err
	}
	if g.Node(id) != nil {
		return nil, ResourceErrorf(KindExists, ResourceCacheCluster, "Cache cluster %s already exists.", id)
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
// cluster; also while other nodes come and go. The errors are of [KindState], in the original's words.
//
// Source: answers quoted in rebuy-de/aws-nuke issue 289 and gruntwork-io/cloud-nuke
// issue 333.
func (g *ReplicationGroup) RemoveMember(id string, now time.Time) ([]Event, error) {
	refuse := func(format string, args ...any) ([]Event, error) {
		return nil, ResourceErrorf(KindState, ResourceCacheCluster, format, args...)
	}
	switch {
	case g.Node(id).Status == StatusCreating || g.Node(id).Status == StatusDeleting:
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
func (g *ReplicationGroup) mustTakeNodes() error {
	moving := func(n Node) bool { return n.Status == StatusCreating || n.Status == StatusDeleting }
	if g.Status == StatusModifying && g.TokenChange == "" && !g.failingOver() && slices.ContainsFunc(g.only().Nodes, moving) {
		return nil
	}
	return g.mustBeQuiet()
}
