package health

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// watch is the watch of one node. Its goroutine owns the fields that monitor.mu does not
// guard.
type watch struct {
	monitor *Monitor
	node    provider.NodeName
	again   chan struct{} // has an element after Watch was called

	// Guarded by monitor.mu:
	end     context.CancelFunc // nil until it runs
	closely bool
	verdict Verdict

	link  link
	judge *judge
	timer *time.Timer // of rest
}

// run asks the node again and again until ctx ends.
func (w *watch) run(ctx context.Context) {
	w.link.connect = func(ctx context.Context) (Pinger, error) { return w.monitor.options.Connect(ctx, w.node) }
	defer w.link.close()
	w.timer = time.NewTimer(0)
	defer w.timer.Stop()
	for ctx.Err() == nil {
		asked := w.monitor.options.Now()
		w.judge.begin(asked)
		a := w.link.ask(ctx)
		w.judge.end()
		heard := w.note(a)
		if a.sign == answered {
			w.monitor.options.Heard(w.node, a.view, asked, heard)
		}
		switch a.sign {
		case answered, refused:
			w.rest(ctx, asked)
		case gone:
			select {
			case <-ctx.Done():
			case <-w.again:
			}
		}
	}
}

// rest waits until the node is due to be asked again. Questions are asked at beats: to
// be woken for each alone would cost the control plane several times what the
// questions do.
func (w *watch) rest(ctx context.Context, asked time.Time) {
	asked = asked.Add(-(asked.Sub(w.monitor.epoch) % beat))
	for {
		interval := Interval + beat*rand.N[time.Duration](3)
		w.monitor.mu.Lock()
		if w.closely {
			interval = CloseInterval
		}
		w.monitor.mu.Unlock()
		w.timer.Reset(interval - w.monitor.options.Now().Sub(asked))
		select {
		case <-ctx.Done():
			return
		case <-w.timer.C:
			return
		case <-w.again:
		}
	}
}

// note takes what was heard into the verdict, and returns when that was.
func (w *watch) note(a answer) time.Time {
	m := w.monitor
	now := m.options.Now()
	if a.sign == nothing {
		return now
	}
	m.mu.Lock()
	before := w.verdict
	w.verdict.Hung, w.verdict.Since = false, time.Time{}
	if a.sign == answered {
		w.verdict.Role, w.verdict.Offset, w.verdict.OffsetAt = a.view.Role, a.view.Offset, now
	}
	m.mu.Unlock()
	if before.Hung {
		m.options.Logger.Info("node no longer hangs", "node", w.node, "gone", a.sign == gone, "hung_for", now.Sub(before.Since))
	}
	return now
}

// condemn lets the verdict fall, unless it has fallen already.
func (w *watch) condemn(s silence) {
	m := w.monitor
	m.mu.Lock()
	if w.verdict.Hung || m.nodes[w.node] != w {
		m.mu.Unlock()
		return
	}
	w.verdict.Hung, w.verdict.Since = true, m.options.Now()
	m.endGuards(w.node)
	m.mu.Unlock()
	m.options.Logger.Warn("node hangs", "node", w.node, "silent_for", s.waited, "busy", s.quiet < steps)
	m.options.Hung(w.node)
}
