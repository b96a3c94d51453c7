package cache

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Limits of the time between two scheduled rotations, in days.
const (
	scheduleMin = 1
	scheduleMax = 1000 // AWS Secrets Manager, RotationRules, AutomaticallyAfterDays
)

const day = 24 * time.Hour

// soonAfter is how long after the start of a window a rotation may begin and still count as
// begun at that start. It is far less than the time between two windows, so that the next
// rotation never follows at once.
const soonAfter = day

// RotationSchedule has the token of a group rotated again and again.
//
// A rotation is due at the start of the first maintenance window at or after Every days
// from the last one, or from SetAt. As windows come once a week, the time between two is Every
// rounded up to whole weeks: 7 days are 7, 28 are 28, 30 are 35. It is never rounded down,
// for a rotation that comes before its time surprises its owner; who wants no token to get older
// than 30 days says 28.
//
// When that moment is missed, because the control plane was down or the group was busy, it is
// due from then on, and once: what comes next is reckoned from when it began, or from the
// start of its window if it began within a day of that. One that failed or was rolled back is
// tried again in the next window.
type RotationSchedule struct {
	Every int          `json:"every_days"`
	Spec  RotationSpec `json:"spec"`
	SetAt time.Time    `json:"set_at"`
	// LastAt is when the newest rotation began that the schedule asked for, or that was asked
	// for by hand and came to its end, for that one replaced the token as well. A date on which
	// none could begin counts.
	LastAt time.Time `json:"last_at,omitzero"`
	// Failed says why the last date came to nothing; empty: it did not fail. It is what the
	// owner must see until a rotation is done or the schedule is set anew.
	Failed   Saying    `json:"failed,omitzero"`
	FailedAt time.Time `json:"failed_at,omitzero"`
}

// ParseEvery reads a number of days: 30d, or 30.
func ParseEvery(s string) (int, error) {
	days, err := strconv.Atoi(strings.TrimSuffix(s, "d"))
	if err != nil || days < scheduleMin || days > scheduleMax {
		return 0, Errorf(KindInvalid, "The time %q between two rotations is not a number of days from %d to %d, like 30d.", s, scheduleMin, scheduleMax)
	}
	return days, nil
}

// SetRotationSchedule replaces the group's schedule; its days are counted from now. A
// rotation that is under way goes on. Errors: what the values deserve.
func (g *ReplicationGroup) SetRotationSchedule(every int, spec RotationSpec, now time.Time) ([]Event, error) {
	if g.Status == StatusDeleting || g.Status == StatusCreateFailed {
		return nil, g.mustBeAvailable()
	}
	if !g.TransitEncryption {
		return nil, ErrTokenNeedsTLS
	}
	if every < scheduleMin || every > scheduleMax {
		return nil, Errorf(KindInvalid, "The number of days between two rotations must be between %d and %d.", scheduleMin, scheduleMax)
	}
	if spec.Adopt {
		return nil, Errorf(KindCombination, "A rotation that only finishes a change cannot be scheduled.")
	}
	spec = spec.withDefaults()
	if spec.Finish.Ask {
		return nil, Errorf(KindCombination, "A scheduled rotation cannot wait for its owner; give it a time: quiet=DURATION or deadline=DURATION.")
	}
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	g.RotationSchedule = &RotationSchedule{Every: every, Spec: spec, SetAt: now}
	return []Event{g.Tell(now, Say(FactScheduleSet, "group", g.ID, "days", every, "at", g.nextRotation()))}, nil
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
	next = g.nextRotation()
	return !now.Before(next) && g.Status == StatusAvailable && g.Rotation == nil, next
}

// nextRotation is the next date of the schedule.
func (g *ReplicationGroup) nextRotation() time.Time {
	s := g.RotationSchedule
	if !s.Failed.Empty() {
		return windowStart(g.MaintenanceWindow, s.FailedAt.Add(time.Nanosecond))
	}
	from := s.SetAt
	if s.LastAt.After(s.SetAt) {
		from = g.reckonedFrom(s.LastAt)
	}
	return windowStart(g.MaintenanceWindow, from.Add(time.Duration(s.Every)*day))
}

// reckonedFrom is the start of the window in which a rotation began. Reckoned from when it
// began, moments later, a number of whole weeks would always just miss the next window. One
// that began long after a window has only its own beginning.
func (g *ReplicationGroup) reckonedFrom(began time.Time) time.Time {
	if start := windowStart(g.MaintenanceWindow, began.Add(-soonAfter)); !start.After(began) {
		return start
	}
	return began
}

// NewRotationSalt makes what the token of a rotation is made of, with a key of the service. It
// is as secret as the token.
func NewRotationSalt() string {
	var salt [32]byte
	_, _ = rand.Read(salt[:]) // never fails (crypto/rand)
	return hex.EncodeToString(salt[:])
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
	return []Event{g.Tell(now, Say(FactScheduleFailed, "group", g.ID, "reason", reason, "at", g.nextRotation()))}
}

// noteEnd lets the schedule know how a rotation ended. One that its owner cancelled did
// not fail.
func (g *ReplicationGroup) noteEnd(r *Rotation) {
	if g.RotationSchedule == nil {
		return
	}
	s := *g.RotationSchedule // who has read the group keeps what was read
	switch {
	case r.State == RotationDone:
		s.LastAt, s.Failed, s.FailedAt = latest(s.LastAt, r.StartedAt), Saying{}, time.Time{}
	case r.Cause != RotationScheduled || r.State == RotationCancelled || r.StartedAt.Before(s.SetAt):
		return
	default:
		s.Failed, s.FailedAt = Say(FactScheduledEnded, "rotation", r.ID, "state", r.State, "reason", r.Reason), r.EndedAt
	}
	g.RotationSchedule = &s
}
