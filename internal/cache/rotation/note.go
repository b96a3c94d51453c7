package rotation

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// This file has the steps that leave a rotation where it is.

// NoteEvicted records that connections of the old credential were ended.
func NoteEvicted(connections int64) Step {
	return func(r *Rotation, _ token.Set, _ time.Time) (Effect, error) {
		if err := r.from(Watching); err != nil {
			return Effect{}, err
		}
		first := r.Evicted == 0
		r.Evicted += connections
		if !first {
			return Effect{}, nil
		}
		return tell(cache.Say(cache.FactEvicting, "old", r.Old, "time", r.Spec.EvictOver)), nil
	}
}

// NoteProblem records what holds the rotation up; empty: nothing does any more, which the
// next step says too. Only the first problem is told as an event: it may be worded anew with
// each try.
func NoteProblem(problem cache.Saying) Step {
	return func(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
		if err := r.underWay(); err != nil {
			return Effect{}, err
		}
		first := r.Problem.Empty()
		r.Problem, r.ProblemAt = problem, now
		if !first || problem.Empty() {
			return Effect{}, nil
		}
		return tell(cache.Say(cache.FactHeldUp, "problem", problem)), nil
	}
}

// Note records what the rotation's owner should know, once.
func Note(note cache.Saying) Step {
	return func(r *Rotation, _ token.Set, _ time.Time) (Effect, error) {
		if err := r.underWay(); err != nil {
			return Effect{}, err
		}
		if r.Noted(note) {
			return Effect{}, nil
		}
		r.Notes = append(r.Notes, note)
		return tell(note), nil
	}
}

// Noted reports whether the rotation's owner was told that already.
func (r *Rotation) Noted(note cache.Saying) bool {
	return slices.ContainsFunc(r.Notes, func(told cache.Saying) bool { return told.Text == note.Text })
}

// Stay changes nothing. It is for a rotation that is over and only has to be taken from its group.
func Stay(*Rotation, token.Set, time.Time) (Effect, error) { return Effect{}, nil }
