package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// Forecast is what SET would do if it came now.
type Forecast struct {
	cache.Guard
	Ends    string // the credential; empty: there is nothing to SET
	InUse   bool
	Known   bool // every node was asked
	Refused bool // the guard would refuse it
	Text    cache.Saying
}

// ForecastSet says what SET of the newest token would do to those who use the other
// credential.
func (g *Group) ForecastSet(usage *usage.Group, now time.Time) Forecast {
	f := Forecast{Guard: g.Tags.Guard(), Known: g.knows(usage) && len(usage.Missing) == 0}
	held := g.Tokens.Credentials()
	switch {
	case len(held) == 0:
		f.Text = cache.Say(cache.FactUsersNoSet, "users", g.UserGroup)
		return f
	case len(held) < 2:
		f.Text = cache.Say(cache.FactNothingToSet, "held", held[0])
		return f
	}
	found := g.find(held[0], usage, f.Quiet, now)
	f.Ends, f.InUse = held[0].String(), found.InUse
	f.Refused = f.Mode == cache.GuardRefuse && found.Doubtful()
	f.Text = cache.Say(cache.FactSetWould, "effect", found.Effect(held[0]))
	if f.Refused {
		f.Text = cache.Say(cache.FactSetRefused, "effect", found.Effect(held[0]))
	}
	return f
}
