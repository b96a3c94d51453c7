package cache

import "time"

// Forecast is what SET would do if it came now.
type Forecast struct {
	Guard
	Ends    string // the credential; empty: there is nothing to SET
	InUse   bool
	Known   bool // every node was asked
	Refused bool // the guard would refuse it
	Text    string
}

// ForecastSet says what SET of the newest token would do to those who use the other
// credential.
func (g *ReplicationGroup) ForecastSet(usage *GroupUsage, now time.Time) Forecast {
	f := Forecast{Guard: g.Guard(), Known: usage.fits(g) && len(usage.Missing) == 0}
	held := g.Tokens.Credentials()
	if len(held) < 2 {
		f.Text = "There is nothing to SET: " + credentialWords(held[0]) + " is all that is accepted."
		return f
	}
	found := g.findUse(held[0], usage, f.Quiet, now)
	f.Ends, f.InUse = held[0].String(), found.inUse
	f.Refused = f.Mode == GuardRefuse && found.doubtful()
	f.Text = "SET " + found.effect(held[0]) + "."
	if f.Refused {
		f.Text = "SET would be refused (" + TagSetGuard + "=" + string(GuardRefuse) + "): it " + found.effect(held[0]) + "."
	}
	return f
}

// effect is what the end of the credential does: "would lock out 3 connections of …".
func (f finding) effect(ends Credential) string {
	after := func(word, text string) string {
		if text == "" {
			return ""
		}
		return word + text
	}
	var effect string
	switch {
	case f.inUse && f.use.Connections > 0:
		effect = "would lock out " + Counted(int64(f.use.Connections), "connection") + after(" of ", f.users()) + ", when they connect anew"
	case f.inUse:
		effect = "would lock out whoever used " + credentialWords(ends) + " " + Ago(f.now.Sub(f.use.LastUsed)) + after(": ", f.users())
	case f.doubtful():
		return "would end " + credentialWords(ends) + ", " + f.String()
	case f.use.LastUsed.IsZero():
		return "would end " + credentialWords(ends) + ", which nobody uses"
	default:
		return "would end " + credentialWords(ends) + ", which was last used " + Ago(f.now.Sub(f.use.LastUsed))
	}
	if len(f.missing) > 0 {
		effect += ", and perhaps others: not every node could be asked"
	}
	return effect
}
