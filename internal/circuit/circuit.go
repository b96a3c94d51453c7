// Package circuit keeps calls back from a service that has just failed.
//
//	          a call fails                    the rest is over
//	closed ────────────────▶ open: all fail ──────────────────▶ one call is tried ── answered ──▶ closed
//	                          ▲                                   │
//	                          └──── it fails: a longer rest ──────┘
//
// So whoever waits for a service in trouble asks neither for ever nor all at once, and knows at once why there is no answer.
package circuit

import (
	"fmt"
	"sync"
	"time"
)

// Breaker is for the calls of one service. Its zero value lets all through; whoever has it sets the times before the first call.
type Breaker struct {
	First, Longest time.Duration // of rests: each is twice as long as the one before
	Trial          time.Duration // how long the call after a rest may take before another one is tried

	mu       sync.Mutex // guards the rest; held for a look only
	failures int        // since the last call that was answered
	until    time.Time  // calls are kept back
	last     error
}

// Resting is why a call is kept back.
type Resting struct {
	Last error         // what the last call came to
	For  time.Duration // until one is tried
}

func (r *Resting) Error() string {
	return fmt.Sprintf("%s (it is asked again within %s)", r.Last, r.For.Round(time.Second)+time.Second)
}

// Unwrap returns the last failure.
func (r *Resting) Unwrap() error { return r.Last }

// Admit lets a call through, or returns a [*Resting].
func (b *Breaker) Admit(now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures == 0 {
		return nil
	}
	if now.Before(b.until) {
		return &Resting{Last: b.last, For: b.until.Sub(now)}
	}
	b.until = now.Add(b.Trial)
	return nil
}

// Note takes over how a call ended that was let through. Nil is for every answer, also one that refuses what was asked for: the next call may be
// about something else.
func (b *Breaker) Note(failure error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if failure == nil {
		b.failures, b.until, b.last = 0, time.Time{}, nil
		return
	}
	rest := min(b.First<<min(b.failures, 10), b.Longest)
	b.failures++
	b.until, b.last = now.Add(rest), failure
}
