package process

import (
	"context"
	"sync"

	"github.com/aikagi/aikagi/internal/provider"
)

// exitQueue holds ends of processes until they are taken, without a bound: their
// number is bounded by the starts that the caller of the provider makes.
type exitQueue struct {
	out   chan provider.Exit
	added chan struct{} // has an element if waiting may not be empty

	mu      sync.Mutex
	waiting []provider.Exit
}

func newExitQueue() *exitQueue {
	return &exitQueue{out: make(chan provider.Exit), added: make(chan struct{}, 1)}
}

// put never blocks.
func (q *exitQueue) put(e provider.Exit) {
	q.mu.Lock()
	q.waiting = append(q.waiting, e)
	q.mu.Unlock()
	select {
	case q.added <- struct{}{}:
	default:
	}
}

// deliver sends in order what was put, until ctx ends.
func (q *exitQueue) deliver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-q.added:
		}
		for _, e := range q.take() {
			select {
			case <-ctx.Done():
				return
			case q.out <- e:
			}
		}
	}
}

func (q *exitQueue) take() []provider.Exit {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.waiting
	q.waiting = nil
	return taken
}
