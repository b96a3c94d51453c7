package replication

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// noon is a Monday; the default window opens on Sundays at 23:00.
var firstWindow = time.Date(2026, 11, 29, 23, 0, 0, 0, time.UTC)

const week = 7 * day

func scheduled(t testing.TB, every int, held ...token.Digest) *Group {
	t.Helper()
	g := rotating(held...)
	events, err := g.SetRotationSchedule(every, rotationSpec(), noon)
	if err != nil || len(events) != 1 {
		t.Fatal(err, events)
	}
	return g
}

func wantDue(t testing.TB, g *Group, now time.Time, want bool, next time.Time) {
	t.Helper()
	if due, at := g.DueRotation(now); due != want || !at.Equal(next) {
		t.Errorf("at %s: due %t, next %s; want %t, %s", now, due, at, want, next)
	}
}

func TestScheduleIsDue(t *testing.T) {
	t.Parallel()
	g := rotating(t1)
	wantDue(t, g, noon, false, time.Time{})
	for every, want := range map[int]time.Time{
		1: firstWindow, 6: firstWindow, 7: firstWindow.Add(week), 30: time.Date(2026, 12, 27, 23, 0, 0, 0, time.UTC),
	} {
		g := scheduled(t, every, t1)
		wantDue(t, g, noon, false, want)
		wantDue(t, g, want.Add(-1), false, want)
		wantDue(t, g, want, true, want)
		wantDue(t, g, want.AddDate(1, 0, 0), true, want) // missed, and made up for
	}
	g = scheduled(t, 1, t1)
	g.Status = cache.StatusModifying
	wantDue(t, g, firstWindow, false, firstWindow)
	g.Status = cache.StatusAvailable
	if _, err := g.StartRotation(rotationSpec(), rotation.Requested, testSalt, noon); err != nil {
		t.Fatal(err)
	}
	wantDue(t, g, firstWindow, false, firstWindow)
}

// TestScheduleBeginsOnce: a date that was missed by weeks is one rotation, and the next
// one is reckoned from it.
func TestScheduleBeginsOnce(t *testing.T) {
	t.Parallel()
	g := scheduled(t, 5, t1)
	if events := g.StartScheduledRotation(testSalt, noon); events != nil || g.Rotation != nil {
		t.Fatalf("begun before its time: %v", events)
	}
	late := firstWindow.Add(3*week + time.Hour)
	read, before := *g, mustJSON(g)
	events := g.StartScheduledRotation(testSalt, late)
	if len(events) != 1 || g.Rotation == nil || g.Rotation.Cause != rotation.Scheduled || !g.RotationSchedule.LastAt.Equal(late) {
		t.Fatalf("%v, %+v", events, g.RotationSchedule)
	}
	if mustJSON(read) != before {
		t.Error("who read the group before sees it begun")
	}
	next := firstWindow.Add(4 * week)
	wantDue(t, g, next, false, next)
	finishRotation(t, g, late.Add(time.Hour))
	wantDue(t, g, next.Add(-1), false, next)
	wantDue(t, g, next, true, next)
}

// TestScheduleKeepsItsWindow: begun moments or hours after a window opened, whole weeks are
// whole weeks. Begun days late, the next one keeps its distance.
func TestScheduleKeepsItsWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		every int
		late  time.Duration // of the first rotation, after its window opened
		next  time.Duration // of the second one, likewise
	}{
		"on time":               {7, 0, week},
		"moments late":          {7, time.Millisecond, week},
		"hours late":            {7, 23 * time.Hour, week},
		"a day and more late":   {7, 25 * time.Hour, 2 * week},
		"four weeks":            {28, time.Minute, 4 * week},
		"up to a week":          {30, time.Minute, 5 * week},
		"every window":          {1, time.Minute, week},
		"every window, late":    {1, 5 * day, week},
		"just before the next":  {1, week - time.Hour, 2 * week},
		"weekly, much too late": {7, week - time.Hour, 2 * week},
		"missed a window":       {7, week + time.Hour, 2 * week},
	} {
		g := scheduled(t, c.every, t1)
		_, first := g.DueRotation(noon)
		began := first.Add(c.late)
		if events := g.StartScheduledRotation(testSalt, began); len(events) != 1 || g.Rotation == nil {
			t.Fatalf("%s: %v", name, events)
		}
		finishRotation(t, g, began.Add(time.Minute))
		if _, next := g.DueRotation(began); !next.Equal(first.Add(c.next)) {
			t.Errorf("%s: the next one is %s after the first window, want %s", name, next.Sub(first), c.next)
		}
	}
}

// TestScheduleDistance: however late a rotation begins, there are Every days less a day at
// least, and Every days and a week at most, to the next one, which is never the same day.
func TestScheduleDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		every := rapid.IntRange(scheduleMin, 60).Draw(t, "every")
		g := &Group{MaintenanceWindow: rapid.SampledFrom([]string{cache.DefaultMaintenanceWindow, "sun:00:00-sat:23:00", "wed:12:00-wed:13:00"}).Draw(t, "window")}
		last := noon.Add(time.Duration(rapid.Int64Range(1, int64(60*day)).Draw(t, "last")))
		g.RotationSchedule = &rotation.Schedule{Every: every, SetAt: noon, LastAt: last}
		distance := g.RotationSchedule.Next(g.MaintenanceWindow).Sub(last)
		if wanted := time.Duration(every) * day; distance < max(day, wanted-soonAfter) || distance >= wanted+week {
			t.Errorf("every %d days, last at %s: again after %s", every, last, distance)
		}
	})
}

// finishRotation takes a rotation that is pending to its good end.
func finishRotation(t *testing.T, g *Group, now time.Time) {
	t.Helper()
	walk(t, g, rotation.Done, now)
	g.Settle(now, nil)
	if g.TakeRotation(); g.Rotation != nil {
		t.Fatal("it is not over")
	}
}

// TestScheduleCountsRotationsByHand: one that is done makes the token new as well.
func TestScheduleCountsRotationsByHand(t *testing.T) {
	t.Parallel()
	g := scheduled(t, 6, t1)
	at := noon.Add(3 * day)
	if _, err := g.StartRotation(rotationSpec(), rotation.Requested, testSalt, at); err != nil {
		t.Fatal(err)
	}
	finishRotation(t, g, at.Add(time.Hour))
	wantDue(t, g, firstWindow, false, firstWindow.Add(week))
}

// TestScheduleFails: the failure stays until a rotation is done, and is tried again in
// the next window, not before.
func TestScheduleFails(t *testing.T) {
	t.Parallel()
	fail := func(g *Group, now time.Time) { g.FailRotation(cache.Quote("no disk"), now) }
	for name, c := range map[string]struct {
		end    func(*Group, time.Time)
		failed string
	}{
		"failed": {fail, "failed: no disk"},
		"rolled back": {func(g *Group, now time.Time) {
			walk(t, g, rotation.RolledBack, now)
			g.Settle(now, nil)
		}, "rolled-back: clients still use"},
		"cancelled": {func(g *Group, now time.Time) {
			_, _ = g.Turn(rotation.Cancel, now)
			_, _ = g.Turn(rotation.Conclude(0), now)
		}, ""},
	} {
		g := scheduled(t, 30, t1)
		_, first := g.DueRotation(noon)
		g.StartScheduledRotation(testSalt, first.Add(time.Minute))
		c.end(g, first.Add(time.Hour))
		if g.TakeRotation(); g.Rotation != nil {
			t.Fatalf("%s: it is not over", name)
		}
		s := g.RotationSchedule
		if s.Failed.Empty() != (c.failed == "") || !strings.Contains(s.Failed.Text, c.failed) {
			t.Errorf("%s: %q", name, s.Failed)
		}
		next := first.Add(week)
		if c.failed == "" {
			next = first.Add(5 * week) // 30 days later, and up to Sunday
		}
		wantDue(t, g, next.Add(-1), false, next)
		wantDue(t, g, next, true, next)
	}
}

// TestScheduleCannotBegin: a group whose change was never finished cannot take another
// token; that date has failed, and says why.
func TestScheduleCannotBegin(t *testing.T) {
	t.Parallel()
	for _, held := range [][]token.Digest{{none, t1}, {t1, t2}} {
		g := scheduled(t, 1, held...)
		events := g.StartScheduledRotation(testSalt, firstWindow)
		s := g.RotationSchedule
		if len(events) != 1 || !strings.Contains(events[0].Message, "two credentials") || g.Rotation != nil || !strings.Contains(s.Failed.Text, "two credentials") {
			t.Errorf("%v, %+v", events, s)
		}
		wantDue(t, g, firstWindow.Add(week-1), false, firstWindow.Add(week))
		g.Tokens = setOf(t1)
		if _, err := g.StartRotation(rotationSpec(), rotation.Requested, testSalt, firstWindow.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		finishRotation(t, g, firstWindow.Add(2*time.Hour))
		if s := g.RotationSchedule; !s.Failed.Empty() || !s.FailedAt.IsZero() {
			t.Errorf("after a rotation by hand that is done: %+v", s)
		}
	}
	g := scheduled(t, 1, t1)
	if events := g.FailScheduledRotation(cache.Quote("not allowed here"), firstWindow); len(events) != 1 || g.RotationSchedule.Failed.Text != "not allowed here" {
		t.Errorf("%v, %+v", events, g.RotationSchedule)
	}
	if _, err := g.SetRotationSchedule(1, rotationSpec(), firstWindow); err != nil || !g.RotationSchedule.Failed.Empty() {
		t.Errorf("set anew: %v, %+v", err, g.RotationSchedule)
	}
}

func TestSetRotationScheduleRefuses(t *testing.T) {
	t.Parallel()
	ask, adopt := rotationSpec(), rotation.Spec{Adopt: true}
	ask.Finish.Ask = true
	for name, c := range map[string]struct {
		every int
		spec  rotation.Spec
		kind  cache.Kind
	}{
		"no days":       {0, rotationSpec(), cache.KindInvalid},
		"too many days": {1001, rotationSpec(), cache.KindInvalid},
		"ask":           {1, ask, cache.KindCombination},
		"finish only":   {1, adopt, cache.KindCombination},
		"no delivery":   {1, rotation.Spec{}, cache.KindCombination},
	} {
		g := rotating(t1)
		if _, err := g.SetRotationSchedule(c.every, c.spec, noon); !cache.IsKind(err, c.kind) || g.RotationSchedule != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	g := rotating(t1)
	if _, err := g.DropRotationSchedule(noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("ended without one: %v", err)
	}
	g = scheduled(t, 1, t1)
	if _, err := g.DropRotationSchedule(noon); err != nil || g.RotationSchedule != nil {
		t.Errorf("ended: %v", err)
	}
	for text, want := range map[string]int{"30d": 30, "7": 7, "": 0, "0": 0, "1h": 0, "-1d": 0, "1001d": 0} {
		if got, err := rotation.ParseEvery(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

// TestWindowStart: it is in the window, the moment before is not, and none is skipped.
func TestWindowStart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		window := rapid.SampledFrom([]string{cache.DefaultMaintenanceWindow, "sun:00:00-sun:01:00", "sat:23:30-sun:00:30", "wed:12:00-wed:13:00"}).Draw(t, "window")
		after := noon.Add(time.Duration(rapid.Int64Range(0, int64(400*day)).Draw(t, "after")))
		start := cache.WindowStart(window, after)
		if start.Before(after) || start.Sub(after) >= week || !cache.InMaintenanceWindow(window, start) || cache.InMaintenanceWindow(window, start.Add(-1)) {
			t.Errorf("%s after %s: %s", window, after, start)
		}
		if !cache.WindowStart(window, start).Equal(start) || !cache.WindowStart(window, start.Add(1)).Equal(start.Add(week)) {
			t.Errorf("%s: the window at %s is skipped, or found twice", window, start)
		}
	})
}
