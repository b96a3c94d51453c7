package cache

import (
	"fmt"
	"time"
)

// clientsNamed is how many clients an error, an event or a forecast names.
const clientsNamed = 3

func credentialWords(c Credential) string {
	if c.IsNone() {
		return "access without a token"
	}
	return "the token " + c.String()
}

// finding is what is known of the use of a credential that is to end.
type finding struct {
	use     CredentialUsage
	inUse   bool
	unknown bool // nobody was asked
	missing []MissingNode
	quiet   time.Duration
	now     time.Time
}

func (g *ReplicationGroup) findUse(ends Credential, usage *GroupUsage, quiet time.Duration, now time.Time) finding {
	f := finding{quiet: quiet, now: now}
	if !usage.fits(g) {
		f.unknown = true
		return f
	}
	f.missing = usage.Missing
	if known := usage.Of(ends.String()); known != nil {
		f.use, f.inUse = known.CredentialUsage, known.InUse(now, quiet)
	}
	return f
}

// doubtful reports whether somebody may be locked out.
func (f finding) doubtful() bool { return f.inUse || f.unknown || len(f.missing) > 0 }

// saying goes on from the name of a credential: "which is in use: …".
func (f finding) saying() Saying {
	var missing []Saying
	for _, m := range f.missing {
		missing = append(missing, Say(FactNodeMissing, "node", m.NodeID, "reason", m.Reason))
	}
	switch {
	case f.inUse:
		last := Say(FactUsedNow)
		if f.use.Connections == 0 {
			last = Say(FactUsedLast, "since", f.unused())
		}
		return Say(FactInUse, "connections", f.use.Connections, "authentications", f.use.Authentications,
			"last", last, "users", f.users(), "missing", missing)
	case f.unknown:
		return Say(FactUseUnknown, "missing", missing)
	}
	return Say(FactUsePartly, "missing", missing)
}

// unused is for how long the credential was not used.
func (f finding) unused() time.Duration { return f.now.Sub(f.use.LastUsed).Truncate(time.Second) }

// users names those who use it, most connections first.
func (f finding) users() []Saying {
	var using []ClientUsage
	for _, c := range f.use.Clients {
		if c.Connections > 0 || f.use.Connections == 0 && f.now.Sub(c.LastSeen) < f.quiet {
			using = append(using, c)
		}
	}
	return clientSayings(using, f.use.OtherClients.Connections)
}

// clientSayings names the first few clients, and counts the others. Unlisted connections mean that
// there are more of them than were told apart.
func clientSayings(clients []ClientUsage, unlisted int) []Saying {
	var all []Saying
	for _, c := range clients[:min(len(clients), clientsNamed)] {
		all = append(all, c.saying())
	}
	more := len(clients) - len(all)
	switch {
	case len(clients) > 0 && unlisted > 0:
		all = append(all, Say(FactAtLeastMore, "n", more+1))
	case more > 0:
		all = append(all, Say(FactMoreClients, "n", more))
	}
	return all
}

// Counted is a number with its noun: "1 connection", "3 connections".
func Counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Ago says how long ago something was, to a precision that people care for: "12 s ago".
func Ago(d time.Duration) string {
	switch {
	case d < time.Second:
		return "just now"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
