package usage

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// ClientsNamed is how many clients an error, an event or a forecast names.
const ClientsNamed = 3

// Finding is what is known of the use of a credential that is to end.
type Finding struct {
	Use     Record
	InUse   bool
	Unknown bool // nobody was asked
	Missing []MissingNode
	Untold  int           // connections of a user of which nobody knows whether they came by it; see [Either]
	Quiet   time.Duration // a credential that was used within it is in use
	Now     time.Time
}

// newFinding begins one with what goes for everything that can be found.
func newFinding(usage *Group, quiet time.Duration, now time.Time) Finding {
	if usage == nil {
		return Finding{Quiet: quiet, Now: now, Unknown: true}
	}
	return Finding{Quiet: quiet, Now: now, Missing: usage.Missing}
}

// Find finds a credential in the usage of its group, which is nil when it is not known.
func Find(usage *Group, ends token.Credential, quiet time.Duration, now time.Time) Finding {
	f := newFinding(usage, quiet, now)
	if usage == nil {
		return f
	}
	if known := usage.Of(ends.String()); known != nil {
		f.Use, f.InUse = known.Record, known.InUse(now, quiet)
	}
	return f
}

// FindUser finds a way to log in as a user in the usage of a cache, which is nil when it is not known.
func FindUser(usage *Group, ends user.End, quiet time.Duration, now time.Time) Finding {
	f := newFinding(usage, quiet, now)
	if usage == nil {
		return f
	}
	f.Use = recordOf(usage.recordsOf(ends.Name), ends.Credential(), ends.Password)
	f.InUse = f.Use.InUse(now, quiet)
	if ends.Password != token.None && ends.Name != user.DefaultID {
		f.Untold = recordOf(usage.Users, user.Credential(ends.Name), Either).Connections
	}
	return f
}

// FindPlaintext finds the connections without TLS in the usage of a group, which is nil when it is not known.
func FindPlaintext(usage *Group, quiet time.Duration, now time.Time) Finding {
	f := newFinding(usage, quiet, now)
	if usage == nil {
		return f
	}
	f.Use = usage.Plaintext
	f.InUse = f.Use.InUse(now, quiet)
	return f
}

// Doubtful reports whether somebody may be locked out.
func (f Finding) Doubtful() bool { return f.InUse || f.Unknown || f.Untold > 0 || len(f.Missing) > 0 }

// Saying goes on from the name of a credential: "which is in use: …".
func (f Finding) Saying() cache.Saying {
	missing := f.missing()
	switch {
	case f.InUse:
		last := f.last()
		return cache.Say(cache.FactInUse, "connections", f.Use.Connections, "authentications", f.Use.Authentications,
			"last", last, "users", f.users(), "missing", missing)
	case f.Unknown:
		return cache.Say(cache.FactUseUnknown, "missing", missing)
	case f.Untold > 0:
		return cache.Say(cache.FactUseUntold, "connections", f.Untold, "missing", missing)
	}
	return cache.Say(cache.FactUsePartly, "missing", missing)
}

// PlaintextSaying says who connects without TLS: "3 connections, in use now, by …".
func (f Finding) PlaintextSaying() cache.Saying {
	switch {
	case f.InUse:
		return cache.Say(cache.FactPlaintextInUse, "connections", f.Use.Connections, "opened", f.Use.Authentications,
			"last", f.last(), "users", f.users(), "missing", f.missing())
	case f.Unknown, len(f.Missing) > 0:
		return cache.Say(cache.FactPlaintextUnknown, "missing", f.missing())
	case f.Use.LastUsed.IsZero():
		return cache.Say(cache.FactPlaintextNever)
	}
	return cache.Say(cache.FactPlaintextQuiet, "since", f.unused())
}

func (f Finding) missing() []cache.Saying {
	var missing []cache.Saying
	for _, m := range f.Missing {
		missing = append(missing, cache.Say(cache.FactNodeMissing, "node", m.NodeID, "reason", m.Reason))
	}
	return missing
}

func (f Finding) last() cache.Saying {
	if f.Use.Connections == 0 {
		return cache.Say(cache.FactUsedLast, "since", f.unused())
	}
	return cache.Say(cache.FactUsedNow)
}

// unused is for how long the credential was not used.
func (f Finding) unused() time.Duration { return f.Now.Sub(f.Use.LastUsed).Truncate(time.Second) }

// users names those who use it, most connections first.
func (f Finding) users() []cache.Saying {
	var using []Client
	for _, c := range f.Use.Clients {
		if c.Connections > 0 || f.Use.Connections == 0 && f.Now.Sub(c.LastSeen) < f.Quiet {
			using = append(using, c)
		}
	}
	return ClientSayings(using, f.Use.OtherClients.Connections)
}

// ClientSayings names the first few clients, and counts the others. Unlisted connections mean that
// there are more of them than were told apart.
func ClientSayings(clients []Client, unlisted int) []cache.Saying {
	var all []cache.Saying
	for _, c := range clients[:min(len(clients), ClientsNamed)] {
		all = append(all, c.saying())
	}
	more := len(clients) - len(all)
	switch {
	case len(clients) > 0 && unlisted > 0:
		all = append(all, cache.Say(cache.FactAtLeastMore, "n", more+1))
	case more > 0:
		all = append(all, cache.Say(cache.FactMoreClients, "n", more))
	}
	return all
}

// Effect is what the end of the credential does: "would lock out 3 connections of …".
func (f Finding) Effect(ends token.Credential) cache.Saying {
	var doubt cache.Saying
	if len(f.Missing) > 0 {
		doubt = cache.Say(cache.FactPerhapsOthers)
	}
	switch {
	case f.InUse && f.Use.Connections > 0:
		return cache.Say(cache.FactLocksOut, "connections", f.Use.Connections, "users", f.users(), "doubt", doubt)
	case f.InUse:
		return cache.Say(cache.FactLocksOutRecent, "ends", ends, "since", f.unused(), "users", f.users(), "doubt", doubt)
	case f.Doubtful():
		return cache.Say(cache.FactEndsDoubtful, "ends", ends, "use", f.Saying())
	case f.Use.LastUsed.IsZero():
		return cache.Say(cache.FactEndsUnused, "ends", ends)
	}
	return cache.Say(cache.FactEndsLastUsed, "ends", ends, "since", f.unused())
}
