package trial

import (
	"context"
	"sync"
	"time"
)

const (
	pulseEvery = 5 * time.Millisecond
	pulseLate  = 15 * time.Millisecond // from one beat to the next: else this process was not held up
)

// pulse notes when this process, in which the clients are, did not get the processor: what they see then, they see late.
type pulse struct {
	mu   sync.Mutex // guards gaps
	gaps []gap
}

// gap is a time without a beat.
type gap struct{ from, to Instant }

// run beats until the context ends.
func (p *pulse) run(ctx context.Context) {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for last := now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		at := now()
		if at.Sub(last) > pulseLate {
			p.mu.Lock()
			p.gaps = append(p.gaps, gap{last, at})
			p.mu.Unlock()
		}
		last = at
	}
}

// held is for how long the process was held up between two instants.
func (p *pulse) held(from, to Instant) (sum time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.gaps {
		sum += max(0, min(g.to, to).Sub(max(g.from, from)))
	}
	return sum
}
