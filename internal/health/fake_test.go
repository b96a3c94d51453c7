package health

import (
	"context"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

const node provider.NodeName = "cache-0001.u1"

// fake is a process that does what the test says, in the time of the test's bubble.
type fake struct {
	mu       sync.Mutex
	wait     chan struct{} // closed when it answers
	shut     error         // to who connects
	activity func() (provider.Activity, error)
	questions,
	verdicts int
	lag time.Duration // of the control plane's clock
}

// fakeLink is a connection to it that lasts as long as ctx.
type fakeLink struct {
	*fake
	ctx context.Context
}

// bubble runs the test with a node that answers and is watched, closely or not.
func bubble(t *testing.T, closely bool, test func(*testing.T, *fake, *Monitor)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{wait: make(chan struct{})}
		close(f.wait)
		f.asleep()
		m := New(Options{
			Connect: f.connect,
			Activity: func(provider.NodeName) (provider.Activity, error) {
				f.mu.Lock()
				activity := f.activity
				f.mu.Unlock()
				return activity()
			},
			Hung: func(provider.NodeName) { f.mu.Lock(); defer f.mu.Unlock(); f.verdicts++ },
			Now:  f.now,
		})
		m.Watch(node, closely)
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan error)
		go func() { ran <- m.Run(ctx) }()
		synctest.Wait()
		test(t, f, m)
		cancel()
		if err := <-ran; err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
}

// pass lets time pass in the bubble.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func (f *fake) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Now().Add(f.lag)
}

func (f *fake) connect(ctx context.Context, _ provider.NodeName) (Pinger, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fakeLink{f, ctx}, f.shut
}

func (f fakeLink) Role(context.Context) (engine.RoleView, error) {
	return f.role(f.ctx)
}

func (fakeLink) Close() {}

func (f *fake) role(ctx context.Context) (engine.RoleView, error) {
	f.mu.Lock()
	f.questions++
	wait, shut := f.wait, f.shut
	f.mu.Unlock()
	if shut != nil {
		return engine.RoleView{}, io.EOF
	}
	select {
	case <-wait:
		return engine.RoleView{Role: engine.RolePrimary, Offset: 42}, nil
	case <-ctx.Done():
		return engine.RoleView{}, ctx.Err()
	}
}

// halt makes the node answer no more, proceed answer all.
func (f *fake) halt()    { f.mu.Lock(); defer f.mu.Unlock(); f.wait = make(chan struct{}) }
func (f *fake) proceed() { f.mu.Lock(); defer f.mu.Unlock(); close(f.wait) }

// close hangs up on who is connected, and then tells err to who connects; nil: lets in.
func (f *fake) close(err error) { f.mu.Lock(); defer f.mu.Unlock(); f.shut = err }

func (f *fake) does(activity func() (provider.Activity, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.activity = activity
}

func (f *fake) asleep() {
	f.does(func() (provider.Activity, error) { return provider.Activity{CPU: time.Second}, nil })
}

func (f *fake) waits() {
	f.does(func() (provider.Activity, error) { return provider.Activity{CPU: time.Second, Runnable: true}, nil })
}

// works uses processor time, but is not seen running.
func (f *fake) works() {
	began := time.Now()
	f.does(func() (provider.Activity, error) {
		return provider.Activity{CPU: time.Since(began).Truncate(10 * time.Millisecond)}, nil
	})
}

func (f *fake) ended() {
	f.does(func() (provider.Activity, error) { return provider.Activity{}, provider.ErrNotRunning })
}

// starve has the control plane's clock go on by d without a timer firing.
func (f *fake) starve(d time.Duration) { f.mu.Lock(); defer f.mu.Unlock(); f.lag += d }

// count is how often the node was asked, and condemned.
func (f *fake) count() (questions, verdicts int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.questions, f.verdicts
}

func wantHung(t *testing.T, m *Monitor, want bool) {
	t.Helper()
	if got := m.Verdict(node); got.Hung != want || got.Since.IsZero() == want {
		t.Errorf("verdict %+v, want hung: %t", got, want)
	}
}
