package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache"
)

// recorder is a reconciler that notes when it was called, and does what it is told.
type recorder struct {
	mu    sync.Mutex // guards all below
	began time.Time
	calls map[cache.Key][]time.Duration // since began
	do    func(ctx context.Context, key cache.Key, call int) (Result, error)
}

func (r *recorder) Reconcile(ctx context.Context, key cache.Key) (Result, error) {
	r.mu.Lock()
	r.calls[key] = append(r.calls[key], time.Since(r.began))
	call := len(r.calls[key])
	r.mu.Unlock()
	return r.do(ctx, key, call)
}

func (r *recorder) of(key cache.Key) []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls[key]
}

// inBubble runs a loop in a bubble of its own, where time passes as soon as everybody
// waits, and checks that Run returns when its context ends.
func inBubble(t *testing.T, workers int, do func(context.Context, cache.Key, int) (Result, error), test func(*Loop, *recorder)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{began: time.Now(), calls: map[cache.Key][]time.Duration{}, do: do}
		l := New(Options{Reconciler: r, Workers: workers, Logger: slog.New(slog.DiscardHandler)})
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		test(l, r)
		end()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		before := len(r.of(one)) + len(r.of(two))
		time.Sleep(time.Hour)
		if after := len(r.of(one)) + len(r.of(two)); after != before {
			t.Errorf("%d calls after Run has returned", after-before)
		}
	})
}

var (
	one = cache.NewKey(cache.ResourceReplicationGroup, "one")
	two = cache.NewKey(cache.ResourceReplicationGroup, "two")
)

func quick(context.Context, cache.Key, int) (Result, error) { return Done(), nil }

func lasting(d time.Duration) func(context.Context, cache.Key, int) (Result, error) {
	return func(context.Context, cache.Key, int) (Result, error) {
		time.Sleep(d)
		return Done(), nil
	}
}

func wantCalls(t *testing.T, got, want []time.Duration) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times of the calls (-want +got):\n%s", diff)
	}
}

// Keys that are added before anybody looks are looked at once.
func TestCoalesce(t *testing.T) {
	t.Parallel()
	r := &recorder{calls: map[cache.Key][]time.Duration{}, do: quick, began: time.Now()}
	l := New(Options{Reconciler: r, Workers: 2, Logger: slog.New(slog.DiscardHandler)})
	for range 100 {
		l.Add(one)
		l.Add(two)
	}
	if len(l.queue) != 2 {
		t.Errorf("%d keys in the queue, want 2", len(l.queue))
	}
	inBubble(t, 2, quick, func(l *Loop, r *recorder) {
		for range 100 {
			l.Add(one)
		}
		synctest.Wait()
		l.Add(one) // idle again
		synctest.Wait()
		if n := len(r.of(one)); n < 2 || n > 100 {
			t.Errorf("%d calls", n)
		}
		if len(l.items) != 0 {
			t.Errorf("%d keys are kept although nothing is to be done about them", len(l.items))
		}
	})
}

// A key that is added, however often, while it is looked at is looked at once more,
// after that and by nobody else meanwhile.
func TestAddWhileRunning(t *testing.T) {
	t.Parallel()
	inBubble(t, 8, lasting(time.Second), func(l *Loop, r *recorder) {
		l.Add(one)
		synctest.Wait()
		for range 10 {
			l.Add(one)
			synctest.Wait()
		}
		time.Sleep(10 * time.Second)
		wantCalls(t, r.of(one), []time.Duration{0, time.Second})
	})
}

// One key never has two workers, and different keys do not wait for each other.
func TestWorkers(t *testing.T) {
	t.Parallel()
	var running, most atomic.Int64
	work := func(_ context.Context, key cache.Key, _ int) (Result, error) {
		if key == one {
			defer running.Add(-1)
			if n := running.Add(1); n > most.Load() {
				most.Store(n)
			}
		}
		time.Sleep(time.Second)
		return Done(), nil
	}
	inBubble(t, 4, work, func(l *Loop, r *recorder) {
		for range 40 {
			l.Add(one)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(300 * time.Millisecond)
		began := time.Since(r.began)
		l.Add(one)
		l.Add(two)
		synctest.Wait()
		wantCalls(t, r.of(two), []time.Duration{began})
		time.Sleep(5 * time.Second)
		if most.Load() != 1 {
			t.Errorf("%d workers looked at one key", most.Load())
		}
	})
}

// With one worker, keys take turns in the order in which they came.
func TestTurns(t *testing.T) {
	t.Parallel()
	inBubble(t, 1, lasting(time.Second), func(l *Loop, r *recorder) {
		l.Add(one)
		synctest.Wait()
		l.Add(two)
		l.Add(one) // runs: behind two
		time.Sleep(10 * time.Second)
		wantCalls(t, r.of(one), []time.Duration{0, 2 * time.Second})
		wantCalls(t, r.of(two), []time.Duration{time.Second})
	})
}

var errTest = errors.New("on purpose")

// Errors are retried after delays that double up to the longest, and begin anew
// after a success.
func TestBackoff(t *testing.T) {
	t.Parallel()
	const failures = 13
	failing := func(_ context.Context, _ cache.Key, call int) (Result, error) {
		if call == failures+1 {
			return After(time.Minute), nil
		}
		return After(time.Hour), errTest // the time counts only without an error
	}
	inBubble(t, 2, failing, func(l *Loop, r *recorder) {
		l.Add(one)
		time.Sleep(5 * time.Minute)
		want, at, delay := []time.Duration{0}, time.Duration(0), backoffFirst
		for range failures {
			at += delay
			want = append(want, at)
			delay = min(2*delay, backoffLongest)
		}
		at += time.Minute // asked for by the success
		want = append(want, at, at+backoffFirst, at+3*backoffFirst)
		if got := r.of(one); len(got) > len(want) {
			wantCalls(t, got[:len(want)], want)
		} else {
			wantCalls(t, got, want)
		}
	})
}

// What is added while it waits for its retry is looked at once, at once; the failures
// still count.
func TestAddDuringBackoff(t *testing.T) {
	t.Parallel()
	failing := func(_ context.Context, _ cache.Key, call int) (Result, error) {
		if call > 3 {
			return Done(), nil
		}
		return Done(), errTest
	}
	inBubble(t, 2, failing, func(l *Loop, r *recorder) {
		l.Add(one)
		time.Sleep(10 * time.Millisecond)
		l.Add(one)
		time.Sleep(time.Hour)
		second := 10 * time.Millisecond
		wantCalls(t, r.of(one), []time.Duration{0, second, second + 2*backoffFirst, second + 6*backoffFirst})
	})
}

// A key that asked for a later look and is added before gets one look now; the later
// one is not due any more unless it is asked for again.
func TestLaterLook(t *testing.T) {
	t.Parallel()
	later := func(_ context.Context, _ cache.Key, call int) (Result, error) {
		if call < 3 {
			return After(time.Minute), nil
		}
		return Done(), nil
	}
	inBubble(t, 2, later, func(l *Loop, r *recorder) {
		l.Add(one)
		time.Sleep(time.Second)
		l.Add(one)
		time.Sleep(time.Hour)
		wantCalls(t, r.of(one), []time.Duration{0, time.Second, time.Second + time.Minute})
	})
}

// Run ends the calls that are under way through their context, waits for them, and
// does not count that as a failure of theirs.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	var returned atomic.Bool
	inBubble(t, 2, func(ctx context.Context, _ cache.Key, _ int) (Result, error) {
		<-ctx.Done()
		time.Sleep(time.Second) // tidies up
		returned.Store(true)
		return Done(), ctx.Err()
	}, func(l *Loop, _ *recorder) {
		l.Add(one)
		synctest.Wait()
	})
	if !returned.Load() {
		t.Error("Run did not wait for its worker")
	}
}

// TestAgain: who asks for another look at once comes after those who wait already.
func TestAgain(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var order []cache.Key
	var added chan struct{} // of the bubble
	busy := func(_ context.Context, key cache.Key, call int) (Result, error) {
		<-added
		mu.Lock()
		defer mu.Unlock()
		order = append(order, key)
		if key == one && call < 3 {
			return Again(), nil
		}
		return Done(), nil
	}
	inBubble(t, 1, busy, func(l *Loop, _ *recorder) {
		added = make(chan struct{})
		l.Add(one)
		l.Add(two)
		close(added)
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if want := []cache.Key{one, two, one, one}; !slices.Equal(order, want) {
			t.Errorf("looked at %v, want %v", order, want)
		}
	})
}
