package reconcile

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// The delays after errors about one key in a row: the first, and the longest.
const (
	backoffFirst   = 50 * time.Millisecond
	backoffLongest = 30 * time.Second
)

// Reconciler brings one group closer to what it should be. It returns the time
// after which it wants to look again (0: only when told to). An error is logged
// and retried with growing delays.
type Reconciler interface {
	Reconcile(ctx context.Context, key cache.Key) (again time.Duration, err error)
}

// Options are what a Loop needs.
type Options struct {
	Reconciler Reconciler
	Workers    int // how many keys are looked at at the same time
	Logger     *slog.Logger
}

// Loop calls a reconciler for the keys that it is given.
type Loop struct {
	options Options
	ready   chan struct{} // holds a value while queue may not be empty

	mu    sync.Mutex // guards all below
	queue []cache.Key
	items map[cache.Key]*item
}

// item is the state of one key; a key without one is idle.
type item struct {
	running  bool
	queued   bool // in the queue, or to be queued when the run ends
	failures int
	timer    *time.Timer // nil: no delayed look is due
}

// New makes a loop that does nothing until Run.
func New(options Options) *Loop {
	return &Loop{options: options, ready: make(chan struct{}, 1), items: map[cache.Key]*item{}}
}

// Add asks for a look at a key, soon. It never blocks.
func (l *Loop) Add(key cache.Key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(key)
}

// Run looks at keys until ctx ends and all workers have returned.
func (l *Loop) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range max(l.options.Workers, 1) {
		workers.Go(func() { l.work(ctx) })
	}
	workers.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range l.items {
		it.stopTimer()
	}
	return nil
}

func (l *Loop) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.ready:
		}
		for ctx.Err() == nil {
			key, ok := l.take()
			if !ok {
				break
			}
			again, err := l.options.Reconciler.Reconcile(ctx, key)
			if err != nil && ctx.Err() == nil {
				l.options.Logger.Warn("reconcile", "key", key, "error", err)
			}
			l.finish(key, again, err)
		}
	}
}

// add queues a key. The caller holds mu.
func (l *Loop) add(key cache.Key) {
	it := l.items[key]
	if it == nil {
		it = &item{}
		l.items[key] = it
	}
	it.stopTimer()
	if it.queued {
		return
	}
	it.queued = true
	if !it.running {
		l.queue = append(l.queue, key)
		l.signal()
	}
}

func (l *Loop) take() (cache.Key, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return "", false
	}
	key := l.queue[0]
	l.queue = l.queue[1:]
	l.items[key].queued, l.items[key].running = false, true
	if len(l.queue) > 0 {
		l.signal() // there is work for another worker too
	}
	return key, true
}

func (l *Loop) finish(key cache.Key, again time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	it := l.items[key]
	it.running = false
	if err != nil {
		again = min(backoffFirst<<min(it.failures, 16), backoffLongest)
		it.failures++
	} else {
		it.failures = 0
	}
	switch {
	case it.queued:
		l.queue = append(l.queue, key)
		l.signal()
	case again > 0:
		it.timer = time.AfterFunc(again, func() { l.Add(key) })
	default:
		delete(l.items, key)
	}
}

func (l *Loop) signal() {
	select {
	case l.ready <- struct{}{}:
	default:
	}
}

func (it *item) stopTimer() {
	if it.timer != nil {
		it.timer.Stop()
		it.timer = nil
	}
}
