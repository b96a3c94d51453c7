package simulated_test

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/providertest"
	"github.com/aikagi/aikagi/internal/provider/simulated"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex // guards worlds
	worlds := map[string]*simulated.World{}
	providertest.Exercise(t, providertest.Suite{Survives: true, Open: func(t *testing.T, dir string) provider.Provider {
		mu.Lock()
		defer mu.Unlock()
		if worlds[dir] == nil {
			worlds[dir] = newWorld()
		}
		return open(t, worlds[dir])
	}})
}

func newWorld() *simulated.World {
	return simulated.NewWorld(map[cache.EngineVersion]simulated.Program{providertest.Engine: run}, netip.MustParsePrefix("10.1.2.0/28"))
}

func open(t *testing.T, w *simulated.World) *simulated.Provider {
	t.Helper()
	p, err := w.Open()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// run is the suite's program.
func run(c *simulated.Process) simulated.Behaviour {
	way, rest, _ := providertest.WayOf(c.Args())
	switch way {
	case providertest.Crash:
		c.Exit(3, providertest.Complaint(rest))
		return simulated.Behaviour{}
	case providertest.Deaf:
		return simulated.Behaviour{Serve: answer(c)}
	}
	return simulated.Behaviour{Serve: answer(c), Terminate: func() {
		if err := c.WriteFile(providertest.SavedFile, []byte(strconv.Itoa(c.PID()))); err == nil {
			c.Exit(0)
		}
	}}
}

func answer(c *simulated.Process) func(net.Conn) {
	return func(conn net.Conn) {
		greeting, _ := c.ReadFile(providertest.GreetingFile)
		providertest.Answer(conn, c.PID(), greeting)
	}
}

func TestOneProviderPerWorld(t *testing.T) {
	t.Parallel()
	w := newWorld()
	first := open(t, w)
	if _, err := w.Open(); err == nil {
		t.Error("two providers have one world")
	}
	release(t, first)
	release(t, open(t, w))
}

func TestCallsAfterRun(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p := open(t, w)
	if err := p.Install(t.Context(), "n.u1", nil); err != nil {
		t.Fatal(err)
	}
	release(t, p)
	if err := p.Start(t.Context(), "n.u1", provider.Launch{Engine: providertest.Engine}); err == nil {
		t.Error("a provider whose Run has returned starts a node")
	}
}

// What ends while nobody supervises it leaves no trace, like a process.
func TestEndOfTheWorld(t *testing.T) {
	t.Parallel()
	w := newWorld()
	first := open(t, w)
	if err := first.Install(t.Context(), "n.u1", nil); err != nil {
		t.Fatal(err)
	}
	if err := first.Start(t.Context(), "n.u1", provider.Launch{Engine: providertest.Engine, Incarnation: 7}); err != nil {
		t.Fatal(err)
	}
	release(t, first)
	w.End()
	second := open(t, w)
	defer release(t, second)
	want := provider.State{Node: "n.u1", Phase: provider.PhaseStopped, Incarnation: 7}
	if got := second.Inspect("n.u1"); got != want {
		t.Errorf("state = %+v, want %+v", got, want)
	}
}

func release(t *testing.T, p *simulated.Provider) {
	t.Helper()
	ended, end := context.WithCancel(t.Context())
	end()
	if err := p.Run(ended); err != nil {
		t.Error(err)
	}
}
