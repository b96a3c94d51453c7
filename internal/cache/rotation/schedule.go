package rotation

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
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

// Schedule has the token of a group rotated again and again.
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
type Schedule struct {
	Every int       `json:"every_days"`
	Spec  Spec      `json:"spec"`
	SetAt time.Time `json:"set_at"`
	// LastAt is when the newest rotation began that the schedule asked for, or that was asked
	// for by hand and came to its end, for that one replaced the token as well. A date on which
	// none could begin counts.
	LastAt time.Time `json:"last_at,omitzero"`
	// Failed says why the last date came to nothing; empty: it did not fail. It is what the
	// owner must see until a rotation is done or the schedule is set anew.
	Failed   cache.Saying `json:"failed,omitzero"`
	FailedAt time.Time    `json:"failed_at,omitzero"`
}

// ParseEvery reads a number of days: 30d, or 30.
func ParseEvery(s string) (int, error) {
	days, err := strconv.Atoi(strings.TrimSuffix(s, "d"))
	if err != nil || days < scheduleMin || days > scheduleMax {
		return 0, cache.Errorf(cache.KindInvalid, "The time %q between two rotations is not a number of days from %d to %d, like 30d.", s, scheduleMin, scheduleMax)
	}
	return days, nil
}

// NewSalt makes what the token of a rotation is made of, with a key of the service. It
// is as secret as the token.
func NewSalt() string {
	var salt [32]byte
	_, _ = rand.Read(salt[:]) // never fails (crypto/rand)
	return hex.EncodeToString(salt[:])
}

// Next is the next date of the schedule, for a group with that maintenance window.
func (s *Schedule) Next(window string) time.Time {
	if !s.Failed.Empty() {
		return cache.WindowStart(window, s.FailedAt.Add(time.Nanosecond))
	}
	from := s.SetAt
	if s.LastAt.After(s.SetAt) {
		from = reckonedFrom(window, s.LastAt)
	}
	return cache.WindowStart(window, from.Add(time.Duration(s.Every)*day))
}

// reckonedFrom is the start of the window in which a rotation began. Reckoned from when it
// began, moments later, a number of whole weeks would always just miss the next window. One
// that began long after a window has only its own beginning.
func reckonedFrom(window string, began time.Time) time.Time {
	if start := cache.WindowStart(window, began.Add(-soonAfter)); !start.After(began) {
		return start
	}
	return began
}

// NewSchedule checks what is asked for; its days are counted from now. Errors are of [cache.KindInvalid] and
// [cache.KindCombination].
func NewSchedule(every int, spec Spec, now time.Time) (*Schedule, error) {
	if every < scheduleMin || every > scheduleMax {
		return nil, cache.Errorf(cache.KindInvalid, "The number of days between two rotations must be between %d and %d.", scheduleMin, scheduleMax)
	}
	if spec.Adopt {
		return nil, cache.Errorf(cache.KindCombination, "A rotation that only finishes a change cannot be scheduled.")
	}
	if spec.Secure {
		return nil, cache.Errorf(cache.KindCombination, "A rotation that first requires TLS cannot be scheduled.")
	}
	spec = spec.withDefaults()
	if spec.Finish.Ask {
		return nil, cache.Errorf(cache.KindCombination, "A scheduled rotation cannot wait for its owner; give it a time: quiet=DURATION or deadline=DURATION.")
	}
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	return &Schedule{Every: every, Spec: spec, SetAt: now}, nil
}

// NoteEnd returns the schedule that knows how a rotation ended. One that its owner cancelled did not fail. The receiver
// stays as it is.
func (s *Schedule) NoteEnd(r *Rotation) *Schedule {
	next := *s
	switch {
	case r.State == Done:
		if r.StartedAt.After(next.LastAt) {
			next.LastAt = r.StartedAt
		}
		next.Failed, next.FailedAt = cache.Saying{}, time.Time{}
	case r.Cause != Scheduled || r.State == Cancelled || r.StartedAt.Before(s.SetAt):
	default:
		next.Failed, next.FailedAt = cache.Say(cache.FactScheduledEnded, "rotation", r.ID, "state", r.State, "reason", r.Reason), r.EndedAt
	}
	return &next
}
