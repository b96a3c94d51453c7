package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// news is one line about a rotation.
type news struct {
	at   time.Time
	text string
}

// newsOf is what happened to a rotation between two looks, in the order in which it
// happened. Before the first look it is zero.
func newsOf(before, after own.Rotation) []news {
	var lines []news
	say := func(was, at *time.Time, format string, args ...any) {
		if at != nil && (was == nil || !was.Equal(*at)) {
			lines = append(lines, news{*at, fmt.Sprintf(format, args...)})
		}
	}
	former, next := credentialName(after.OldCredential), credentialName(after.NewCredential)
	if before.RotationId == "" {
		lines = append(lines, news{after.StartedAt, beginText(after)})
	}
	if after.Secure {
		say(before.TlsOfferedAt, after.TlsOfferedAt, "every node accepts TLS beside plaintext")
		say(before.TlsRequiredAt, after.TlsRequiredAt, "every node accepts TLS only")
	}
	if !after.FinishOnly {
		say(before.RotatedAt, after.RotatedAt, "every node accepts %s beside %s", next, former)
		say(before.DeliveredAt, after.DeliveredAt, "%s is delivered to %s", next, after.Delivery)
	}
	if after.SetAt == nil || after.BrownoutAt == nil || !after.BrownoutAt.Equal(*after.SetAt) { // else it found nobody
		say(before.BrownoutAt, after.BrownoutAt, "the brownout found clients; %s works again%s", former, culpritText(after))
	}
	say(before.SetAt, after.SetAt, "only %s is accepted; refused logins with %s are watched for %s", next, former, after.Grace)
	if before.State != after.State && after.StateSince != nil {
		if text := stateText(after); text != "" {
			lines = append(lines, news{*after.StateSince, text})
		}
	}
	now := after.StartedAt
	if after.StateSince != nil {
		now = *after.StateSince
	}
	lines = append(lines, wishes(before, after, now)...)
	slices.SortStableFunc(lines, func(a, b news) int { return a.at.Compare(b.at) })
	return lines
}

func beginText(r own.Rotation) string {
	former := credentialName(r.OldCredential)
	if r.FinishOnly {
		return fmt.Sprintf("%s of %s: %s is to end, %s stays; finish %s", r.RotationId, r.ReplicationGroupId, former, credentialName(r.NewCredential), r.Finish)
	}
	if r.Secure {
		return fmt.Sprintf("%s of %s: TLS, and a new token in place of %s, to be delivered to %s; finish %s", r.RotationId, r.ReplicationGroupId, former, r.Delivery, r.Finish)
	}
	return fmt.Sprintf("%s of %s: a new token in place of %s, to be delivered to %s; finish %s", r.RotationId, r.ReplicationGroupId, former, r.Delivery, r.Finish)
}

// stateText tells of the states that the times do not tell of.
func stateText(r own.Rotation) string {
	former := credentialName(r.OldCredential)
	switch r.State {
	case "offering-tls":
		return "TLS is on its way to the nodes, beside plaintext"
	case "requiring-tls":
		return "plaintext is being ended on every node"
	case "rotating":
		return credentialName(r.NewCredential) + " is on its way to the nodes"
	case "brownout":
		return fmt.Sprintf("brownout of %s: %s is refused", r.Brownout, former)
	case "setting":
		return former + " is being ended on every node"
	case "rolling-back":
		return former + " is on its way back: " + r.Reason + culpritText(r)
	case "cancelling":
		return because("being cancelled", r.Reason)
	case "done":
		return fmt.Sprintf("done: every node accepts %s and nothing else", credentialName(r.NewCredential))
	case "rolled-back", "cancelled", "failed":
		return because(strings.ReplaceAll(string(r.State), "-", " "), r.Reason)
	}
	return ""
}

// wishes are what has no time of its own: what its owner asked for, what holds it up,
// what should be known.
func wishes(before, after own.Rotation, at time.Time) []news {
	var lines []news
	for _, w := range []struct {
		was, is bool
		text    string
	}{
		{before.FinishRequested, after.FinishRequested, "its owner asked for it to be finished"},
		{before.CancelRequested, after.CancelRequested, "its owner asked for it to be cancelled"},
		{before.RollBackRequested, after.RollBackRequested, "its owner asked for it to be rolled back"},
	} {
		if w.is && !w.was {
			lines = append(lines, news{at, w.text})
		}
	}
	for _, note := range after.Notes[min(len(before.Notes), len(after.Notes)):] {
		lines = append(lines, news{at, "note: " + note})
	}
	if after.Problem != "" && after.Problem != before.Problem {
		lines = append(lines, news{at, "held up, and being retried: " + after.Problem})
	}
	return lines
}

// culpritsShown is how many of those who were refused a line names.
const culpritsShown = 3

func culpritText(r own.Rotation) string {
	if len(r.Culprits) == 0 {
		return ""
	}
	return " (" + clientList(r.Culprits, func(c own.Client) int64 { return c.Refused }) + ")"
}

// clientList names the first few clients, with a count of each.
func clientList(clients []own.Client, count func(own.Client) int64) string {
	var names []string
	for i, c := range clients {
		if i == culpritsShown {
			names = append(names, fmt.Sprintf("and %d more", len(clients)-culpritsShown))
			break
		}
		about := strings.Join(slices.DeleteFunc([]string{clean(c.Address), clean(strings.TrimSpace(c.Library + " " + c.LibraryVersion))},
			func(s string) bool { return s == "" }), ", ")
		switch {
		case c.Name != "":
			about = clean(c.Name) + " (" + about + ")"
		case len(c.FormerNames) > 0: // it was refused before it could say its name
			about += ", formerly " + clean(strings.Join(c.FormerNames, " "))
		}
		names = append(names, fmt.Sprintf("%d of %s", count(c), cmp.Or(about, "?")))
	}
	return strings.Join(names, ", ")
}

// plaintextProgress says what a rotation waits for whose clients change over to TLS.
func plaintextProgress(r own.Rotation, transit *own.TransitUsage) string {
	return fmt.Sprintf("waiting for clients to use TLS: %s; finish %s", plaintextUsers(transit), r.Finish)
}

func plaintextUsers(transit *own.TransitUsage) string {
	if transit == nil {
		return "asking the nodes"
	}
	doubt := ""
	if !transit.Complete {
		doubt = " (not every node could be asked)"
	}
	p := transit.Plaintext
	switch {
	case p.Connections > 0:
		using := slices.DeleteFunc(slices.Clone(p.Clients), func(c own.Client) bool { return c.Connections == 0 })
		return cache.Counted(int64(p.Connections), "plaintext connection") + ": " + clientList(using, func(c own.Client) int64 { return int64(c.Connections) }) + doubt
	case p.LastUsed == nil:
		return "nobody has connected in plaintext" + doubt
	}
	return "no plaintext connections, the last one " + cache.Ago(transit.AsOf.Sub(*p.LastUsed)) + doubt
}

// progressOf says what a rotation waits for; empty: for nothing that takes long.
func progressOf(r own.Rotation, usage *own.Usage, now time.Time) string {
	former := credentialName(r.OldCredential)
	switch r.State {
	case "waiting":
		return fmt.Sprintf("waiting for clients to leave %s: %s; finish %s", former, usersText(r, usage), r.Finish)
	case "watching":
		text := fmt.Sprintf("watching %s: %s", former, cache.Counted(refusedSoFar(r, usage), "refused login"))
		if r.EvictedConnections > 0 {
			text += ", " + cache.Counted(r.EvictedConnections, "connection") + " closed"
		}
		grace, err := time.ParseDuration(r.Grace)
		if err == nil && r.SetAt != nil {
			text += fmt.Sprintf(", %s left", max(0, r.SetAt.Add(grace).Sub(now).Round(time.Second)))
		}
		return text + "; " + usersText(r, usage)
	}
	return ""
}

// refusedSoFar is how many logins with the old token were refused since its end.
func refusedSoFar(r own.Rotation, usage *own.Usage) int64 {
	if usage != nil {
		for _, c := range usage.Credentials {
			if c.Fingerprint == r.OldCredential {
				return max(r.RefusedLogins, c.Refused-r.RefusedBefore)
			}
		}
	}
	return r.RefusedLogins
}

// usersText says who uses the old token.
func usersText(r own.Rotation, usage *own.Usage) string {
	if usage == nil {
		return "asking the nodes"
	}
	i := slices.IndexFunc(usage.Credentials, func(c own.CredentialUsage) bool { return c.Fingerprint == r.OldCredential })
	if i < 0 {
		return "nobody is known to use it" + missingText(usage)
	}
	u := usage.Credentials[i]
	if u.Connections == 0 {
		if u.LastUsed == nil {
			return "nobody has used it" + missingText(usage)
		}
		return "no connections, last used " + cache.Ago(usage.AsOf.Sub(*u.LastUsed)) + missingText(usage)
	}
	using := slices.DeleteFunc(slices.Clone(u.Clients), func(c own.Client) bool { return c.Connections == 0 })
	text := cache.Counted(int64(u.Connections), "connection")
	if len(using) > 0 {
		text += ": " + clientList(using, func(c own.Client) int64 { return int64(c.Connections) })
	}
	return text + missingText(usage)
}

func missingText(usage *own.Usage) string {
	if usage.Complete {
		return ""
	}
	return " (not every node could be asked)"
}
