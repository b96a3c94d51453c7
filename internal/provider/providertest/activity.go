package providertest

import (
	"errors"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

func (s Suite) activity(t *testing.T) {
	if !s.Activity {
		s.check(t, "cannot be told", func(t *testing.T, p *plane) {
			p.startServing(node, Serve)
			if _, err := provider.ActivityOf(p.Provider, node); !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("Activity() = %v, want errors.ErrUnsupported", err)
			}
		})
		return
	}
	s.check(t, "of a busy process", func(t *testing.T, p *plane) {
		p.start(node, Busy)
		before := p.activity()
		p.waitActivity("runs, and uses processor time", func(a provider.Activity) bool {
			return a.Runnable && a.CPU >= before.CPU+50*time.Millisecond
		})
	})
	s.check(t, "of an idle process", func(t *testing.T, p *plane) {
		p.startServing(node, Serve)
		p.waitActivity("sleeps", func(a provider.Activity) bool { return !a.Runnable })
	})
	s.check(t, "of a stopped process", func(t *testing.T, p *plane) {
		p.start(node, Halted)
		p.waitFile(node, SavedFile)
		p.waitActivity("has stopped", func(a provider.Activity) bool { return !a.Runnable && a.CPU > 0 })
		before := p.activity()
		// The suite's program serves at once when it is started: as long as that takes, a
		// process that runs could have used processor time.
		p.startServing("other.u1", Serve)
		if after := p.activity(); after != before {
			t.Errorf("Activity() = %+v, later %+v, want no change", before, after)
		}
	})
	s.check(t, "without a process", func(t *testing.T, p *plane) {
		if _, err := provider.ActivityOf(p.Provider, node); !errors.Is(err, provider.ErrAbsent) {
			t.Errorf("Activity() = %v, want ErrAbsent", err)
		}
		p.startServing(node, Serve)
		if err := p.Kill(p.context(), node); err != nil {
			t.Fatal(err)
		}
		if _, err := provider.ActivityOf(p.Provider, node); !errors.Is(err, provider.ErrNotRunning) {
			t.Errorf("Activity() = %v, want ErrNotRunning", err)
		}
	})
}

// waitFile waits until the node's process has written the file.
func (p *plane) waitFile(name provider.NodeName, file string) {
	p.t.Helper()
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if _, last = p.Stat(name, file); last == nil {
			return
		}
	}
	p.t.Fatalf("node %s has not written %s: %v", name, file, last)
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
