package replication

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// TokenPreview is what a token change would do if it came now.
type TokenPreview struct {
	cache.Guard
	// Refusal is why it would not be carried out, or nil.
	Refusal error
	// After is what the group would accept. It is the zero value, and Ends with it, if the
	// change is refused for another reason than the guard, for then there is no such set.
	After   token.Set
	Ends    *token.Credential // that is lost; nil: none is
	Warning cache.Saying      // the event that would name whom it locks out; empty: none

	// Of the credential that ends. Clients are those that use it now or did within the
	// guard's quiet time; OtherClients is the sum of those that are not told apart.
	InUse        bool
	Connections  int
	Clients      []usage.Client
	OtherClients usage.Client
}

// PreviewToken says what Modify would do with a token change and nothing else, and whom it would lock out, also where
// the group has no guard. The group stays as it is. Usage is nil if the nodes were not asked; asking them is worth it
// only if the change ends a credential.
func (g *Group) PreviewToken(update *token.Update, known *usage.Group, now time.Time) TokenPreview {
	change := Change{Token: update, Usage: known, Immediately: true}
	p := TokenPreview{Guard: g.Tags.Guard()}
	unguarded := g.Clone()
	unguarded.Tags = map[string]string{cache.TagSetGuard: string(cache.GuardOff)}
	if _, p.Refusal = unguarded.Modify(change, now); p.Refusal != nil {
		return p
	}
	p.After = unguarded.Tokens
	ends, lost := g.Tokens.Ended(p.After)
	if !lost {
		return p
	}
	p.Ends = &ends
	p.Warning, p.Refusal = g.checkUse(change, unguarded.TokenChange, p.After, now)
	found := g.find(ends, known, p.Quiet, now)
	recent := func(c usage.Client) bool { return c.Connections > 0 || now.Sub(c.LastSeen) < p.Quiet }
	p.InUse, p.Connections = found.InUse, found.Use.Connections
	p.Clients = slices.DeleteFunc(slices.Clone(found.Use.Clients), func(c usage.Client) bool { return !recent(c) })
	if recent(found.Use.OtherClients) {
		p.OtherClients = found.Use.OtherClients
	}
	return p
}
