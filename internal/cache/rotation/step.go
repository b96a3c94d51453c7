package rotation

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// Step moves a rotation on, which is its group's no more than a copy. held is what the group accepts. A step is refused with
// an error of [cache.KindState] unless the rotation is where it begins.
type Step func(r *Rotation, held token.Set, now time.Time) (Effect, error)

// Effect is what a step means for the rotation's group.
type Effect struct {
	Tokens      *token.Set     // what the group accepts from now on; nil: what it did
	How         token.Strategy // of that
	Undelivered token.Digest   // a token that may have reached nobody; zero: none
	Transit     *cache.Transit // how its clients connect from now on; nil: as they did
	Told        []cache.Saying // about the rotation
}

func tell(what cache.Saying) Effect { return Effect{Told: []cache.Saying{what}} }

// change is the effect of a step that has the nodes told of other credentials.
func change(to token.Set, how token.Strategy, what cache.Saying) Effect {
	return Effect{Tokens: &to, How: how, Told: []cache.Saying{what}}
}

// encrypt is the effect of a step that has the nodes told of another mode.
func encrypt(to cache.Transit, what cache.Saying) Effect {
	return Effect{Transit: &to, Told: []cache.Saying{what}}
}

// from refuses a step unless the rotation is in one of the states.
func (r *Rotation) from(states ...State) error {
	if slices.Contains(states, r.State) {
		return nil
	}
	return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup,
		"The AUTH token rotation %s of replication group %s is %s.", r.ID, r.GroupID, r.State)
}

// underWay refuses a step of a rotation that is over.
func (r *Rotation) underWay() error {
	if r.State.Final() {
		return NoneUnderWay(r.GroupID)
	}
	return nil
}

// NoneUnderWay refuses what needs a rotation to a group that has none under way.
func NoneUnderWay(groupID string) error {
	return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "Replication group %s has no AUTH token rotation under way.", groupID)
}

// enter moves the rotation on.
func (r *Rotation) enter(state State, now time.Time) {
	r.State, r.Since, r.Problem, r.ProblemAt = state, now, cache.Saying{}, time.Time{}
	if state.Final() {
		r.EndedAt, r.Salt = now, ""
	}
}
