package providertest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

func (s Suite) exits(t *testing.T) {
	s.check(t, "asked for", func(t *testing.T, p *plane) {
		p.startServing(node, Serve)
		if err := p.Stop(p.context(), node); err != nil {
			t.Fatal(err)
		}
		if e := p.exit(); e.Node != node || !e.Requested || e.Reason != p.Inspect(node).LastExit || e.At.IsZero() {
			t.Errorf("exit %+v, want requested, %q", e, p.Inspect(node).LastExit)
		}
		p.noExit()
	})
	s.check(t, "not asked for", func(t *testing.T, p *plane) {
		p.start(node, Crash, "out of cheese")
		e := p.exit()
		if e.Node != node || e.Requested || e.Reason != p.Inspect(node).LastExit {
			t.Errorf("exit %+v, want not requested, %q", e, p.Inspect(node).LastExit)
		}
		if want := "exit status 3"; e.Reason != want {
			t.Errorf("reason %q, want %q", e.Reason, want)
		}
	})
	s.check(t, "leave the last lines", func(t *testing.T, p *plane) {
		if lines := p.LastLines(node); len(lines) != 0 {
			t.Errorf("a node that does not exist wrote %q", lines)
		}
		for _, words := range []string{"out of cheese", "and of bread"} {
			p.start(node, Crash, words)
			p.exit()
			if lines := p.LastLines(node); !slices.Equal(lines, []string{"[" + words + "]"}) {
				t.Errorf("last lines %q, want only what the last process wrote, %s", lines, words)
			}
		}
		p.startServing(node, Serve)
		if lines := p.LastLines(node); len(lines) != 0 {
			t.Errorf("last lines %q of a process that lives", lines)
		}
	})
	s.check(t, "wait to be taken", func(t *testing.T, p *plane) {
		const many = 30
		for range many {
			p.start(node, Serve)
			if err := p.Kill(p.context(), node); err != nil {
				t.Fatal(err)
			}
		}
		for range many {
			if e := p.exit(); !e.Requested {
				t.Errorf("exit %+v, want requested", e)
			}
		}
		p.noExit()
	})
}

func (s Suite) crashes(t *testing.T) {
	s.check(t, "count ends that nobody asked for", func(t *testing.T, p *plane) {
		for i, delay := range []time.Duration{100, 200, 400, 800} {
			p.start(node, Crash)
			e := p.exit()
			state := p.Inspect(node)
			if state.Crashes != i+1 || !state.RetryAt.Equal(e.At.Add(delay*time.Millisecond)) {
				t.Errorf("after crash %d: %d crashes, retry after %v; want retry after %v",
					i+1, state.Crashes, state.RetryAt.Sub(e.At), delay*time.Millisecond)
			}
		}
		p.startServing(node, Serve)
		if err := p.Stop(p.context(), node); err != nil {
			t.Fatal(err)
		}
		if got := p.Inspect(node).Crashes; got != 4 {
			t.Errorf("Crashes = %d after an end that was asked for, want 4", got)
		}
	})
	s.check(t, "none asked for is none", func(t *testing.T, p *plane) {
		p.startServing(node, Serve)
		if err := p.Kill(p.context(), node); err != nil {
			t.Fatal(err)
		}
		if got := p.Inspect(node); got.Crashes != 0 || !got.RetryAt.IsZero() {
			t.Errorf("after Kill: %+v, want no crash", got)
		}
	})
}

func (s Suite) concurrency(t *testing.T) {
	s.check(t, "one of many starts succeeds", func(t *testing.T, p *plane) {
		p.install(node)
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = p.Start(p.context(), node, p.launch(Serve)) })
		}
		all.Wait()
		started := 0
		for _, err := range errs {
			if err == nil {
				started++
			} else if !errors.Is(err, provider.ErrRunning) {
				t.Errorf("Start() = %v, want ErrRunning", err)
			}
		}
		if started != 1 {
			t.Errorf("%d starts succeeded, want 1", started)
		}
	})
	s.check(t, "every call at once", func(t *testing.T, p *plane) {
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				p.churn(provider.NodeName(fmt.Sprintf("n%d.u1", i%2)))
			})
		}
		all.Wait()
		for _, state := range p.List() {
			if err := p.Remove(p.context(), state.Node); err != nil {
				t.Error(err)
			}
		}
		if list := p.List(); len(list) != 0 {
			t.Errorf("List() = %+v after all were removed", list)
		}
	})
}

// churn makes calls that others make about the same node at the same time. Errors may only say so.
func (p *plane) churn(name provider.NodeName) {
	ctx := p.context()
	for range 5 {
		errs := []error{
			p.Install(ctx, name, []provider.File{{Name: "f", Data: []byte("x")}}),
			p.Start(ctx, name, p.launch(Serve)),
			p.Kill(ctx, name),
			p.Start(ctx, name, p.launch(Serve)),
			p.Remove(ctx, name),
		}
		p.Inspect(name)
		p.List()
		for i, err := range errs {
			if err != nil && !errors.Is(err, provider.ErrRunning) && !errors.Is(err, provider.ErrAbsent) {
				p.t.Errorf("call %d: %v", i, err)
			}
		}
	}
}
