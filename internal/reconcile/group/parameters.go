package group

import (
	"context"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
)

// This file brings the values of a parameter group to nodes. A node has them in its configuration when it starts, as some say how it loads its
// data, and is told of those that change. What it says itself is the proof.

// setsParameters gives a node the settings that it lacks, and notes those of somebody's choice that its engine does not know.
func (p *planner) setsParameters(node *replication.Node, o NodeObserved) bool {
	switch differ, unknown := p.lacks(node, o); {
	case len(differ) > 0:
		p.add(Step{Kind: StepParameters, NodeID: node.ID, Settings: differ, Version: o.View.Version})
	case len(unknown) > 0:
		p.add(Step{Kind: StepNoteRefused, NodeID: node.ID, Settings: unknown, Version: o.View.Version})
	default:
		return false
	}
	return true
}

// lacks compares a node that answers with its parameters, as [engine.View.Lacking] does. What its engine has refused is left out. A setting
// that was not known and is now comes with another engine module: it has not been refused.
func (p *planner) lacks(node *replication.Node, o NodeObserved) (differ, unknown []engine.Setting) {
	differ, unknown = o.View.Lacking(p.settings)
	refused := node.RefusedIn(o.View.Version)
	find := func(s engine.Setting) int {
		return slices.IndexFunc(refused, func(r replication.RefusedSetting) bool { return r.Name == s.Called() && r.Value == s.Value })
	}
	differ = slices.DeleteFunc(differ, func(s engine.Setting) bool { i := find(s); return i >= 0 && !refused[i].Unknown })
	return differ, slices.DeleteFunc(unknown, func(s engine.Setting) bool { return find(s) >= 0 })
}

// parametersArrived reports whether a change of parameters is with every node. One that is down gets it when it starts, and is
// waited for.
func parametersArrived(g *replication.Group, plans []planner) bool {
	if g.Parameters == nil || g.Status != cache.StatusAvailable {
		return false // or settling tells of it
	}
	return !slices.ContainsFunc(plans, func(p planner) bool {
		return slices.ContainsFunc(p.shard.Nodes, func(n replication.Node) bool { return !p.group.Leaving(&n) && !p.hasParameters(&n) })
	})
}

func (p *planner) hasParameters(node *replication.Node) bool {
	o := p.observed[node.ID]
	if !running(o) || !o.Serving || o.View.Loading || o.View.MaxMemory != p.parameters.MaxMemory(p.group.NodeType) {
		return false
	}
	differ, unknown := p.lacks(node, o)
	return len(differ)+len(unknown) == 0
}

// settings are those of the group's parameters.
func (s *session) settings(g *replication.Group) []engine.Setting {
	return engine.SettingsOf(s.uses.Parameters, g.NodeType)
}

// startSettings are those that a node starts with: what its engine does not take would keep it from starting.
func (s *session) startSettings(g *replication.Group, node *replication.Node) []engine.Setting {
	f := s.uses.Parameters.FamilyOf()
	return slices.DeleteFunc(s.settings(g), func(setting engine.Setting) bool {
		p := f.Parameter(setting.Name)
		return setting.Running || node.Refuses(setting.Called(), setting.Value) || p != nil && !f.Knows(p, g.Version())
	})
}

// setParameters tells a node what it lacks. What it refuses is noted, and does not keep the rest from it.
func (s *session) setParameters(ctx context.Context, w work) (note, error) {
	var refused []engine.Refusal
	err := s.withAdmin(ctx, w.node, func(admin *engine.Admin) (err error) {
		refused, err = admin.Set(ctx, w.Settings)
		return err
	})
	fault.Point(fault.ParametersSet)
	if err != nil || len(refused) == 0 {
		return nil, err
	}
	return s.noteRefused(w.Step, refused, false), nil
}

// noteUnknown is about settings that a node's engine does not have.
func (s *session) noteUnknown(step Step) note {
	refused := make([]engine.Refusal, len(step.Settings))
	for i, setting := range step.Settings {
		refused[i] = engine.Refusal{Setting: setting}
	}
	return s.noteRefused(step, refused, true)
}

func (s *session) noteRefused(step Step, refused []engine.Refusal, unknown bool) note {
	now := s.Now()
	return func(g *replication.Group) (events []cache.Event) {
		for _, r := range refused {
			setting := replication.RefusedSetting{Name: r.Called(), Value: r.Value, Version: step.Version, Unknown: unknown}
			events = append(events, g.NoteRefused(step.NodeID, setting, r.Reason, now)...)
		}
		return events
	}
}
