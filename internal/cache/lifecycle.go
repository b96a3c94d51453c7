package cache

import (
	"fmt"
	"time"
)

// Settle marks the group available once all of its nodes were proven to be what
// it says, and returns what is to be told. restored says, by node id, what a node
// came back with. A group that was settled already returns no events and is not
// changed.
func (g *ReplicationGroup) Settle(now time.Time, restored map[string]Saying) []Event {
	events := g.DropRemoved(now)
	for i := range g.NodeGroup.Nodes {
		node := &g.NodeGroup.Nodes[i]
		switch node.Status {
		case StatusCreating:
			events = append(events, node.Event(now, "Cache cluster created"),
				node.Event(now, "Added cache node "+CacheNodeID+" in availability zone "+node.Zone))
		case StatusRebooting:
			events = append(events, node.Tell(now, Say(FactNodeRestarted, "state", restored[node.ID])))
		}
		node.Status, node.Crashed, node.Fault, node.SetAside = StatusAvailable, false, nil, time.Time{}
		events = append(events, node.recovered(now)...)
	}
	g.endFailover(now)
	was := g.Status
	g.StatusReason = ""
	if g.transition(StatusAvailable, ErrNoModification, StatusCreating, StatusModifying) != nil {
		return events
	}
	switch {
	case was == StatusCreating && !g.Standalone:
		events = append(events, g.Event(now, fmt.Sprintf("Replication group %s created", g.ID)))
		if g.AutomaticFailover {
			events = append(events, g.automaticFailoverEvent(now))
		}
	case g.TokenChange != "":
		events = append(events, g.Tell(now, Say(FactTokenFinished, "strategy", g.TokenChange, "group", g.ID, "tokens", g.Tokens)))
	}
	if g.TokenChange != "" && g.PasswordlessOpen() {
		events = append(events, g.Tell(now, Say(FactPasswordless, "group", g.ID)))
	}
	g.TokenChange = ""
	return events
}

// Settled reports whether nothing is under way in the group or its nodes, and
// nothing went wrong since the last Settle.
func (g *ReplicationGroup) Settled() bool {
	for _, n := range g.NodeGroup.Nodes {
		if n.Status != StatusAvailable {
			return false
		}
	}
	return g.Status == StatusAvailable && g.StatusReason == "" && g.NodeGroup.Failover == nil && len(g.NodeGroup.Taken) == 0
}

// FailCreate gives a creation up. The reason is shown to the owner, who can
// delete the group.
func (g *ReplicationGroup) FailCreate(reason string, now time.Time) ([]Event, error) {
	if err := g.transition(StatusCreateFailed, g.mustBeAvailable(), StatusCreating); err != nil {
		return nil, err
	}
	g.StatusReason, g.NodeGroup.Taken = reason, nil
	for i := range g.NodeGroup.Nodes {
		g.NodeGroup.Nodes[i].Status = StatusCreateFailed
	}
	return []Event{g.Tell(now, Say(FactCreationFailed, "group", g.ID, "reason", reason))}, nil
}

// Delete begins the end of the group. It is refused while something is under way, but for
// a guided rotation, which waits most of its time and ends with the group.
func (g *ReplicationGroup) Delete(now time.Time) ([]Event, error) {
	resource, kind, deleting := ResourceReplicationGroup, "Replication group", FactGroupDeleting
	if g.Standalone {
		resource, kind, deleting = ResourceCacheCluster, "Cache cluster", FactClusterDeleting
	}
	refusal := ResourceErrorf(KindState, resource, "%s %s is %s; it can be deleted when it is available.", kind, g.ID, g.Status)
	if err := g.transition(StatusDeleting, refusal, StatusAvailable, StatusCreateFailed); err != nil {
		return nil, err
	}
	for i := range g.NodeGroup.Nodes {
		g.NodeGroup.Nodes[i].Status = StatusDeleting
	}
	g.RotationSchedule = nil // nothing of it is to be told any more
	events := g.FailRotation(Say(FactGroupDeleted), now)
	return append(events, g.Tell(now, Say(deleting, "group", g.ID))), nil
}

// Reboot asks for a new process for one node. The data is saved before and loaded
// after. A primary with automatic failover hands its role over first, and comes back
// as a replica. (The original reboots it in place, and writes fail meanwhile.)
func (g *ReplicationGroup) Reboot(nodeID string, now time.Time) ([]Event, error) {
	node := g.Node(nodeID)
	if node == nil {
		return nil, ResourceErrorf(KindNotFound, ResourceCacheCluster, "CacheCluster not found: %s", nodeID)
	}
	if g.Status != StatusAvailable || node.Status != StatusAvailable {
		return nil, ResourceErrorf(KindState, ResourceCacheCluster, "Cache cluster %s is %s; it can be rebooted when it is available.", nodeID, node.Status)
	}
	if g.NodeGroup.Failover != nil {
		return nil, ResourceErrorf(KindState, ResourceCacheCluster, "A failover of replication group %s is under way; its nodes can be rebooted when it is over.", g.ID)
	}
	if g.AutomaticFailover && nodeID == g.NodeGroup.PrimaryID && len(g.NodeGroup.Nodes) > 1 {
		g.newFailover(CauseReboot, now)
	}
	node.Status = StatusRebooting
	node.Incarnation++
	return []Event{node.Tell(now, Say(FactNodeRebooting))}, nil
}

// NoteCrash records that a node's process ended though nobody asked it to, and that it is to be
// restarted in its role.
func (g *ReplicationGroup) NoteCrash(nodeID string, reason Saying, now time.Time) []Event {
	events := g.noteCrash(nodeID, reason, now)
	if len(events) > 0 {
		events = append(events, g.Node(nodeID).recover(now)...)
	}
	return events
}

func (g *ReplicationGroup) noteCrash(nodeID string, reason Saying, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || node.Crashed || node.Status == StatusCreating || node.Status == StatusDeleting {
		return nil
	}
	node.Crashed, node.Status = true, StatusRebooting
	return []Event{node.Tell(now, Say(FactNodeEnded, "reason", reason))}
}

// NoteSaving records whether a node can write its snapshots; it serves either way.
func (g *ReplicationGroup) NoteSaving(nodeID string, failed bool, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || node.CannotSave == failed {
		return nil
	}
	node.CannotSave = failed
	if failed {
		return []Event{node.Tell(now, Say(FactCannotSave))}
	}
	return []Event{node.Tell(now, Say(FactSavesAgain))}
}

// Lateness is how far a replica is behind its primary.
type Lateness struct {
	Age   time.Duration // of the oldest write that it does not have, at least
	Bytes int64         // of writes, about
}

// NoteBehind records that a replica is too late to be read.
func (g *ReplicationGroup) NoteBehind(nodeID string, by Lateness, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || node.Behind() || nodeID == g.NodeGroup.PrimaryID || node.Status == StatusDeleting {
		return nil
	}
	node.BehindSince = now
	return []Event{node.Tell(now, Say(FactReplicaBehind, "node", nodeID, "time", by.Age.Truncate(time.Second), "n", by.Bytes))}
}

// NoteCaughtUp records that a replica which was too late can be read again, or is a replica no more.
func (g *ReplicationGroup) NoteCaughtUp(nodeID string, now time.Time) []Event {
	node := g.Node(nodeID)
	if node == nil || !node.Behind() {
		return nil
	}
	took := max(time.Second, now.Sub(node.BehindSince).Round(time.Second)) // a clock may step back
	node.BehindSince = time.Time{}
	if nodeID == g.NodeGroup.PrimaryID {
		return nil // the failover is told of
	}
	return []Event{node.Tell(now, Say(FactReplicaCaughtUp, "node", nodeID, "time", took))}
}

// Succeed gives the group another version of its engine, for when its own is not
// installed any more. Nodes that run go on; each takes it with its next start.
func (g *ReplicationGroup) Succeed(version EngineVersion, now time.Time) []Event {
	successor := Say(FactVersionSucceeds, "old", g.Version(), "new", version)
	g.EngineVersion, g.ParameterGroup = version.Version, version.DefaultParameterGroup()
	return []Event{g.Tell(now, successor)}
}

// Pause records that the group's processes are about to be stopped on purpose, so
// that the next start does not take them for crashed.
func (g *ReplicationGroup) Pause() {
	for i := range g.NodeGroup.Nodes {
		if node := &g.NodeGroup.Nodes[i]; node.Status == StatusAvailable {
			node.Status = StatusRebooting
		}
	}
}

// RemoveNotice is the event to be told when the last of the group is gone.
func (g *ReplicationGroup) RemoveNotice(now time.Time) Event {
	if g.Standalone {
		return g.Event(now, "Cache cluster deleted")
	}
	return g.Event(now, fmt.Sprintf("Replication group %s deleted", g.ID))
}

// EnterWindow carries out what waited for the maintenance window. It reports
// whether there was anything.
func (g *ReplicationGroup) EnterWindow(now time.Time) bool {
	if g.Deferred == (DeferredChanges{}) || !InMaintenanceWindow(g.MaintenanceWindow, now) {
		return false
	}
	if g.transition(StatusModifying, g.mustBeAvailable(), StatusAvailable) != nil {
		return false
	}
	g.NodeType, g.Deferred.NodeType = g.Deferred.NodeType, ""
	return true
}

// ChangeTags changes the tags of the group, and with them those of its nodes, as
// the original does; or, with the id of a member, those of that node alone.
func (g *ReplicationGroup) ChangeTags(id string, change func(Tags) (Tags, error)) error {
	if g.Status != StatusAvailable {
		return ResourceErrorf(KindState, ResourceReplicationGroup, "Cluster not in available state to perform tagging operations.")
	}
	nodes := g.NodeGroup.Nodes
	next := make([]Tags, len(nodes))
	for i := range nodes {
		if id != g.ID && id != nodes[i].ID {
			next[i] = nodes[i].Tags
			continue
		}
		tags, err := change(nodes[i].Tags)
		switch {
		case err == nil:
			next[i] = tags
		case id == g.ID:
			next[i] = nodes[i].Tags // its own tags may differ; the group's decide
		default:
			return err
		}
	}
	if id == g.ID {
		tags, err := change(g.Tags)
		if err != nil {
			return err
		}
		g.Tags = tags
	}
	for i := range nodes {
		nodes[i].Tags = next[i]
	}
	return nil
}

// TagsOf returns the tags of the group, or of the member of that id.
func (g *ReplicationGroup) TagsOf(id string) Tags {
	if node := g.Node(id); node != nil && id != g.ID {
		return node.Tags
	}
	return g.Tags
}

// PasswordlessOpen reports whether clients without a token are accepted although
// the group has a token, which its owner may have forgotten.
func (g *ReplicationGroup) PasswordlessOpen() bool {
	return g.Tokens.Passwordless() && len(g.Tokens.Tokens()) > 0
}
