package cache

import "time"

// Tags with which the owner of a group says what a token change may do to clients that
// still use the credential that it ends.
const (
	TagSetGuard      = TagOwn + "set-guard"
	TagSetGuardQuiet = TagOwn + "set-guard-quiet"
)

// GuardMode is what happens to a token change that ends a credential which is in use.
type GuardMode string

// The modes.
const (
	GuardRefuse GuardMode = "refuse" // it is refused
	GuardWarn   GuardMode = "warn"   // it is carried out, and an event names the users
	GuardOff    GuardMode = "off"    // it is carried out without a look, as in the original
)

// guardQuietMax is the longest time without use that can be asked for. Nodes know no more.
const guardQuietMax = 30 * 24 * time.Hour

// Guard is a group's rule for ending a credential.
type Guard struct {
	Mode  GuardMode
	Quiet time.Duration // a credential that was used within it is in use
}

// Guard returns what the group's tags say. Tags that could not be set are not there.
func (g *ReplicationGroup) Guard() Guard {
	guard := Guard{Mode: GuardWarn, Quiet: DefaultQuiet}
	if mode := GuardMode(g.Tags[TagSetGuard]); validGuardMode(string(mode)) {
		guard.Mode = mode
	}
	if quiet, err := time.ParseDuration(g.Tags[TagSetGuardQuiet]); err == nil && validQuiet(quiet) {
		guard.Quiet = quiet
	}
	return guard
}

func validGuardMode(value string) bool {
	switch GuardMode(value) {
	case GuardRefuse, GuardWarn, GuardOff:
		return true
	}
	return false
}

func validQuiet(d time.Duration) bool { return d >= 0 && d <= guardQuietMax }

// UsageWanted reports whether nodes should be asked, before a change is decided, who uses the credential that it ends.
// Without their answer in [Change.Usage], or with one about another token set, [ReplicationGroup.Modify] takes the use
// for unknown.
func (g *ReplicationGroup) UsageWanted(change Change) bool {
	if g.Status != StatusAvailable || change.Token == nil || g.Guard().Mode == GuardOff {
		return false
	}
	next, _, err := g.nextTokens(*change.Token, time.Time{})
	if err != nil {
		return false
	}
	_, ends := g.Tokens.ended(next)
	return ends && !change.Usage.fits(g)
}

// fits reports whether the usage is of what the group holds now.
func (u *GroupUsage) fits(g *ReplicationGroup) bool {
	return u != nil && u.GroupID == g.ID && u.Tokens.String() == g.Tokens.String()
}

// ended returns the credential that is lost on the way to the next set. No change of the
// table loses two.
func (s TokenSet) ended(next TokenSet) (Credential, bool) {
	for _, c := range s.credentials {
		kept := false
		for _, n := range next.credentials {
			kept = kept || c.Digest.Equal(n.Digest)
		}
		if !kept {
			return c, true
		}
	}
	return Credential{}, false
}

// checkUse applies the group's guard to a change from its token set to the next. The
// warning is empty if there is nothing to tell.
func (g *ReplicationGroup) checkUse(change Change, strategy TokenStrategy, next TokenSet, now time.Time) (warning Saying, err error) {
	ends, lost := g.Tokens.ended(next)
	guard := g.Guard()
	if !lost || guard.Mode == GuardOff {
		return Saying{}, nil
	}
	finding := g.findUse(ends, change.Usage, guard.Quiet, now)
	switch {
	case !finding.doubtful():
		return Saying{}, nil
	case guard.Mode == GuardRefuse:
		return Saying{}, Refuse(KindCombination, "", Say(FactGuardRefuses, "strategy", strategy, "ends", ends, "group", g.ID, "use", finding.saying()))
	}
	return Say(FactGuardWarns, "strategy", strategy, "ends", ends, "group", g.ID, "use", finding.saying()), nil
}
