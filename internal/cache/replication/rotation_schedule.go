package cache

import (
	"time"
)

// SetRotationSchedule replaces the group's schedule; its days are counted from now. A
// rotation that is under way goes on. Errors: what the values deserve.
func (g *ReplicationGroup) SetRotationSchedule(every int, spec RotationSpec, now time.Time) ([]Event, error) {
	if g.Status == StatusDeleting || g.Status == StatusCreateFailed {
		return nil, g.mustBeAvailable()
	}
	if !g.TransitEncryption {
		return nil, ErrTokenNeedsTLS
	}
	schedule, err := NewRotationSchedule(every, spec, now)
	if err != nil {
		return nil, err
	}
	g.RotationSchedule = schedule
	return []Event{g.Tell(now, Say(FactScheduleSet, "group", g.ID, "days", every, "at", g.RotationSchedule.Next(g.MaintenanceWindow)))}, nil
}

// DropRotationSchedule ends the schedule. It is an error of [KindState] when there is none.
func (g *ReplicationGroup) DropRotationSchedule(now time.Time) ([]Event, error) {
	if g.RotationSchedule == nil {
		return nil, ResourceErrorf(KindState, ResourceReplicationGroup, "Replication group %s has no AUTH token rotation schedule.", g.ID)
	}
	g.RotationSchedule = nil
	return []Event{g.Tell(now, Say(FactScheduleDropped, "group", g.ID))}, nil
}

// DueRotation reports whether a scheduled rotation is to be begun now, and when the next date
// is (zero: there is no schedule). A date that has passed while nothing is due waits for the
// group to be available, without a rotation under way.
func (g *ReplicationGroup) DueRotation(now time.Time) (due bool, next time.Time) {
	if g.RotationSchedule == nil {
		return false, time.Time{}
	}
	next = g.RotationSchedule.Next(g.MaintenanceWindow)
	return !now.Before(next) && g.Status == StatusAvailable && g.Rotation == nil, next
}

// StartScheduledRotation begins the rotation that is due; salt is as of [StartRotation]. When
// it is refused, that date has failed and the refusal is in the events. It does nothing
// unless one is due.
func (g *ReplicationGroup) StartScheduledRotation(salt string, now time.Time) []Event {
	if due, _ := g.DueRotation(now); !due {
		return nil
	}
	events, err := g.StartRotation(g.RotationSchedule.Spec, RotationScheduled, salt, now)
	if err != nil {
		return g.FailScheduledRotation(Why(err), now)
	}
	s := *g.RotationSchedule // who has read the group keeps what was read
	s.LastAt = now
	g.RotationSchedule = &s
	return events
}

// FailScheduledRotation records that the date that is due came to nothing, for instance
// because the destination is not allowed. It is tried again in the next window.
func (g *ReplicationGroup) FailScheduledRotation(reason Saying, now time.Time) []Event {
	if g.RotationSchedule == nil {
		return nil
	}
	s := *g.RotationSchedule
	s.LastAt, s.Failed, s.FailedAt = now, reason, now
	g.RotationSchedule = &s
	return []Event{g.Tell(now, Say(FactScheduleFailed, "group", g.ID, "reason", reason, "at", g.RotationSchedule.Next(g.MaintenanceWindow)))}
}
