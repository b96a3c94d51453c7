package delivery

import (
	"context"
	"sync"
)

// targets are the files at which a call is, of all deliveries of the process: each call
// may come with a Delivery of its own, and two groups may name one file.
var targets = locks{held: map[string]chan struct{}{}}

// locks are locks by name. One that nobody holds takes no memory.
type locks struct {
	mu   sync.Mutex // guards held, and is never kept while waiting
	held map[string]chan struct{}
}

// lock waits until name is free, or for the end of ctx, whose error it returns then.
// The caller must call unlock once.
func (l *locks) lock(ctx context.Context, name string) (unlock func(), err error) {
	for {
		l.mu.Lock()
		busy, taken := l.held[name]
		if !taken {
			free := make(chan struct{})
			l.held[name] = free
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				delete(l.held, name)
				l.mu.Unlock()
				close(free)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
