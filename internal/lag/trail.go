package lag

import (
	"math"
	"time"
)

// How the moments of a trail are thinned out.
const (
	momentsMax = 48
	fineFor    = time.Second            // younger ones are all kept
	coarse     = 500 * time.Millisecond // the distance of older ones
)

// Forever is longer than any bound.
const Forever time.Duration = math.MaxInt64

// Answer is an offset as a node told it.
type Answer struct {
	Offset int64
	Asked  time.Time // the question was sent
	Heard  time.Time // the answer was there
}

// Lag is how late a replica is. The zero Lag is that of one of which nothing is known.
type Lag struct {
	Known   bool
	AtLeast time.Duration
	AtMost  time.Duration // [Forever]: no bound is known
	Bytes   int64         // of the primary's writes that it does not have, about
	// LateFor is how long it has been found to be late by at least [Limit]; 0: it is not.
	LateFor time.Duration
}

// moment is an offset that a primary had.
type moment struct {
	offset int64
	by     time.Time // it had written so much by then
	until  time.Time // and no more until then
}

// trail is what a primary had written when, oldest first.
type trail []moment

// add takes in an answer of the primary.
func (t trail) add(a Answer) trail {
	if n := len(t); n > 0 {
		switch last := &t[n-1]; {
		case a.Offset < last.offset && !a.Asked.After(last.by):
			return t // two asked at the same time, and this answer is the older one
		case a.Offset < last.offset: // another line of writes
			t = t[:0]
		case a.Offset == last.offset:
			last.until = later(last.until, a.Asked)
			return t
		}
	}
	return append(t, moment{offset: a.Offset, by: a.Heard, until: a.Asked}).thin(a.Heard)
}

// thin forgets what is not needed for bounds that are about right.
func (t trail) thin(now time.Time) trail {
	kept := t[:0]
	for i, m := range t {
		old := now.Sub(m.by) > fineFor && i > 0 && i+1 < len(t)
		if old && t[i+1].by.Sub(kept[len(kept)-1].by) < coarse {
			continue
		}
		kept = append(kept, m)
	}
	if len(kept) > momentsMax {
		kept = kept[:copy(kept, kept[len(kept)-momentsMax:])]
	}
	return kept
}

// judge says how late a replica is that gave this answer.
func (t trail) judge(a Answer) Lag {
	if len(t) == 0 {
		return Lag{}
	}
	l := Lag{Known: true, AtMost: Forever, Bytes: max(0, t[len(t)-1].offset-a.Offset)}
	for _, m := range t {
		if m.offset > a.Offset {
			l.AtLeast = max(0, a.Asked.Sub(m.by))
			break
		}
		l.AtMost = max(0, a.Heard.Sub(m.until))
	}
	return l
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
