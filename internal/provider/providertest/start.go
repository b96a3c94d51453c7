package providertest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
)

func (s Suite) start(t *testing.T) {
	s.check(t, "runs the program in the node's directory", func(t *testing.T, p *plane) {
		p.start(node, Serve)
		if _, greeting := p.ask(node); greeting != "hello" {
			t.Errorf("program read %q from %s, want hello", greeting, GreetingFile)
		}
	})
	s.check(t, "returns when the program runs", func(t *testing.T, p *plane) {
		before := time.Now()
		state := p.start(node, Serve)
		if state.Phase != provider.PhaseRunning || state.PID == 0 || state.Incarnation != 1 {
			t.Errorf("after Start the state is %+v, want running, a PID and incarnation 1", state)
		}
		if state.StartedAt.Before(before.Add(-time.Second)) || state.StartedAt.After(time.Now()) {
			t.Errorf("StartedAt = %v, want about %v", state.StartedAt, before)
		}
	})
	s.check(t, "a node that runs", func(t *testing.T, p *plane) {
		before := p.start(node, Serve)
		if err := p.Start(p.context(), node, p.launch(Serve)); !errors.Is(err, provider.ErrRunning) {
			t.Errorf("Start() = %v, want ErrRunning", err)
		}
		if after := p.Inspect(node); after.PID != before.PID {
			t.Errorf("PID changed from %d to %d", before.PID, after.PID)
		}
	})
	s.check(t, "a node that is not there", func(t *testing.T, p *plane) {
		if err := p.Start(p.context(), node, p.launch(Serve)); !errors.Is(err, provider.ErrAbsent) {
			t.Errorf("Start() = %v, want ErrAbsent", err)
		}
		p.wantPhase(node, provider.PhaseAbsent)
	})
	s.check(t, "an engine that is not installed", func(t *testing.T, p *plane) {
		p.install(node)
		later, other := Engine, Engine
		later.Version, other.Engine = "1.0.1", "other"
		for _, missing := range []cache.EngineVersion{later, other, {}} {
			err := p.Start(p.context(), node, provider.Launch{Engine: missing})
			if !errors.Is(err, provider.ErrNoBinary) || !strings.Contains(err.Error(), missing.String()) {
				t.Errorf("Start(%s) = %v, want ErrNoBinary with the version", missing, err)
			}
			p.wantPhase(node, provider.PhaseStopped)
		}
		p.start(node, Serve) // it can be started after that
		p.ask(node)
	})
	s.check(t, "again after an end", func(t *testing.T, p *plane) {
		first := p.startServing(node, Serve)
		if err := p.Kill(p.context(), node); err != nil {
			t.Fatal(err)
		}
		launch := p.launch(Serve)
		launch.Incarnation = 2
		if err := p.Start(p.context(), node, launch); err != nil {
			t.Fatal(err)
		}
		second := p.Inspect(node)
		if pid, _ := p.ask(node); pid != second.PID || pid == first.PID || second.Incarnation != 2 {
			t.Errorf("process %d answers, state %+v, first %d", pid, second, first.PID)
		}
	})
}

func (s Suite) inspect(t *testing.T) {
	s.check(t, "absent", func(t *testing.T, p *plane) {
		if got, want := p.Inspect(node), (provider.State{Node: node, Phase: provider.PhaseAbsent}); got != want {
			t.Errorf("Inspect() = %+v, want %+v", got, want)
		}
		if list := p.List(); len(list) != 0 {
			t.Errorf("List() = %+v, want none", list)
		}
	})
	s.check(t, "no process", func(t *testing.T, p *plane) {
		p.startServing(node, Serve)
		if err := p.Kill(p.context(), node); err != nil {
			t.Fatal(err)
		}
		got := p.Inspect(node)
		if got.Phase != provider.PhaseStopped || got.PID != 0 || !got.StartedAt.IsZero() || got.Incarnation != 1 {
			t.Errorf("Inspect() = %+v, want stopped, no PID, no StartedAt, incarnation 1", got)
		}
		if got.LastExit != "signal: killed" {
			t.Errorf("LastExit = %q, want signal: killed", got.LastExit)
		}
	})
	s.check(t, "list has every node", func(t *testing.T, p *plane) {
		p.start("b.u1", Serve)
		p.install("a.u1")
		p.install("c.u1")
		if err := p.Remove(p.context(), "c.u1"); err != nil {
			t.Fatal(err)
		}
		list := p.List()
		if len(list) != 2 || list[0] != p.Inspect("a.u1") || list[1] != p.Inspect("b.u1") {
			t.Errorf("List() = %+v, want a.u1 and b.u1 as Inspect has them", list)
		}
	})
}
