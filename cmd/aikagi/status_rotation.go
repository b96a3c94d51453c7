package main

import (
	"fmt"
	"io"
	"time"

	"github.com/aikagi/aikagi/internal/client"
)

// rotationSummary is what a line about a group says of its rotation.
func rotationSummary(access client.Access) string {
	switch s := access.RotationSchedule; {
	case s != nil && s.Failed != "":
		return ", SCHEDULED ROTATION FAILED"
	case access.Rotation != nil:
		return ", rotation " + access.Rotation.State
	case lastFailed(access):
		return ", last rotation " + access.LastRotation.State
	}
	return ""
}

// lastFailed reports whether the newest rotation that is over left something to do.
func lastFailed(access client.Access) bool {
	return access.LastRotation != nil && (access.LastRotation.State == "failed" || access.LastRotation.State == "rolled-back")
}

// showRotation tells of the rotation under way, the last one if it failed, and the schedule.
func showRotation(to io.Writer, access client.Access, now time.Time) {
	if r := access.Rotation; r != nil {
		since := r.StartedAt
		if r.StateSince != nil {
			since = *r.StateSince
		}
		fmt.Fprintf(to, "rotation under way\t%s → %s, %s since %s (%s)\n", r.OldCredential, orNew(r.NewCredential), r.State, since.Local().Format(time.DateTime), r.ID)
		if r.Problem != "" {
			fmt.Fprintf(to, "\theld up: %s\n", r.Problem)
		}
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

func endedAt(r *client.Rotation) string {
	if r.EndedAt == nil {
		return ""
	}
	return r.EndedAt.Local().Format(time.DateTime)
}

// scheduleFailure is the error that a failed scheduled rotation gives the command.
func scheduleFailure(access client.Access) error {
	if s := access.RotationSchedule; s != nil && s.Failed != "" {
		return fmt.Errorf("the last scheduled token rotation of %s failed, %s", access.ReplicationGroupID, failureText(s))
	}
	return nil
}
