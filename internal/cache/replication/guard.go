package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// UsageWanted reports whether nodes should be asked, before a change is decided, who uses the credential that it ends, or who
// connects in plaintext, or whether they have what the change needs.
// Without their answer in [Change.Usage], or with one about another token set, [Group.Modify] takes the use
// for unknown.
func (g *Group) UsageWanted(change Change) bool {
	switch {
	case g.Status != cache.StatusAvailable:
		return false
	case g.changesTransit(change), g.changesSecurity(change) && !g.gated():
		return !g.knows(change.Usage)
	case change.Token == nil && !change.UserGroups.asks() || g.Tags.Guard().Mode == cache.GuardOff:
		return false
	}
	after := *g.Clone()
	after.Tags = cache.Tags{cache.TagSetGuard: string(cache.GuardOff)}
	if _, err := after.changeAccess(change, time.Time{}); err != nil {
		return false
	}
	_, ends := g.Tokens.Ended(after.Tokens)
	return ends && !g.knows(change.Usage)
}

// checkUse applies the group's guard to a change from its token set to the next. The
// warning is empty if there is nothing to tell.
func (g *Group) checkUse(change Change, strategy token.Strategy, next token.Set, now time.Time) (warning cache.Saying, err error) {
	if ends, lost := g.Tokens.Ended(next); lost {
		return g.checkEnd(change, strategy, ends, now)
	}
	return cache.Saying{}, nil
}

// checkEnd applies the guard to a change that ends a credential.
func (g *Group) checkEnd(change Change, strategy token.Strategy, ends token.Credential, now time.Time) (warning cache.Saying, err error) {
	guard := g.Tags.Guard()
	if guard.Mode == cache.GuardOff {
		return cache.Saying{}, nil
	}
	found := g.find(ends, change.Usage, guard.Quiet, now)
	switch {
	case !found.Doubtful():
		return cache.Saying{}, nil
	case guard.Mode == cache.GuardRefuse:
		return cache.Saying{}, cache.Refuse(cache.KindCombination, "", cache.Say(cache.FactGuardRefuses, "strategy", strategy, "ends", ends, "group", g.ID, "use", found.Saying()))
	}
	return cache.Say(cache.FactGuardWarns, "strategy", strategy, "ends", ends, "group", g.ID, "use", found.Saying()), nil
}

// Usage puts what the nodes of the group know of the use of credentials beside what the group holds. Known is what
// [usage.Merge] returns.
func (g *Group) Usage(known []usage.Record, missing []usage.MissingNode, now time.Time) usage.Group {
	var replaced *token.Credential
	if g.Rotation != nil {
		replaced = &g.Rotation.Old
	}
	return usage.NewGroup(g.ID, g.Tokens, replaced, known, missing, now)
}

// knows reports whether the usage is of what the group holds now.
func (g *Group) knows(known *usage.Group) bool {
	return known != nil && known.GroupID == g.ID && known.Tokens.String() == g.Tokens.String()
}

// find says what is known of the use of a credential of the group.
func (g *Group) find(ends token.Credential, known *usage.Group, quiet time.Duration, now time.Time) usage.Finding {
	if !g.knows(known) {
		known = nil
	}
	return usage.Find(known, ends, quiet, now)
}
