package cache

import (
	"fmt"
	"strings"
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

// String goes on from the name of a credential: "which is in use: …".
func (f finding) String() string {
	var b strings.Builder
	switch {
	case f.inUse:
		fmt.Fprintf(&b, "which is in use: %s", f.figures())
		if who := f.users(); who != "" {
			b.WriteString(", by " + who)
		}
	case f.unknown:
		b.WriteString("and its use is not known")
	default:
		b.WriteString("and its use is not known in full")
	}
	for i, m := range f.missing {
		separator := "; "
		if i > 0 {
			separator = ", "
		}
		fmt.Fprintf(&b, "%snode %s could not be asked (%s)", separator, m.NodeID, m.Reason)
	}
	return b.String()
}

func (f finding) figures() string {
	last := "in use now"
	if f.use.Connections == 0 {
		last = "last used " + Ago(f.now.Sub(f.use.LastUsed))
	}
	return fmt.Sprintf("%s, %s, %s", Counted(int64(f.use.Connections), "connection"), Counted(f.use.Authentications, "authentication"), last)
}

// users names those who use it, most connections first.
func (f finding) users() string {
	var names []string
	for _, c := range f.use.Clients {
		if c.Connections > 0 || f.use.Connections == 0 && f.now.Sub(c.LastSeen) < f.quiet {
			names = append(names, c.String())
		}
	}
	if len(names) == 0 {
		return ""
	}
	more := max(0, len(names)-clientsNamed)
	text := strings.Join(names[:len(names)-more], "; ")
	switch {
	case f.use.OtherClients.Connections > 0:
		text += fmt.Sprintf("; and at least %d more", more+1)
	case more > 0:
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
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
