package replication

import (
	"fmt"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Settle marks the group available once all of its nodes were proven to be what
// it says, and returns what is to be told. restored says, by node id, what a node
// came back with. A group that was settled already returns no events and is not
// changed.
func (g *Group) Settle(now time.Time, restored map[string]cache.Saying) []cache.Event {
	events := g.DropRemoved(now)
	for _, node := range g.Nodes() {
		switch node.Status {
		case cache.StatusCreating:
			events = append(events, node.Event(now, "Cache cluster created"),
				node.Event(now, "Added cache node "+cache.CacheNodeID+" in availability zone "+node.Zone))
		case cache.StatusRebooting:
			events = append(events, node.Tell(now, cache.Say(cache.FactNodeRestarted, "state", restored[node.ID])))
		}
		node.Status, node.Crashed, node.Fault, node.SetAside = cache.StatusAvailable, false, nil, time.Time{}
		events = append(events, node.recovered(now)...)
	}
	g.endFailovers(now)
	was := g.Status
	g.StatusReason = ""
	if g.transition(cache.StatusAvailable, cache.ErrNoModification, cache.StatusCreating, cache.StatusModifying) != nil {
		return events
	}
	if was == cache.StatusCreating {
		events = append(events, g.tellAlias(now)...)
	}
	switch {
	case was == cache.StatusCreating && !g.Standalone:
		events = append(events, g.Event(now, fmt.Sprintf("Replication group %s created", g.ID)))
		if g.AutomaticFailover {
			events = append(events, g.automaticFailoverEvent(now))
		}
	case g.TokenChange != "" && !g.Tokens.Empty():
		events = append(events, g.Tell(now, cache.Say(cache.FactTokenFinished, "strategy", g.TokenChange, "group", g.ID, "tokens", g.Tokens)))
	}
	events = append(events, g.settleTransit(now)...)
	events = append(events, g.settleUsers(now)...)
	if g.Parameters != nil {
		events = append(events, g.NoteParameters(*g.Parameters, now)...)
	}
	events = append(events, g.settleUpgrade(now)...)
	events = append(events, g.settleMove(now)...)
	if g.TokenChange != "" && g.PasswordlessOpen() {
		events = append(events, g.Tell(now, cache.Say(cache.FactPasswordless, "group", g.ID)))
	}
	g.TokenChange = ""
	return events
}

// Settled reports whether nothing is under way in the group or its nodes, and
// nothing went wrong since the last Settle.
func (g *Group) Settled() bool {
	for _, n := range g.Nodes() {
		if n.Status != cache.StatusAvailable {
			return false
		}
	}
	return g.Status == cache.StatusAvailable && g.StatusReason == "" && !g.failingOver() && len(g.Taken) == 0
}

// FailCreate gives a creation up. The reason is shown to the owner, who can
// delete the group.
func (g *Group) FailCreate(reason string, now time.Time) ([]cache.Event, error) {
	if err := g.transition(cache.StatusCreateFailed, g.mustBeAvailable(), cache.StatusCreating); err != nil {
		return nil, err
	}
	g.StatusReason, g.Taken = reason, nil
	for _, node := range g.Nodes() {
		node.Status = cache.StatusCreateFailed
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactCreationFailed, "group", g.ID, "reason", reason))}, nil
}

// Delete begins the end of the group. It is refused while anything is under way except a guided rotation, which spends
// most of its time waiting and ends with the group.
func (g *Group) Delete(now time.Time) ([]cache.Event, error) {
	resource, kind, deleting := cache.ResourceReplicationGroup, "Replication group", cache.FactGroupDeleting
	if g.Standalone {
		resource, kind, deleting = cache.ResourceCacheCluster, "Cache cluster", cache.FactClusterDeleting
	}
	refusal := cache.ResourceErrorf(cache.KindState, resource, "%s %s is %s; it can be deleted when it is available.", kind, g.ID, g.Status)
	if err := g.transition(cache.StatusDeleting, refusal, cache.StatusAvailable, cache.StatusCreateFailed); err != nil {
		return nil, err
	}
	for _, node := range g.Nodes() {
		node.Status = cache.StatusDeleting
	}
	g.RotationSchedule = nil // nothing of it is to be told any more
	events := g.FailRotation(cache.Say(cache.FactGroupDeleted), now)
	return append(events, g.Tell(now, cache.Say(deleting, "group", g.ID))), nil
}

// Reboot asks for a new process for one node. The data is saved before and loaded
// after. A primary with automatic failover hands its role over first, and comes back
// as a replica. (The original reboots it in place, and writes fail meanwhile.)
func (g *Group) Reboot(nodeID string, now time.Time) ([]cache.Event, error) {
	node := g.Node(nodeID)
	if node == nil {
		return nil, cache.ResourceErrorf(cache.KindNotFound, cache.ResourceCacheCluster, "CacheCluster not found: %s", nodeID)
	}
	if g.Status != cache.StatusAvailable || node.Status != cache.StatusAvailable {
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceCacheCluster, "Cache cluster %s is %s; it can be rebooted when it is available.", nodeID, node.Status)
	}
	shard := g.ShardOf(nodeID)
	if shard.Failover != nil {
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceCacheCluster, "A failover of replication group %s is under way; its nodes can be rebooted when it is over.", g.ID)
	}
	if g.AutomaticFailover && nodeID == shard.PrimaryID && len(shard.Nodes) > 1 {
		g.newFailover(shard, CauseReboot, now)
	}
	node.Status = cache.StatusRebooting
	node.Incarnation++
	return []cache.Event{node.Tell(now, cache.Say(cache.FactNodeRebooting))}, nil
}

// Pause records that the group's processes are about to be stopped on purpose, so
// that the next start does not take them for crashed.
func (g *Group) Pause() {
	for _, node := range g.Nodes() {
		if node.Status == cache.StatusAvailable {
			node.Status = cache.StatusRebooting
		}
	}
}

// RemoveNotice is the event to be told when the last of the group is gone.
func (g *Group) RemoveNotice(now time.Time) cache.Event {
	if g.Standalone {
		return g.Event(now, "Cache cluster deleted")
	}
	return g.Event(now, fmt.Sprintf("Replication group %s deleted", g.ID))
}

// PasswordlessOpen reports whether clients without a token are accepted although
// the group has a token, which its owner may have forgotten.
func (g *Group) PasswordlessOpen() bool {
	return g.Tokens.Passwordless() && len(g.Tokens.Tokens()) > 0
}
