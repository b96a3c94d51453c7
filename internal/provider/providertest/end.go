package providertest

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

func (s Suite) stop(t *testing.T) {
	s.check(t, "lets the process save and waits for it", func(t *testing.T, p *plane) {
		state := p.startServing(node, Serve)
		if err := p.Stop(p.context(), node); err != nil {
			t.Fatal(err)
		}
		p.wantPhase(node, provider.PhaseStopped)
		if saved := p.read(node, SavedFile); saved != strconv.Itoa(state.PID) {
			t.Errorf("saved by %s, want %d", saved, state.PID)
		}
		if got := p.Inspect(node); got.LastExit != "exit status 0" || !got.Saved || got.ExitedAt.IsZero() {
			t.Errorf("state %+v, want exit status 0 and saved", got)
		}
		p.startServing(node, Serve)
		if p.Inspect(node).Saved {
			t.Error("a running node counts as saved")
		}
		if err := p.Kill(p.context(), node); err != nil {
			t.Fatal(err)
		}
		if p.Inspect(node).Saved {
			t.Error("a killed node counts as saved")
		}
	})
	s.check(t, "leaves the process if ctx ends first", func(t *testing.T, p *plane) {
		state := p.startServing(node, Deaf)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		if err := p.Stop(ctx, node); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Stop() = %v, want the context's error", err)
		}
		p.wantPhase(node, provider.PhaseRunning)
		if pid, _ := p.ask(node); pid != state.PID {
			t.Errorf("process %d answers, want %d", pid, state.PID)
		}
	})
	s.check(t, "shows that it is stopping", func(t *testing.T, p *plane) {
		p.startServing(node, Deaf)
		stopped := make(chan error, 1)
		go func() { stopped <- p.Stop(p.context(), node) }()
		p.waitPhase(node, provider.PhaseStopping)
		if err := p.Start(p.context(), node, p.launch(Serve)); !errors.Is(err, provider.ErrRunning) {
			t.Errorf("Start() while stopping = %v, want ErrRunning", err)
		}
		if err := p.Kill(p.context(), node); err != nil {
			t.Errorf("Kill() while stopping = %v", err)
		}
		if err := <-stopped; err != nil {
			t.Errorf("Stop() = %v", err)
		}
	})
	s.check(t, "of a node that does not run", func(t *testing.T, p *plane) {
		s.noProcess(p, p.Stop)
	})
}

func (s Suite) kill(t *testing.T) {
	s.check(t, "ends a process in any state", func(t *testing.T, p *plane) {
		p.startServing(node, Deaf)
		if err := p.Kill(p.context(), node); err != nil {
			t.Fatal(err)
		}
		p.wantPhase(node, provider.PhaseStopped)
		if conn, err := p.Dial(p.context(), node); err == nil {
			conn.Close()
			t.Error("the process answers after Kill")
		}
	})
	s.check(t, "of a node that does not run", func(t *testing.T, p *plane) {
		s.noProcess(p, p.Kill)
	})
}

// noProcess wants end to succeed for nodes without a process.
func (s Suite) noProcess(p *plane, end func(context.Context, provider.NodeName) error) {
	if err := end(p.context(), node); err != nil {
		p.t.Errorf("of an absent node: %v", err)
	}
	p.wantPhase(node, provider.PhaseAbsent)
	p.install(node)
	if err := end(p.context(), node); err != nil {
		p.t.Errorf("of a stopped node: %v", err)
	}
	p.wantPhase(node, provider.PhaseStopped)
}

func (s Suite) remove(t *testing.T) {
	s.check(t, "kills the process and removes the files", func(t *testing.T, p *plane) {
		p.startServing(node, Deaf)
		if err := p.Remove(p.context(), node); err != nil {
			t.Fatal(err)
		}
		p.wantPhase(node, provider.PhaseAbsent)
		if e := p.exit(); e.Node != node || !e.Requested {
			t.Errorf("exit %+v, want a requested one of %s", e, node)
		}
		if _, err := p.ReadFile(node, GreetingFile); !errors.Is(err, provider.ErrAbsent) {
			t.Errorf("ReadFile() = %v, want ErrAbsent", err)
		}
		p.install(node)
		if _, err := p.ReadFile(node, GreetingFile); err == nil {
			t.Error("a file outlived Remove")
		}
		if got := p.Inspect(node); got.Incarnation != 0 || got.LastExit != "" {
			t.Errorf("installed anew the node is %+v, want no history", got)
		}
	})
	s.check(t, "of a node that does not exist", func(t *testing.T, p *plane) {
		for _, name := range []provider.NodeName{node, "", "..", "a/b"} {
			if err := p.Remove(p.context(), name); err != nil {
				t.Errorf("Remove(%q) = %v", name, err)
			}
		}
	})
	s.check(t, "can be repeated", func(t *testing.T, p *plane) {
		p.install(node)
		for range 2 {
			if err := p.Remove(p.context(), node); err != nil {
				t.Error(err)
			}
		}
	})
}
