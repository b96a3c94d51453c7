package cache

import "time"

// Forecast is what SET would do if it came now.
type Forecast struct {
	Guard
	Ends    string // the credential; empty: there is nothing to SET
	InUse   bool
	Known   bool // every node was asked
	Refused bool // the guard would refuse it
	Text    Saying
}

// ForecastSet says what SET of the newest token would do to those who use the other
// credential.
func (g *ReplicationGroup) ForecastSet(usage *GroupUsage, now time.Time) Forecast {
	f := Forecast{Guard: g.Guard(), Known: usage.fits(g) && len(usage.Missing) == 0}
	held := g.Tokens.Credentials()
	if len(held) < 2 {
		f.Text = Say(FactNothingToSet, "held", held[0])
		return f
	}
	found := g.findUse(held[0], usage, f.Quiet, now)
	f.Ends, f.InUse = held[0].String(), found.inUse
	f.Refused = f.Mode == GuardRefuse && found.doubtful()
	f.Text = Say(FactSetWould, "effect", found.effect(held[0]))
	if f.Refused {
		f.Text = Say(FactSetRefused, "effect", found.effect(held[0]))
	}
	return f
}

// effect is what the end of the credential does: "would lock out 3 connections of …".
func (f finding) effect(ends Credential) Saying {
	var doubt Saying
	if len(f.missing) > 0 {
		doubt = Say(FactPerhapsOthers)
	}
	switch {
	case f.inUse && f.use.Connections > 0:
		return Say(FactLocksOut, "connections", f.use.Connections, "users", f.users(), "doubt", doubt)
	case f.inUse:
		return Say(FactLocksOutRecent, "ends", ends, "since", f.unused(), "users", f.users(), "doubt", doubt)
	case f.doubtful():
		return Say(FactEndsDoubtful, "ends", ends, "use", f.saying())
	case f.use.LastUsed.IsZero():
		return Say(FactEndsUnused, "ends", ends)
	}
	return Say(FactEndsLastUsed, "ends", ends, "since", f.unused())
}
