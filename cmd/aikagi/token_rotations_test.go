package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

func sameWords(t *testing.T, got, want string) {
	t.Helper()
	if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestShowRotations(t *testing.T) {
	t.Parallel()
	underWay := looks(firstHalf[0])[1]
	done := own.Rotation{
		ReplicationGroupId: "g", Cause: "schedule", State: "done", Over: true, OldCredential: "NONE", NewCredential: "bbbbbbbbbbbb",
		Delivery: "file:/run/token", StartedAt: rotationStart, RotatedAt: after(1), DeliveredAt: after(2), SetAt: after(600), EndedAt: after(1200),
	}
	failed := own.Rotation{
		ReplicationGroupId: "other", Cause: "request", State: "rolled-back", Over: true, FinishOnly: true, OldCredential: "aaaaaaaaaaaa", NewCredential: "bbbbbbbbbbbb",
		StartedAt: rotationStart, RotatedAt: after(0), DeliveredAt: after(0), SetAt: after(5), EndedAt: after(90), RefusedLogins: 3, Reason: "clients still use it",
	}
	var b strings.Builder
	if err := rotationTable.write(&b, []own.Rotation{underWay, done, failed}); err != nil {
		t.Fatal(err)
	}
	sameWords(t, b.String(), `
WHEN                 GROUP  CAUSE     OLD → NEW                    DELIVERED TO     TOOK                                                   REFUSED  STATE
2026-05-04 12:00:00 JST  g      request   aaaaaaaaaaaa → ?             file:/run/token  -                                                      0        pending, held up: the destination is away
2026-05-04 12:00:00 JST  g      schedule  NONE → bbbbbbbbbbbb          file:/run/token  20m0s (both +1s, delivered +1s, set +9m58s, end +10m0s)  0      done
2026-05-04 12:00:00 JST  other  request   aaaaaaaaaaaa → bbbbbbbbbbbb  -                1m30s (set +5s, end +1m25s)                            3        rolled-back: clients still use it
`)
	b.Reset()
	if err := rotationTable.write(&b, nil); err != nil || b.String() != "no rotations\n" {
		t.Errorf("%v %q", err, b.String())
	}
}

func TestShowSchedule(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := showSchedule(&b, "g", nil); err != nil || b.String() != "g has no rotation schedule\n" {
		t.Errorf("%v %q", err, b.String())
	}
	b.Reset()
	s := &own.RotationSchedule{EveryDays: 30, Delivery: "file:/run/token", Finish: "quiet=10m", Brownout: "0s", EvictOver: "0s", Grace: "10m0s",
		RollBackOver: -1, NextAt: rotationStart, LastAt: after(-60), Failed: "no disk", FailedAt: after(-30)}
	if err := showSchedule(&b, "g", s); err != nil {
		t.Fatal(err)
	}
	sameWords(t, b.String(), `The token of g is rotated every 30 days. next due since 2026-05-04 12:00:00 JST last 2026-05-04 11:59:00 JST
		delivered to file:/run/token finish quiet=10m brownout 0s evict over 0s grace 10m0s roll back over never FAILED 2026-05-04 11:59:30 JST: no disk`)
}

func TestStatusOfRotations(t *testing.T) {
	t.Parallel()
	ended := rotationStart
	failed := &own.Rotation{State: "failed", Reason: "no disk", EndedAt: &ended}
	schedule := &own.RotationSchedule{EveryDays: 30, Delivery: "file:/run/token", NextAt: rotationStart.Add(time.Hour)}
	broken := *schedule
	broken.Failed, broken.FailedAt = "no disk", &ended
	waiting := looks(firstHalf...)[4]
	waiting.Problem = "a node does not answer"
	for name, c := range map[string]struct {
		access        own.Access
		summary, text string
		fails         bool
	}{
		"nothing":   {own.Access{LastRotation: &own.Rotation{State: "done"}}, "", "", false},
		"under way": {own.Access{Rotation: &waiting}, ", rotation waiting", "rotation under way aaaaaaaaaaaa → bbbbbbbbbbbb, waiting since 2026-05-04 12:00:03 JST (rotation-1) held up: a node does not answer", false},
		"failed":    {own.Access{LastRotation: failed}, ", last rotation failed", "last rotation 2026-05-04 12:00:00 JST failed: no disk", false},
		"schedule":  {own.Access{RotationSchedule: schedule}, "", "rotation schedule every 30 days to file:/run/token, next 2026-05-04 13:00:00 JST", false},
		"failed schedule": {own.Access{ReplicationGroupId: "g", RotationSchedule: &broken}, ", SCHEDULED ROTATION FAILED",
			"rotation schedule every 30 days to file:/run/token, next 2026-05-04 13:00:00 JST LAST DATE FAILED, 2026-05-04 12:00:00 JST: no disk", true},
	} {
		var b strings.Builder
		showRotation(&b, c.access, rotationStart)
		if got := rotationSummary(c.access, rotationStart); got != c.summary {
			t.Errorf("%s: %q", name, got)
		}
		sameWords(t, b.String(), c.text)
		if err := scheduleFailure(c.access, rotationStart); (err != nil) != c.fails || err != nil && !strings.Contains(err.Error(), "of g failed, 2026-05-04 12:00:00 JST: no disk") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
