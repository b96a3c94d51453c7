package health

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// TestStopIsSeenInTime stops the node at every moment of the monitor's round.
func TestStopIsSeenInTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		closely     bool
		least, most time.Duration
	}{
		{true, DefaultTimeout, CloseInterval + DefaultTimeout},
		{false, DefaultTimeout, Interval + 3*beat + DefaultTimeout},
	} {
		for at := time.Duration(0); at < Interval+100*time.Millisecond; at += 17 * time.Millisecond {
			bubble(t, c.closely, func(t *testing.T, f *fake, m *Monitor) {
				pass(at)
				f.halt()
				stopped := time.Now()
				pass(Interval + time.Second)
				wantHung(t, m, true)
				if took := m.Verdict(node).Since.Sub(stopped); took < c.least || took > c.most {
					t.Errorf("closely %t, stopped after %v: verdict took %v, want %v to %v", c.closely, at, took, c.least, c.most)
				}
			})
		}
	}
}

func TestAnswersAreNoted(t *testing.T) {
	t.Parallel()
	bubble(t, false, func(t *testing.T, f *fake, m *Monitor) {
		pass(5 * Interval)
		got := m.Verdict(node)
		if got.Role != engine.RolePrimary || got.Offset != 42 || time.Since(got.OffsetAt) > Interval+3*beat || got.Hung {
			t.Errorf("verdict %+v", got)
		}
		if asked, _ := f.count(); asked < 5 || asked > 6 {
			t.Errorf("asked %d times in five intervals", asked)
		}
		m.Watch(node, true)
		before, _ := f.count()
		pass(3 * time.Second)
		if asked, _ := f.count(); asked-before < 6 || asked-before > 7 {
			t.Errorf("asked %d times in three seconds, closely", asked-before)
		}
	})
}

func TestBusyIsNotHung(t *testing.T) {
	t.Parallel()
	for name, busy := range map[string]func(*fake){"uses processor time": (*fake).works, "waits for a processor": (*fake).waits} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
				busy(f)
				f.halt()
				began := time.Now()
				pass(14 * time.Second)
				wantHung(t, m, false)
				pass(2 * time.Second)
				wantHung(t, m, true)
				if took := m.Verdict(node).Since.Sub(began); took > 15*time.Second+CloseInterval {
					t.Errorf("verdict took %v", took)
				}
			})
			bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
				busy(f)
				f.halt()
				pass(5*time.Second + 123*time.Millisecond)
				f.asleep()
				pass(DefaultTimeout - 150*time.Millisecond)
				wantHung(t, m, false)
				pass(300 * time.Millisecond)
				wantHung(t, m, true)
			})
		})
	}
}

// TestOwnStarvationIsNotHeldAgainstNode: the control plane is not run for a while, in which
// the node was not either; or so it looks, for the answer is not read yet.
func TestOwnStarvationIsNotHeldAgainstNode(t *testing.T) {
	t.Parallel()
	for at := 10 * time.Millisecond; at < DefaultTimeout; at += 10 * time.Millisecond {
		bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
			pass(CloseInterval - time.Millisecond)
			f.halt()
			pass(at)
			f.starve(time.Minute)
			pass(DefaultTimeout - at)
			wantHung(t, m, false)
			pass(time.Millisecond)
			f.proceed()
			pass(time.Second)
			wantHung(t, m, false)
			if _, verdicts := f.count(); verdicts != 0 {
				t.Errorf("starved after %v: %d verdicts", at, verdicts)
			}
		})
	}
	// One that is starved all the time still comes to a verdict.
	bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
		f.halt()
		f.does(func() (provider.Activity, error) { return provider.Activity{}, nil })
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(50 * time.Millisecond):
					f.starve(50 * time.Millisecond)
				}
			}
		}()
		pass(7 * time.Second)
		wantHung(t, m, false)
		pass(2 * time.Second)
		wantHung(t, m, true)
		close(stop)
	})
}

// TestNobodyTells: where it cannot be told what a process does, the clock alone decides, and gives a busy node its time.
func TestNobodyTells(t *testing.T) {
	t.Parallel()
	bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
		f.halt()
		f.does(func() (provider.Activity, error) { return provider.Activity{}, errors.ErrUnsupported })
		pass(m.options.BusyTimeout - time.Second)
		wantHung(t, m, false)
		pass(3 * time.Second)
		wantHung(t, m, true)
	})
}

// TestAnswerGoesBeforeVerdict: it comes while the process is looked at for the last time.
func TestAnswerGoesBeforeVerdict(t *testing.T) {
	t.Parallel()
	bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
		f.halt()
		looks := 0
		f.does(func() (provider.Activity, error) {
			if looks++; looks == steps {
				f.proceed()
				for heard := m.heardOf(node); !heard.Load(); {
					runtime.Gosched()
				}
			}
			return provider.Activity{}, nil
		})
		pass(2 * time.Second)
		if _, verdicts := f.count(); looks != steps || verdicts != 0 {
			t.Errorf("%d verdicts after %d looks", verdicts, looks)
		}
	})
}

// heardOf is what says that the judge has heard of an answer.
func (m *Monitor) heardOf(node provider.NodeName) *atomic.Bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &m.nodes[node].judge.heard
}

func TestAnswerTakesVerdictBack(t *testing.T) {
	t.Parallel()
	bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
		before, release := m.Guard(t.Context(), node)
		defer release()
		other, releaseOther := m.Guard(t.Context(), "other.u1")
		defer releaseOther()
		f.halt()
		pass(time.Second)
		if cause := context.Cause(before); !errors.Is(cause, ErrHung) {
			t.Errorf("guard ended with %v, want ErrHung", cause)
		}
		late, releaseLate := m.Guard(t.Context(), node)
		defer releaseLate()
		if cause := context.Cause(late); !errors.Is(cause, ErrHung) {
			t.Errorf("guard of a hung node ended with %v, want ErrHung", cause)
		}
		f.proceed()
		synctest.Wait()
		wantHung(t, m, false)
		after, releaseAfter := m.Guard(t.Context(), node)
		defer releaseAfter()
		if before.Err() == nil || after.Err() != nil || other.Err() != nil {
			t.Errorf("guards: of before %v, of after %v, of another node %v", before.Err(), after.Err(), other.Err())
		}
		f.halt()
		pass(time.Second)
		if _, verdicts := f.count(); verdicts != 2 {
			t.Errorf("Hung was called %d times for two verdicts", verdicts)
		}
	})
}

func TestReleasedGuardsLeaveNothing(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	for range 3 {
		ctx, release := m.Guard(t.Context(), node)
		release()
		if !errors.Is(context.Cause(ctx), context.Canceled) {
			t.Errorf("released guard ended with %v", context.Cause(ctx))
		}
	}
	if len(m.guards) != 0 {
		t.Errorf("%d nodes with guards", len(m.guards))
	}
}

func TestConnection(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refusal error
		hung    bool
	}{
		"ends and is opened again": {nil, false},
		"cannot be opened":         {syscall.ECONNREFUSED, true},
		"is taken, and ended":      {syscall.ECONNRESET, false},
		"has no process":           {provider.ErrNotRunning, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
				f.close(errors.New("once"))
				pass(400 * time.Millisecond)
				f.close(c.refusal)
				pass(time.Second)
				wantHung(t, m, c.hung)
				if !c.hung {
					return
				}
				f.close(nil)
				pass(retryMost)
				wantHung(t, m, false)
			})
		})
	}
}

func TestGoneIsNotHung(t *testing.T) {
	t.Parallel()
	bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
		f.halt()
		pass(time.Second)
		wantHung(t, m, true)
		f.ended() // seen while the connection has not ended yet
		pass(time.Second)
		wantHung(t, m, false)
		f.close(provider.ErrNotRunning)
		f.proceed()
		pass(time.Second)
		before, _ := f.count()
		f.close(nil)
		f.asleep()
		pass(time.Minute)
		if asked, _ := f.count(); asked != before {
			t.Errorf("a node that is gone was asked %d times", asked-before)
		}
		m.Watch(node, true)
		pass(time.Second)
		if asked, _ := f.count(); asked == before {
			t.Error("a node that is watched again was not asked")
		}
	})
}

func TestForget(t *testing.T) {
	t.Parallel()
	bubble(t, true, func(t *testing.T, f *fake, m *Monitor) {
		pass(CloseInterval)
		f.halt()
		pass(700 * time.Millisecond)
		m.Forget(node)
		asked, _ := f.count()
		pass(time.Minute)
		if again, verdicts := f.count(); verdicts != 0 || again != asked || m.Verdict(node) != (Verdict{}) {
			t.Errorf("after Forget: %d verdicts, %d questions, %+v", verdicts, again-asked, m.Verdict(node))
		}
		m.Watch(node, true)
		pass(time.Second)
		wantHung(t, m, true)
		m.Forget(node)
		if m.Verdict(node).Hung {
			t.Error("a verdict outlived Forget")
		}
	})
}
