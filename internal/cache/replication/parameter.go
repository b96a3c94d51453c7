package replication

import (
	"maps"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// ParameterChange is a change of parameters that is on its way to the nodes.
type ParameterChange struct {
	Values   map[string]string `json:"values,omitempty"`    // of parameters that were changed in the group's parameter group
	NewGroup bool              `json:"new_group,omitempty"` // the group has another parameter group
	At       time.Time         `json:"at"`                  // when the last part of it was asked for
}

// RefusedSetting is a value that a node's engine did not take. It is asked for again when it is another one, or the engine.
type RefusedSetting struct {
	Name    string              `json:"name"` // in the engine's words, or of what the engine module adds the parameter's
	Value   string              `json:"value"`
	Version cache.EngineVersion `json:"version"`
	Unknown bool                `json:"unknown,omitempty"` // it has no such setting, and may get it with the engine module
}

// Refuses reports whether the node's engine, whatever its version, did not take a value.
func (n *Node) Refuses(setting, value string) bool {
	return slices.ContainsFunc(n.Refused, func(r RefusedSetting) bool { return r.Name == setting && r.Value == value })
}

// RefusedIn are the settings that an engine of this version did not take.
func (n *Node) RefusedIn(version cache.EngineVersion) []RefusedSetting {
	var all []RefusedSetting
	for _, r := range n.Refused {
		if r.Version == version {
			all = append(all, r)
		}
	}
	return all
}

// ParametersChanged records that parameters of the group's parameter group have other values.
func (g *Group) ParametersChanged(values map[string]string, now time.Time) {
	next := ParameterChange{At: now}
	if g.Parameters != nil {
		next = *g.Parameters
		next.At = now
	}
	next.Values = maps.Clone(next.Values)
	if next.Values == nil {
		next.Values = map[string]string{}
	}
	maps.Copy(next.Values, values)
	g.Parameters = &next
}

// changeParameterGroup takes another parameter group over. That it is there, and goes with the engine, is checked where it is read.
func (g *Group) changeParameterGroup(change Change, now time.Time) {
	if change.ParameterGroup == nil {
		return
	}
	if waits := &g.Deferred.Version; waits.ParameterGroup != "" && waits.To.Asked.Family() == g.Asked().Family() {
		waits.ParameterGroup = *change.ParameterGroup // else the upgrade would bring back the one of the time at which it was asked for
	}
	if *change.ParameterGroup == g.ParameterGroup {
		return
	}
	g.ParameterGroup = *change.ParameterGroup
	g.Parameters = &ParameterChange{NewGroup: true, At: now}
}

// NoteParameters records that a change of parameters is with all nodes. One that was added to meanwhile goes on.
func (g *Group) NoteParameters(done ParameterChange, now time.Time) []cache.Event {
	if g.Parameters == nil || !g.Parameters.At.Equal(done.At) || !maps.Equal(g.Parameters.Values, done.Values) {
		return nil
	}
	events := g.tellParameters(now)
	g.Parameters = nil
	return events
}

// tellParameters tells, for each node, what has changed.
//
// Source: ElastiCache User Guide, "Event notifications", in its editions up to 2015.
func (g *Group) tellParameters(now time.Time) (events []cache.Event) {
	for _, node := range g.Nodes() {
		if g.Parameters.NewGroup {
			events = append(events, node.Event(now, "Updated to use a CacheParameterGroup "+g.ParameterGroup))
		}
		for _, name := range slices.Sorted(maps.Keys(g.Parameters.Values)) {
			events = append(events, node.Event(now, "Updated parameter "+name+" to "+g.Parameters.Values[name]))
		}
	}
	return events
}

// NoteRefused records settings that a node's engine did not take, with its words. They stay in the parameter group.
func (g *Group) NoteRefused(nodeID string, refused RefusedSetting, reason string, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || slices.Contains(node.Refused, refused) {
		return nil
	}
	node.Refused = append(slices.DeleteFunc(slices.Clone(node.Refused), func(r RefusedSetting) bool { return r.Name == refused.Name }), refused)
	return []cache.Event{node.Tell(now, cache.Say(cache.FactParameterRefused,
		"setting", refused.Name, "value", refused.Value, "engine", refused.Version, "reason", reason))}
}
