package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// GuardsUsers reports whether it is to be known who uses the ways to log in that a change of users takes away.
func (g *Group) GuardsUsers(ends []user.End) bool {
	return len(ends) > 0 && g.Tags.Guard().Mode != cache.GuardOff && g.Status != cache.StatusDeleting
}

// CheckUsers applies the guard of the group to ways to log in that a change of users takes away. Known is what the nodes have answered; nil: it
// is not known. The events name who may be locked out; the error, of [cache.KindCombination], does where the guard refuses.
func (g *Group) CheckUsers(ends []user.End, known *usage.Group, now time.Time) ([]cache.Event, error) {
	if !g.GuardsUsers(ends) {
		return nil, nil
	}
	guard := g.Tags.Guard()
	var events []cache.Event
	for _, end := range ends {
		found := usage.FindUser(known, end, guard.Quiet, now)
		switch {
		case !found.Doubtful():
		case guard.Mode == cache.GuardRefuse:
			return nil, cache.Refuse(cache.KindCombination, "", cache.Say(cache.FactUserGuardRefuses, "ends", end.Saying(), "user", end.ID, "group", g.ID, "use", found.Saying()))
		default:
			events = append(events, g.Tell(now, cache.Say(cache.FactUserGuardWarns, "ends", end.Saying(), "group", g.ID, "use", found.Saying())))
		}
	}
	return events, nil
}
