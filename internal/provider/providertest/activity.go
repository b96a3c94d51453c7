package providertest

import (
	"errors"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// busy is a script that keeps a processor busy, halted one that does so for a moment
// and is then stopped by a signal. They are run by a shell because it has one thread
// only, of which it can be said whether it runs.
const (
	busy   = `while :; do :; done`
	halted = `i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; kill -STOP $$`
)

// activity is a capability: of a provider that lacks it, nothing is asked.
func (s Suite) activity(t *testing.T) {
	if _, ok := s.open(t, t.TempDir()).Provider.(provider.ActivityTeller); !ok {
		t.Skip("this provider cannot tell what processes do")
	}
	s.check(t, "of a busy process", func(t *testing.T, p *plane) {
		p.startShell(busy)
		before := p.activity()
		p.waitActivity("runs, and uses processor time", func(a provider.Activity) bool {
			return a.Runnable && a.CPU >= before.CPU+50*time.Millisecond
		})
	})
	s.check(t, "of an idle process", func(t *testing.T, p *plane) {
		p.startServing(node, serve)
		p.waitActivity("sleeps", func(a provider.Activity) bool { return !a.Runnable })
	})
	s.check(t, "of a stopped process", func(t *testing.T, p *plane) {
		p.startShell(halted)
		p.waitActivity("has stopped", func(a provider.Activity) bool { return !a.Runnable && a.CPU > 0 })
		before := p.activity()
		// The suite's program serves at once when it is started: as long as that takes, a
		// process that runs could have used processor time.
		p.startServing("other.u1", serve)
		if after := p.activity(); after != before {
			t.Errorf("Activity() = %+v, later %+v, want no change", before, after)
		}
	})
	s.check(t, "without a process", func(t *testing.T, p *plane) {
		if _, err := provider.ActivityOf(p.Provider, node); !errors.Is(err, provider.ErrAbsent) {
			t.Errorf("Activity() = %v, want ErrAbsent", err)
		}
		p.startServing(node, serve)
		if err := p.Kill(p.context(), node); err != nil {
			t.Fatal(err)
		}
		if _, err := provider.ActivityOf(p.Provider, node); !errors.Is(err, provider.ErrNotRunning) {
			t.Errorf("Activity() = %v, want ErrNotRunning", err)
		}
	})
}

func (p *plane) startShell(script string) {
	p.t.Helper()
	p.install(node)
	launch := provider.Launch{Program: "/bin/sh", Args: []string{"-c", script}}
	if err := p.Start(p.context(), node, launch); err != nil {
		p.t.Fatalf("Start(%s) = %v", node, err)
	}
}

func (p *plane) activity() provider.Activity {
	p.t.Helper()
	a, err := provider.ActivityOf(p.Provider, node)
	if err != nil {
		p.t.Fatalf("Activity(%s) = %v", node, err)
	}
	return a
}

func (p *plane) waitActivity(what string, is func(provider.Activity) bool) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if is(p.activity()) {
			return
		}
	}
	p.t.Fatalf("node %s is not one that %s: %+v", node, what, p.activity())
}
