package provider

import (
	"context"
	"sync"
)

// ExitQueue holds ends of processes until they are taken, for the Exits of an implementation. It has no
// bound: the number of ends is bounded by the starts that the caller of the provider makes. It is safe for
// concurrent use.
type ExitQueue struct {
	out   chan Exit
	added chan struct{} // has an element if waiting may not be empty

	mu      sync.Mutex // guards waiting
	waiting []Exit
}

// NewExitQueue makes an empty queue. Nothing comes out of it before Deliver.
func NewExitQueue() *ExitQueue {
	return &ExitQueue{out: make(chan Exit), added: make(chan struct{}, 1)}
}

// Out is where the ends are taken.
func (q *ExitQueue) Out() <-chan Exit { return q.out }

// Put never blocks.
func (q *ExitQueue) Put(e Exit) {
	q.mu.Lock()
	q.waiting = append(q.waiting, e)
	q.mu.Unlock()
	select {
	case q.added <- struct{}{}:
	default:
	}
}

// Deliver sends in order what was put, until ctx ends.
func (q *ExitQueue) Deliver(ctx context.Context) {
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

func (q *ExitQueue) take() []Exit {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.waiting
	q.waiting = nil
	return taken
}
