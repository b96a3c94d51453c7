package replication

import (
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/security"
)

// parseSecurityGroups puts ids in order, and leaves out what is there twice: to clients they are a set.
func parseSecurityGroups(ids []string) ([]string, error) {
	all := slices.Compact(slices.Sorted(slices.Values(ids)))
	return all, security.CheckIDs(all)
}

// Admits is who may connect to the group, as far as its security groups are known. Others may be among the known.
func (g *Group) Admits(known []*security.Group) security.Admission {
	return security.Admit(g.Port, g.SecurityGroupIDs, known)
}

// changeSecurity takes other security groups over.
func (g *Group) changeSecurity(change Change, now time.Time) ([]cache.Event, error) {
	ids, err := parseSecurityGroups(change.SecurityGroupIDs)
	if err != nil || !g.changesSecurity(change) {
		return nil, err
	}
	if err := g.checkGates(gatedSecurity, change.Usage); err != nil {
		return nil, err
	}
	g.SecurityGroupIDs = ids
	return []cache.Event{g.Tell(now, cache.Say(cache.FactSecurityRequested, "group", g.ID, "ids", strings.Join(ids, ", ")))}, nil
}

func (g *Group) changesSecurity(change Change) bool {
	ids, _ := parseSecurityGroups(change.SecurityGroupIDs)
	return len(ids) > 0 && !slices.Equal(ids, g.SecurityGroupIDs)
}

// TellUnknownSecurity tells that everybody may connect, because of security groups that nothing is known of; nothing, if there are
// none.
func (g *Group) TellUnknownSecurity(admission security.Admission, now time.Time) []cache.Event {
	if len(admission.Unknown) == 0 {
		return nil
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactSecurityUnknown, "group", g.ID, "ids", strings.Join(admission.Unknown, ", ")))}
}

// NoteShutOut tells that connections to a node were closed, because security groups do not allow them any more.
func (g *Group) NoteShutOut(nodeID string, connections int, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil {
		return nil
	}
	return []cache.Event{node.Tell(now, cache.Say(cache.FactShutOut, "connections", connections))}
}

// NoteRules records which rules a node enforces.
func (g *Group) NoteRules(nodeID, rules string) []cache.Event {
	if node := g.Node(nodeID); node != nil {
		node.Rules = rules
	}
	return nil
}

// Enforces reports whether a node has taken the rules that are in force.
func (n *Node) Enforces(admission security.Admission) bool { return n.Rules == admission.Name() }

// LateRules says which nodes have not taken the rules that are in force: while one is busy, those hold there that it has. A node that is
// being created has none that could hold.
func (g *Group) LateRules(admission security.Admission) (all []cache.Saying) {
	for _, node := range g.Nodes() {
		if node.Status != cache.StatusCreating && g.Status != cache.StatusCreateFailed && !node.Enforces(admission) {
			all = append(all, cache.Say(cache.FactSecurityLate, "node", node.ID))
		}
	}
	return all
}
