package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// TestStatusOfStuckRotations: one that the schedule began fails the command while it is held
// up, and when it outlives the days between two. One that was asked for is watched by who did.
func TestStatusOfStuckRotations(t *testing.T) {
	t.Parallel()
	waiting := looks(firstHalf...)[4]
	waiting.Cause, waiting.Problem = "schedule", ""
	held, byHand := waiting, waiting
	held.Problem = "no space"
	byHand.Cause, byHand.Problem = "request", "no space"
	weekly := &own.RotationSchedule{EveryDays: 7, Delivery: "file:/run/token", NextAt: rotationStart}
	failed := *weekly
	failed.Failed = "no disk"
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		access  own.Access
		age     time.Duration
		summary string
		fails   []string // nil: it does not
		tells   string
	}{
		"none":                     {own.Access{RotationSchedule: weekly}, 99 * day, "", nil, ""},
		"young":                    {own.Access{Rotation: &waiting, RotationSchedule: weekly}, 7 * day, ", rotation waiting", nil, ""},
		"old":                      {own.Access{Rotation: &waiting, RotationSchedule: weekly}, 7*day + 1, ", SCHEDULED ROTATION STUCK (waiting)", []string{"of g has been under way for more than 7 days (waiting)", "aikagi token usage g"}, "STUCK: has been under way"},
		"held up":                  {own.Access{Rotation: &held, RotationSchedule: weekly}, 0, ", SCHEDULED ROTATION STUCK (waiting)", []string{"of g is held up (waiting): no space"}, "held up: no space"},
		"held up, schedule is off": {own.Access{Rotation: &held}, 99 * day, ", SCHEDULED ROTATION STUCK (waiting)", []string{"of g is held up (waiting): no space"}, "held up: no space"},
		"old, schedule is off":     {own.Access{Rotation: &waiting}, 99 * day, ", rotation waiting", nil, ""},
		"by hand":                  {own.Access{Rotation: &byHand, RotationSchedule: weekly}, 99 * day, ", rotation waiting", nil, "held up: no space"},
		"after one that failed": {own.Access{Rotation: &held, RotationSchedule: &failed}, 0, ", SCHEDULED ROTATION FAILED",
			[]string{"rotation of g failed, no disk", "of g is held up (waiting): no space"}, "held up: no space"},
	} {
		c.access.ReplicationGroupId = "g"
		now := rotationStart.Add(c.age)
		if got := rotationSummary(c.access, now); got != c.summary {
			t.Errorf("%s: %q, want %q", name, got, c.summary)
		}
		var b strings.Builder
		showRotation(&b, c.access, now)
		if got := b.String(); !strings.Contains(got, c.tells) || strings.Contains(got, "STUCK") != strings.Contains(c.tells, "STUCK") {
			t.Errorf("%s: it shows %s", name, got)
		}
		err := scheduleFailure(c.access, now)
		if (err != nil) != (c.fails != nil) {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range c.fails {
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
	}
}
