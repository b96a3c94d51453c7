package lag

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

// at is an answer that took no time.
func at(after time.Duration, offset int64) Answer {
	return Answer{Offset: offset, Asked: noon.Add(after), Heard: noon.Add(after)}
}

func TestTrailBounds(t *testing.T) {
	t.Parallel()
	var tr trail
	if got := tr.judge(at(0, 7)); got != (Lag{}) {
		t.Errorf("of nothing: %+v", got)
	}
	for i := range 4 { // 100 at 0 s, 200 at 1 s, ...
		tr = tr.add(at(time.Duration(i)*time.Second, int64(100*(i+1))))
	}
	const now = 10 * time.Second
	for _, c := range []struct {
		offset          int64
		atLeast, atMost time.Duration
		bytes           int64
	}{
		{99, 10 * time.Second, Forever, 301},
		{100, 9 * time.Second, 10 * time.Second, 300},
		{250, 8 * time.Second, 9 * time.Second, 150},
		{399, 7 * time.Second, 8 * time.Second, 1},
		{400, 0, 7 * time.Second, 0}, // nobody asked since; it is not late for all that is known
		{500, 0, 7 * time.Second, 0}, // the replica was asked later than its primary
	} {
		if got := tr.judge(at(now, c.offset)); got != (Lag{Known: true, AtLeast: c.atLeast, AtMost: c.atMost, Bytes: c.bytes}) {
			t.Errorf("at %d: %+v", c.offset, got)
		}
	}
}

// An answer that is under way for long widens the bounds, and does not shift them.
func TestSlowAnswersAreOnTheSafeSide(t *testing.T) {
	t.Parallel()
	slow := func(asked, heard time.Duration, offset int64) Answer {
		return Answer{Offset: offset, Asked: noon.Add(asked), Heard: noon.Add(heard)}
	}
	tr := trail(nil).add(slow(0, 3*time.Second, 100)).add(slow(4*time.Second, 6*time.Second, 200))
	got := tr.judge(slow(10*time.Second, 11*time.Second, 150))
	if got.AtLeast != 4*time.Second || got.AtMost != 11*time.Second {
		t.Errorf("%+v", got)
	}
}

// A primary that lost its writes, or is another process, begins anew; an answer that only came in the
// wrong order changes nothing.
func TestTrailOfAnotherLine(t *testing.T) {
	t.Parallel()
	tr := trail(nil).add(at(0, 100)).add(at(time.Second, 200))
	crossed := Answer{Offset: 190, Asked: noon.Add(time.Second - 1), Heard: noon.Add(time.Second + 1)}
	if got := tr.add(crossed); len(got) != 2 {
		t.Errorf("after answers that crossed: %v", got)
	}
	if got := tr.add(at(2*time.Second, 50)).judge(at(9*time.Second, 50)); got.AtLeast != 0 || got.AtMost != 7*time.Second {
		t.Errorf("after another line began: %+v", got)
	}
}

// Whatever is written, however fast, and whenever is asked: the bounds are true, and a trail stays short.
func TestTrailTellsTheTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type write struct {
			at     time.Time
			offset int64
		}
		var tr trail
		var writes []write // what the primary wrote, and when
		now, offset := noon, int64(0)
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "passes")) * time.Millisecond)
			if rapid.Bool().Draw(t, "writes") {
				offset += rapid.Int64Range(1, 1<<30).Draw(t, "bytes")
				writes = append(writes, write{now, offset})
			}
			if rapid.Bool().Draw(t, "is asked") {
				asked := now.Add(-time.Duration(rapid.IntRange(0, 1).Draw(t, "was under way")) * time.Microsecond)
				tr = tr.add(Answer{Offset: offset, Asked: asked, Heard: now.Add(time.Microsecond)})
			}
		}
		if len(tr) > momentsMax {
			t.Fatalf("%d moments", len(tr))
		}
		has := rapid.Int64Range(0, offset).Draw(t, "replica has")
		var truth time.Duration // the age of the oldest write that it does not have
		for _, w := range writes {
			if w.offset > has {
				truth = now.Sub(w.at)
				break
			}
		}
		got := tr.judge(Answer{Offset: has, Asked: now, Heard: now})
		if got.Known && (got.AtLeast > truth || got.AtMost < truth) {
			t.Fatalf("late by %s, found to be by %s to %s", truth, got.AtLeast, got.AtMost)
		}
	})
}
