package cache

import (
	"time"
)

// UsageWanted reports whether nodes should be asked, before a change is decided, who uses the credential that it ends.
// Without their answer in [Change.Usage], or with one about another token set, [ReplicationGroup.Modify] takes the use
// for unknown.
func (g *ReplicationGroup) UsageWanted(change Change) bool {
	if g.Status != StatusAvailable || change.Token == nil || g.Tags.Guard().Mode == GuardOff {
		return false
	}
	next, _, err := g.nextTokens(*change.Token, time.Time{})
	if err != nil {
		return false
	}
	_, ends := g.Tokens.Ended(next)
	return ends && !g.knows(change.Usage)
}

// checkUse applies the group's guard to a change from its token set to the next. The
// warning is empty if there is nothing to tell.
func (g *ReplicationGroup) checkUse(change Change, strategy TokenStrategy, next TokenSet, now time.Time) (warning Saying, err error) {
	ends, lost := g.Tokens.Ended(next)
	guard := g.Tags.Guard()
	if !lost || guard.Mode == GuardOff {
		return Saying{}, nil
	}
	found := g.find(ends, change.Usage, guard.Quiet, now)
	switch {
	case !found.Doubtful():
		return Saying{}, nil
	case guard.Mode == GuardRefuse:
		return Saying{}, Refuse(KindCombination, "", Say(FactGuardRefuses, "strategy", strategy, "ends", ends, "group", g.ID, "use", found.Saying()))
	}
	return Say(FactGuardWarns, "strategy", strategy, "ends", ends, "group", g.ID, "use", found.Saying()), nil
}

// Usage puts what the nodes of the group know of the use of credentials beside what the group holds. Known is what
// [MergeUsage] returns.
func (g *ReplicationGroup) Usage(known []CredentialUsage, missing []MissingNode, now time.Time) GroupUsage {
	var replaced *Credential
	if g.Rotation != nil {
		replaced = &g.Rotation.Old
	}
	return NewGroupUsage(g.ID, g.Tokens, replaced, known, missing, now)
}

// knows reports whether the usage is of what the group holds now.
func (g *ReplicationGroup) knows(usage *GroupUsage) bool {
	return usage != nil && usage.GroupID == g.ID && usage.Tokens.String() == g.Tokens.String()
}

// find says what is known of the use of a credential of the group.
func (g *ReplicationGroup) find(ends Credential, usage *GroupUsage, quiet time.Duration, now time.Time) Finding {
	if !g.knows(usage) {
		usage = nil
	}
	return FindUse(usage, ends, quiet, now)
}
