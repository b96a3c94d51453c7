package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// SetRotationSchedule replaces the group's schedule; its days are counted from now. A
// rotation that is under way goes on. Errors: what the values deserve.
func (g *Group) SetRotationSchedule(every int, spec rotation.Spec, now time.Time) ([]cache.Event, error) {
	if g.Status == cache.StatusDeleting || g.Status == cache.StatusCreateFailed {
		return nil, g.mustBeAvailable()
	}
	if g.UserGroup != "" {
		return nil, errTokenBesideUsers
	}
	if g.Transit != cache.TransitRequired || g.TransitInForce() != cache.TransitRequired || g.Rotation != nil && g.Rotation.EndsPlaintext() {
		return nil, token.ErrNeedsTLS // a rotation that secures the group can still go back
	}
	schedule, err := rotation.NewSchedule(every, spec, now)
	if err != nil {
		return nil, err
	}
	g.RotationSchedule = schedule
	return []cache.Event{g.Tell(now, cache.Say(cache.FactScheduleSet, "group", g.ID, "days", every, "at", g.RotationSchedule.Next(g.MaintenanceWindow)))}, nil
}

// DropRotationSchedule ends the schedule. It is an error of [cache.KindState] when there is none.
func (g *Group) DropRotationSchedule(now time.Time) ([]cache.Event, error) {
	if g.RotationSchedule == nil {
		return nil, cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "Replication group %s has no AUTH token rotation schedule.", g.ID)
	}
	g.RotationSchedule = nil
	return []cache.Event{g.Tell(now, cache.Say(cache.FactScheduleDropped, "group", g.ID))}, nil
}

// DueRotation reports whether a scheduled rotation is to be begun now, and when the next date
// is (zero: there is no schedule). A date that has passed while nothing is due waits for the
// group to be available, without a rotation under way.
func (g *Group) DueRotation(now time.Time) (due bool, next time.Time) {
	if g.RotationSchedule == nil {
		return false, time.Time{}
	}
	next = g.RotationSchedule.Next(g.MaintenanceWindow)
	return !now.Before(next) && g.Status == cache.StatusAvailable && g.Rotation == nil, next
}

// StartScheduledRotation begins the rotation that is due; salt is as of [StartRotation]. When
// it is refused, that date has failed and the refusal is in the events. It does nothing
// unless one is due.
func (g *Group) StartScheduledRotation(salt string, now time.Time) []cache.Event {
	if due, _ := g.DueRotation(now); !due {
		return nil
	}
	events, err := g.StartRotation(g.RotationSchedule.Spec, rotation.Scheduled, salt, now)
	if err != nil {
		return g.FailScheduledRotation(cache.Why(err), now)
	}
	s := *g.RotationSchedule // who has read the group keeps what was read
	s.LastAt = now
	g.RotationSchedule = &s
	return events
}

// FailScheduledRotation records that the date that is due came to nothing, for instance
// because the destination is not allowed. It is tried again in the next window.
func (g *Group) FailScheduledRotation(reason cache.Saying, now time.Time) []cache.Event {
	if g.RotationSchedule == nil {
		return nil
	}
	s := *g.RotationSchedule
	s.LastAt, s.Failed, s.FailedAt = now, reason, now
	g.RotationSchedule = &s
	return []cache.Event{g.Tell(now, cache.Say(cache.FactScheduleFailed, "group", g.ID, "reason", reason, "at", g.RotationSchedule.Next(g.MaintenanceWindow)))}
}
