package history

import (
	"slices"
	"time"
)

const (
	fineSpan   = 10 * time.Minute // in which every sample is kept
	coarseSpan = time.Hour        // in which one of each minute is
	coarseStep = time.Minute
	// The bounds also hold if somebody asks faster than he should.
	fineMost   = int(fineSpan/WatchedInterval) + 1
	coarseMost = int(coarseSpan/coarseStep) + 1
)

// ring is the samples of one node, oldest first. What leaves fine goes to coarse.
type ring struct{ coarse, fine []sample }

// samples returns all of them. They are the caller's.
func (r *ring) samples() []sample { return slices.Concat(r.coarse, r.fine) }

// add takes a sample that is younger than all others. One that is not is of two rounds at the same time,
// and is dropped; or the clock was set back, and what is kept would be in the future.
func (r *ring) add(s sample) {
	if n := len(r.fine); n > 0 && s.at <= r.fine[n-1].at {
		if r.fine[n-1].at-s.at < coarseStep.Milliseconds() {
			return
		}
		*r = ring{}
	}
	r.fine = append(r.fine, s)
	left := 0
	for ; len(r.fine)-left > fineMost || r.fine[left].at <= s.at-fineSpan.Milliseconds(); left++ {
		r.addCoarse(r.fine[left])
	}
	r.fine = drop(r.fine, left)
	left = 0
	for left < len(r.coarse) && (len(r.coarse)-left > coarseMost || r.coarse[left].at <= s.at-coarseSpan.Milliseconds()) {
		left++
	}
	r.coarse = drop(r.coarse, left)
}

// addCoarse keeps the first answer of each minute, or a gap if there was none.
func (r *ring) addCoarse(s sample) {
	last := len(r.coarse) - 1
	step := coarseStep.Milliseconds()
	switch {
	case last < 0 || r.coarse[last].at/step != s.at/step:
		r.coarse = append(r.coarse, s)
	case !r.coarse[last].answered():
		r.coarse[last] = s
	}
}

// drop forgets the first n, and gives back memory that is not needed any more.
func drop(samples []sample, n int) []sample {
	samples = slices.Delete(samples, 0, n)
	if cap(samples) > 2*len(samples)+8 {
		return slices.Clone(samples)
	}
	return samples
}
