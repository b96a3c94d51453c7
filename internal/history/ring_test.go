package history

import (
	"testing"
	"unsafe"
)

// The package's comment states these figures.
func TestMemoryOfANode(t *testing.T) {
	t.Parallel()
	if size := unsafe.Sizeof(sample{}); size != 184 {
		t.Errorf("a sample has %d bytes", size)
	}
	if fineMost+coarseMost != 362 {
		t.Errorf("%d samples at the most", fineMost+coarseMost)
	}
	for name, c := range map[string]struct{ step, most int }{
		"watched": {2, 362}, "not watched": {60, 72}, "faster than it should be": {1, 362},
	} {
		var r ring
		for second := 0; second < 3*3600; second += c.step {
			r.add(said(int64(second), nil))
			n, room := len(r.coarse)+len(r.fine), cap(r.coarse)+cap(r.fine)
			if n > c.most || room > 2*c.most+16 {
				t.Fatalf("%s, second %d: %d samples, room for %d", name, second, n, room)
			}
		}
	}
}

func TestRingThinsOut(t *testing.T) {
	t.Parallel()
	var r ring
	const end = 2 * 3600
	for second := int64(0); second <= end; second += 2 {
		r.add(said(second, nil))
	}
	got := r.samples()
	if first := got[0].at / 1000; first != end-3600+60 {
		t.Errorf("begins at %d", first)
	}
	for i := 1; i < len(got); i++ {
		at, distance := got[i].at/1000, (got[i].at-got[i-1].at)/1000
		want := int64(60)
		if at > end-600+2 {
			want = 2
		}
		// Where the two meet, the distance is what is left of the minute.
		if distance != want && (at <= end-600 || distance > 60) {
			t.Fatalf("%d s before %d", distance, at)
		}
	}
	if len(r.fine) != 300 || got[len(got)-1].at != end*1000 {
		t.Errorf("%d fine ones, ends at %d", len(r.fine), got[len(got)-1].at)
	}
}

func TestRingOfAPacedNodeAndGaps(t *testing.T) {
	t.Parallel()
	var r ring
	for second := int64(0); second < 1800; second += 2 { // silent for 3 minutes but for one answer in the second
		if silentThen := second >= 120 && second < 300; silentThen && second != 200 {
			r.add(silent(second))
		} else {
			r.add(said(second, nil))
		}
	}
	answers := map[int64]bool{}
	for _, s := range r.coarse {
		answers[s.at/60_000] = s.answered()
	}
	for minute, want := range map[int64]bool{1: true, 2: false, 3: true, 4: false, 5: true} {
		if got, there := answers[minute]; !there || got != want {
			t.Errorf("minute %d: answered %v, there %v", minute, got, there)
		}
	}
}

func TestRingWhenTheClockIsSet(t *testing.T) {
	t.Parallel()
	var r ring
	for _, second := range []int64{7200, 7202, 7202, 7201} {
		r.add(said(second, nil))
	}
	if len(r.samples()) != 2 {
		t.Errorf("%d samples of 2 times", len(r.samples()))
	}
	r.add(said(3600, nil))
	if got := r.samples(); len(got) != 1 || got[0].at != 3600_000 {
		t.Errorf("set back: %+v", got)
	}
}
