package providertest

import (
	"strconv"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

func (s Suite) run(t *testing.T) {
	t.Run("a process that ended in between is not delivered", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		first := s.open(t, dir)
		first.start(node, Serve)
		if err := first.Kill(first.context(), node); err != nil {
			t.Fatal(err)
		}
		first.end()
		second := s.open(t, dir)
		second.noExit()
	})
	if s.Survives {
		s.survives(t)
		return
	}
	t.Run("the next finds no node", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		first := s.open(t, dir)
		first.startServing(node, Serve)
		first.end()
		second := s.open(t, dir)
		if list := second.List(); len(list) != 0 {
			t.Errorf("List() = %+v, want none", list)
		}
	})
}

func (s Suite) survives(t *testing.T) {
	t.Run("processes outlive it and the next supervises them", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		first := s.open(t, dir)
		before := first.startServing(node, Serve)
		first.end()

		second := s.open(t, dir)
		after := second.Inspect(node)
		if shift := after.StartedAt.Sub(before.StartedAt).Abs(); shift > time.Second {
			t.Errorf("StartedAt moved by %v", shift)
		}
		after.StartedAt = before.StartedAt
		if after != before {
			t.Errorf("state after reopening = %+v, want %+v", after, before)
		}
		if pid, _ := second.ask(node); pid != before.PID {
			t.Errorf("process %d answers, want %d", pid, before.PID)
		}
		if err := second.Stop(second.context(), node); err != nil {
			t.Fatal(err)
		}
		if saved := second.read(node, SavedFile); saved != strconv.Itoa(before.PID) {
			t.Errorf("saved by %s, want %d", saved, before.PID)
		}
		if e := second.exit(); e.Node != node || !e.Requested {
			t.Errorf("exit %+v, want a requested one", e)
		}
	})
	t.Run("the next finds nodes without a process", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		first := s.open(t, dir)
		first.startServing("ran.u1", Serve)
		if err := first.Stop(first.context(), "ran.u1"); err != nil {
			t.Fatal(err)
		}
		first.install("never.u1", "f", "kept")
		first.install("gone.u1")
		if err := first.Remove(first.context(), "gone.u1"); err != nil {
			t.Fatal(err)
		}
		first.end()

		second := s.open(t, dir)
		if list := second.List(); len(list) != 2 {
			t.Errorf("List() = %+v, want never.u1 and ran.u1", list)
		}
		second.wantPhase("never.u1", provider.PhaseStopped)
		if f := second.read("never.u1", "f"); f != "kept" {
			t.Errorf("file = %q, want kept", f)
		}
		if ran := second.Inspect("ran.u1"); ran.Phase != provider.PhaseStopped || ran.Incarnation != 1 {
			t.Errorf("state = %+v, want stopped, incarnation 1", ran)
		}
	})
}
