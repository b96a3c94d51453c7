package console

import (
	"sync"
	"time"
)

// refusals that are answered and logged one by one: so many at once, and then one a second.
const refusalsAtOnce = 10

// limiter counts refusals. The zero value has seen none.
type limiter struct {
	mu   sync.Mutex // guards both below
	used float64    // of refusalsAtOnce
	at   time.Time  // when that was so
}

// allow reports whether one more is within the limit.
func (l *limiter) allow(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.used = max(0, l.used-max(0, now.Sub(l.at).Seconds()))
	l.at = now
	if l.used > refusalsAtOnce-1 {
		return false
	}
	l.used++
	return true
}
