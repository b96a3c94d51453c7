package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// rotationSummary is what a line about a group says of its rotation.
func rotationSummary(access own.Access, now time.Time) string {
	switch s := access.RotationSchedule; {
	case s != nil && s.Failed != "":
		return ", SCHEDULED ROTATION FAILED"
	case stuck(access, now) != nil:
		return ", SCHEDULED ROTATION STUCK (" + string(access.Rotation.State) + ")"
	case access.Rotation != nil:
		return ", rotation " + string(access.Rotation.State)
	case lastFailed(access):
		return ", last rotation " + string(access.LastRotation.State)
	}
	return ""
}

// lastFailed reports whether the newest rotation that is over left something to do.
func lastFailed(access own.Access) bool {
	return access.LastRotation != nil && (access.LastRotation.State == "failed" || access.LastRotation.State == "rolled-back")
}

// showRotation tells of the rotation under way, the last one if it failed, and the schedule.
func showRotation(to io.Writer, access own.Access, now time.Time) {
	if r := access.Rotation; r != nil {
		since := r.StartedAt
		if r.StateSince != nil {
			since = *r.StateSince
		}
		fmt.Fprintf(to, "rotation under way\t%s → %s, %s since %s (%s)\n", r.OldCredential, orNew(r.NewCredential), r.State, stamp(since), r.RotationId)
		if r.Problem != "" {
			fmt.Fprintf(to, "\theld up: %s\n", r.Problem)
		}
	}
	if err := overdue(access, now); err != nil {
		fmt.Fprintf(to, "\tSTUCK: %s\n", err)
	}
	if lastFailed(access) {
		fmt.Fprintf(to, "last rotation\t%s %s\n", endedAt(access.LastRotation), because(access.LastRotation.State, access.LastRotation.Reason))
	}
	s := access.RotationSchedule
	if s == nil {
		return
	}
	fmt.Fprintf(to, "rotation schedule\tevery %d days to %s, next %s\n", s.EveryDays, s.Delivery, nextText(s, now))
	if s.Failed != "" {
		fmt.Fprintf(to, "\tLAST DATE FAILED, %s\n", failureText(s))
	}
}

func orNew(fingerprint string) string {
	if fingerprint == "" {
		return "a new token"
	}
	return fingerprint
}

func endedAt(r *own.Rotation) string {
	if r.EndedAt == nil {
		return ""
	}
	return stamp(*r.EndedAt)
}

// scheduleFailure is the error that a scheduled rotation gives the command, one that failed
// or one that does not come to its end.
func scheduleFailure(access own.Access, now time.Time) error {
	var failed, late error
	if s := access.RotationSchedule; s != nil && s.Failed != "" {
		failed = fmt.Errorf("the last scheduled token rotation of %s failed, %s", access.ReplicationGroupId, failureText(s))
	}
	if err := stuck(access, now); err != nil {
		late = fmt.Errorf("the scheduled token rotation of %s %w", access.ReplicationGroupId, err)
	}
	return errors.Join(failed, late)
}

// stuck says why the rotation under way does not come to its end; nil for one that its owner
// asked for and watches.
func stuck(access own.Access, now time.Time) error {
	r := access.Rotation
	if r == nil || r.Cause != "schedule" {
		return nil
	}
	if r.Problem != "" {
		return fmt.Errorf("is held up (%s): %s", r.State, r.Problem)
	}
	return overdue(access, now)
}

// overdue says that a rotation that the schedule began has been under way for longer than the
// time between two: the next date passes without one.
func overdue(access own.Access, now time.Time) error {
	r, s := access.Rotation, access.RotationSchedule
	if r == nil || s == nil || r.Cause != "schedule" || now.Sub(r.StartedAt) <= time.Duration(s.EveryDays)*24*time.Hour {
		return nil
	}
	return fmt.Errorf("has been under way for more than %d days (%s); see who uses the old token: aikagi token usage %s",
		s.EveryDays, r.State, access.ReplicationGroupId)
}
