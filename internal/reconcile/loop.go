package reconcile

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// The delays after errors about one key in a row: the first, and the longest.
const (
	backoffFirst   = 50 * time.Millisecond
	backoffLongest = 30 * time.Second
)

// Result says when a reconciler wants to look again. The zero value: when it is told to.
type Result struct {
	again bool
	after time.Duration
}

// Done rests until somebody asks for another look.
func Done() Result { return Result{} }

// Again looks at once, behind what is queued.
func Again() Result { return Result{again: true} }

// After looks when that time has passed, or when somebody asks. A time of 0 or less is Done.
func After(d time.Duration) Result { return Result{after: max(d, 0)} }

// Wait is how long to wait for the look that was asked for; ok is false when none was.
func (r Result) Wait() (d time.Duration, ok bool) { return r.after, r.again || r.after > 0 }

// Reconciler brings one group closer to what it should be. An error is logged
// and retried with growing delays, whatever the result.
type Reconciler interface {
	// Reconcile takes the next steps for one group, which may be gone, and says when to look at it again.
	Reconcile(ctx context.Context, key cache.Key) (Result, error)
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

	mu     sync.Mutex  // guards all below
	urgent []cache.Key // taken first
	queue  []cache.Key
	items  map[cache.Key]*item
}

// item is the state of one key; a key without one is idle.
type item struct {
	running  bool
	queued   bool // in a queue, or to be queued when the run ends
	urgent   bool // in the urgent one
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
	l.add(key, false)
}

// AddUrgent asks for a look at a key before all keys that are not urgent: where somebody
// waits for a write, and not only for a repair.
func (l *Loop) AddUrgent(key cache.Key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(key, true)
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
			result, err := l.options.Reconciler.Reconcile(ctx, key)
			if err != nil && ctx.Err() == nil {
				l.options.Logger.Warn("reconcile", "key", key, "error", err)
			}
			l.finish(key, result, err)
		}
	}
}

// add queues a key, or moves it to the urgent ones. The caller holds mu.
func (l *Loop) add(key cache.Key, urgent bool) {
	it := l.items[key]
	if it == nil {
		it = &item{}
		l.items[key] = it
	}
	it.stopTimer()
	switch {
	case it.queued && (it.urgent || !urgent):
		return
	case it.queued && !it.running:
		l.queue = slices.DeleteFunc(l.queue, func(k cache.Key) bool { return k == key })
	}
	it.queued, it.urgent = true, urgent
	if urgent {
		it.failures = 0 // what failed before need not fail now
	}
	if !it.running {
		l.push(key, it)
	}
}

// push puts a key into its queue. The caller holds mu.
func (l *Loop) push(key cache.Key, it *item) {
	if it.urgent {
		l.urgent = append(l.urgent, key)
	} else {
		l.queue = append(l.queue, key)
	}
	l.signal()
}

func (l *Loop) take() (cache.Key, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := &l.urgent
	if len(*from) == 0 {
		from = &l.queue
	}
	if len(*from) == 0 {
		return "", false
	}
	key := (*from)[0]
	*from = (*from)[1:]
	it := l.items[key]
	it.queued, it.urgent, it.running = false, false, true
	if len(l.urgent)+len(l.queue) > 0 {
		l.signal() // there is work for another worker too
	}
	return key, true
}

func (l *Loop) finish(key cache.Key, result Result, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	it := l.items[key]
	it.running = false
	if err != nil {
		result = After(min(backoffFirst<<min(it.failures, 16), backoffLongest))
		it.failures++
	} else {
		it.failures = 0
	}
	switch {
	case it.queued:
		l.push(key, it)
	case result.again:
		l.add(key, false)
	case result.after > 0:
		it.timer = time.AfterFunc(result.after, func() { l.Add(key) })
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
