package replication

import (
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Refusals of scaling, in the original's words.
//
// Source: answers quoted in hashicorp/terraform-provider-aws issue 24244 and pull
// request 34819, and in rebuy-de/aws-nuke issue 289.
var (
	errLastReplicaMultiAZ   = cache.Errorf(cache.KindInvalid, "Must have at least 1 replica for Multi-AZ enabled Replication Group")
	errLastReplicaAutomatic = cache.Errorf(cache.KindInvalid, "Must have at least 1 replica when cluster mode is disabled with auto failover enabled.")
)

// IncreaseReplicas adds replicas until there are count of them. zones are those of
// all nodes, the primary included, in any order; empty means that [Group.Place] chooses them.
// Errors: [cache.KindState] unless the group is available and no failover is under way,
// [cache.KindNoOperation], [cache.KindInvalid], [cache.KindCombination], [cache.KindQuota].
func (g *Group) IncreaseReplicas(count int, zones []string, now time.Time) ([]cache.Event, error) {
	if err := g.mustScale(count, zones); err != nil {
		return nil, err
	}
	have := len(g.only().Replicas())
	if count < have {
		return nil, cache.Errorf(cache.KindInvalid, "Replication group %s has %d replicas already; the new count must be greater.", g.ID, have)
	}
	add := make([]string, count-have)
	if len(zones) > 0 {
		ok := false
		if add, ok = zonesBeyond(zones, g.zones()); !ok {
			return nil, cache.Errorf(cache.KindCombination, "The availability zones of the nodes that replication group %s has (%s) must be among the given ones.",
				g.ID, strings.Join(g.zones(), ", "))
		}
	}
	return g.AddReplicas(add, now)
}

// AddReplicas adds a replica for each of the zones; an empty one is for [Group.Place] to choose. The new
// nodes take the lowest numbers that are free. They have no addresses
// yet; see [Group.Unaddressed]. Errors are those of
// [Group.IncreaseReplicas].
func (g *Group) AddReplicas(zones []string, now time.Time) ([]cache.Event, error) {
	if err := g.mustBeQuiet(); err != nil {
		return nil, err
	}
	ids := make([]string, len(zones))
	for i, n := 0, 1; i < len(ids); n++ {
		if id := cache.MemberID(g.ID, n); g.Node(id) == nil {
			ids[i] = id
			i++
		}
	}
	return g.addReplicas(ids, zones, g.Tags, now)
}

func (g *Group) addReplicas(ids, zones []string, tags cache.Tags, now time.Time) ([]cache.Event, error) {
	if len(g.only().Replicas())+len(ids) > ReplicasMax {
		return nil, cache.ResourceErrorf(cache.KindQuota, cache.ResourceReplicationGroup, "A replication group can have at most %d replicas.", ReplicasMax)
	}
	if err := cache.CheckZones(slices.DeleteFunc(slices.Clone(zones), func(z string) bool { return z == "" })); err != nil {
		return nil, err
	}
	if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable, cache.StatusModifying); err != nil {
		return nil, err
	}
	for i, id := range ids {
		g.only().addNode(id, zones[i], tags, now)
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactAdding, "nodes", strings.Join(ids, ", "), "group", g.ID))}, nil
}

// DecreaseReplicas removes replicas until there are count of them: those of the given
// ids or, without ids, those that leave the given zones (of all nodes that stay, the
// primary included) or, without either, from the zones with the most nodes, and of
// the highest number first. Errors are those of [Group.IncreaseReplicas].
func (g *Group) DecreaseReplicas(count int, zones, ids []string, now time.Time) ([]cache.Event, error) {
	if err := g.mustScale(count, zones); err != nil {
		return nil, err
	}
	have := len(g.only().Replicas())
	remove := have - count
	switch {
	case remove < 0:
		return nil, cache.Errorf(cache.KindInvalid, "Replication group %s has %d replicas; the new count must be smaller.", g.ID, have)
	case len(ids) > 0 && len(ids) != remove:
		return nil, cache.Errorf(cache.KindCombination, "%d replicas to remove were given; to go from %d to %d takes %d.", len(ids), have, count, remove)
	case len(ids) == 0:
		var err error
		if ids, err = g.spareReplicas(remove, zones); err != nil {
			return nil, err
		}
	}
	return g.RemoveReplicas(ids, now)
}

// RemoveReplicas begins to remove the replicas of the given ids. They stay in the
// group, with [cache.StatusDeleting], until [Group.DropRemoved]. Errors are those
// of [Group.IncreaseReplicas].
func (g *Group) RemoveReplicas(ids []string, now time.Time) ([]cache.Event, error) {
	if err := g.mustBeQuiet(); err != nil {
		return nil, err
	}
	return g.removeReplicas(ids, now)
}

func (g *Group) removeReplicas(ids []string, now time.Time) ([]cache.Event, error) {
	for i, id := range ids {
		switch {
		case g.Node(id) == nil:
			return nil, cache.Errorf(cache.KindInvalid, "Cache cluster %s is not part of replication group %s.", id, g.ID)
		case id == g.only().PrimaryID:
			return nil, cache.Errorf(cache.KindInvalid, "Cache cluster %s is serving as primary for replication group %s and cannot be removed.", id, g.ID)
		case slices.Contains(ids[:i], id):
			return nil, cache.Errorf(cache.KindInvalid, "Cache cluster %s is named twice.", id)
		}
	}
	if g.replicasBut(ids) == 0 {
		switch {
		case g.MultiAZ:
			return nil, errLastReplicaMultiAZ
		case g.AutomaticFailover:
			return nil, errLastReplicaAutomatic
		}
	}
	if err := g.transition(cache.StatusModifying, g.mustBeAvailable(), cache.StatusAvailable, cache.StatusModifying); err != nil {
		return nil, err
	}
	for _, id := range ids {
		g.Node(id).Status = cache.StatusDeleting
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactRemoving, "nodes", strings.Join(ids, ", "), "group", g.ID))}, nil
}

// replicasBut counts the replicas that can take over, now and when those of the given ids are gone.
func (g *Group) replicasBut(ids []string) int {
	count := 0
	for _, n := range g.only().Replicas() {
		if n.Status != cache.StatusCreating && !g.Leaving(n) && !slices.Contains(ids, n.ID) {
			count++
		}
	}
	return count
}

// DropRemoved takes the nodes that are gone out of the group, and with them their
// addresses. It is for when the nodes of a modifying group that have
// [cache.StatusDeleting] were proven to be gone.
func (g *Group) DropRemoved(now time.Time) []cache.Event {
	var events []cache.Event
	for i := range g.Shards {
		shard := &g.Shards[i]
		var stay []Node
		for j := range shard.Nodes {
			if n := &shard.Nodes[j]; g.Leaving(n) {
				events = append(events, n.Event(now, "Cache cluster deleted"))
			} else {
				stay = append(stay, *n)
			}
		}
		shard.Nodes = stay
	}
	return events
}

// mustScale checks what is asked of the number of replicas.
func (g *Group) mustScale(count int, zones []string) error {
	if err := g.mustBeQuiet(); err != nil {
		return err
	}
	switch {
	case count < 0:
		return cache.Errorf(cache.KindInvalid, "The number of replicas must be between 0 and %d.", ReplicasMax)
	case count > ReplicasMax:
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceReplicationGroup, "A replication group can have at most %d replicas.", ReplicasMax)
	case len(zones) > 0 && len(zones) != count+1:
		return cache.Errorf(cache.KindCombination, "%d availability zones were given for %d nodes.", len(zones), count+1)
	case count == len(g.only().Replicas()):
		return cache.ResourceErrorf(cache.KindNoOperation, cache.ResourceReplicationGroup, "Replication group %s has %d replicas already.", g.ID, count)
	}
	return nil
}

// mustBeQuiet refuses to scale a group in which something is under way: a failover,
// too, for it decides which nodes are the replicas.
func (g *Group) mustBeQuiet() error {
	switch {
	case g.Status != cache.StatusAvailable:
		return g.mustBeAvailable()
	case g.failingOver():
		return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "A failover of replication group %s is under way.", g.ID)
	}
	return nil
}

// spareReplicas chooses replicas to remove.
func (g *Group) spareReplicas(count int, stay []string) ([]string, error) {
	left := g.only().Replicas()
	slices.SortFunc(left, func(a, b *Node) int { return strings.Compare(b.ID, a.ID) })
	in := g.nodesByZone()
	leave, ok := zonesBeyond(g.zones(), stay)
	if !ok {
		return nil, cache.Errorf(cache.KindCombination, "The given availability zones must be among those of the nodes that replication group %s has: %s.",
			g.ID, strings.Join(g.zones(), ", "))
	}
	var ids []string
	for range count {
		best := -1
		for i, n := range left {
			allowed := len(stay) == 0 || slices.Contains(leave, n.Zone)
			if allowed && (best < 0 || in[n.Zone] > in[left[best].Zone]) {
				best = i
			}
		}
		if best < 0 {
			return nil, cache.Errorf(cache.KindCombination, "The given availability zones leave none for the primary node %s.", g.only().PrimaryID)
		}
		zone := left[best].Zone
		ids, left = append(ids, left[best].ID), slices.Delete(left, best, best+1)
		in[zone]--
		leave, _ = zonesBeyond(leave, []string{zone})
	}
	return ids, nil
}

// zones are those of the group's nodes, in order.
func (g *Group) zones() []string {
	var zones []string
	for _, n := range g.Nodes() {
		zones = append(zones, n.Zone)
	}
	return zones
}
