package replication

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// gatedChange is a change that only nodes with a gate can carry out. An earlier release started nodes without.
type gatedChange struct {
	refusal cache.FactCode
	what    string
	surely  bool // refused as well while nothing is known of the nodes: nobody would be kept out where there is no gate
}

var (
	gatedTransit  = gatedChange{cache.FactGateless, "Encryption in transit", false}
	gatedSecurity = gatedChange{cache.FactGatelessSecurity, "The security groups", true}
)

// checkGates refuses a change while a node has no gate, or may have none.
func (g *Group) checkGates(change gatedChange, known *usage.Group) error {
	switch {
	case !g.knows(known) && (g.gated() || !change.surely):
		return nil
	case !g.knows(known):
		return cache.ResourceErrorf(cache.KindState, g.Key().Resource(), "%s of %s cannot be changed just now: its nodes could not be asked. Try again.", change.what, g.ID)
	case len(known.Gateless) > 0:
		return cache.Refuse(cache.KindCombination, "", cache.Say(change.refusal, "nodes", strings.Join(known.Gateless, ", "), "group", g.ID))
	case len(known.Missing) > 0 && !g.gated():
		return cache.ResourceErrorf(cache.KindState, g.Key().Resource(),
			"%s of %s cannot be changed just now: node %s does not answer, and may have been started by an earlier release, which cannot. "+
				"Try again when it does.", change.what, g.ID, known.Missing[0].NodeID)
	}
	return nil
}

// gated reports whether every node is known to have a gate: it was changed there, or created with what needs one.
func (g *Group) gated() bool {
	return g.Transit == cache.TransitPreferred || len(g.SecurityGroupIDs) > 0
}
