package providertest

import (
	"context"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// patience bounds each wait of the suite.
const patience = 20 * time.Second

// node is the name that most subtests use.
const node provider.NodeName = "cache-0001.u1"

// plane is a control plane with nothing but a provider.
type plane struct {
	provider.Provider
	t   *testing.T
	end func() // ends Run as the end of a control plane does; processes go on
}

// open starts a control plane on the state in dir. When the test ends it removes all
// nodes.
func (s Suite) open(t *testing.T, dir string) *plane {
	t.Helper()
	p := &plane{Provider: s.Open(t, dir), t: t}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- p.Run(ctx) }()
	ended := false
	p.end = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		select {
		case err := <-ran:
			if err != nil {
				t.Errorf("Run() = %v after its context ended, want nil", err)
			}
		case <-time.After(patience):
			t.Errorf("Run did not return after its context ended")
		}
	}
	t.Cleanup(func() {
		if ended {
			s.open(t, dir) // for its own clean-up, should the test have opened no other
			return
		}
		for _, state := range p.List() {
			if err := p.Remove(context.Background(), state.Node); err != nil {
				t.Errorf("Remove(%s) = %v", state.Node, err)
			}
		}
		p.end()
	})
	return p
}

func (p *plane) context() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p.t.Cleanup(cancel)
	return ctx
}

// install writes the files, given as name, data, name, data, ….
func (p *plane) install(name provider.NodeName, files ...string) {
	p.t.Helper()
	var list []provider.File
	for i := 0; i < len(files); i += 2 {
		list = append(list, provider.File{Name: files[i], Data: []byte(files[i+1])})
	}
	if err := p.Install(p.context(), name, list); err != nil {
		p.t.Fatalf("Install(%s) = %v", name, err)
	}
}

func (p *plane) launch(way Way, args ...string) provider.Launch {
	return provider.Launch{Engine: Engine, Args: append([]string{marker, string(way)}, args...), Incarnation: 1}
}

// start installs the node and launches the program.
func (p *plane) start(name provider.NodeName, way Way, args ...string) provider.State {
	p.t.Helper()
	p.install(name, GreetingFile, "hello")
	if err := p.Start(p.context(), name, p.launch(way, args...)); err != nil {
		p.t.Fatalf("Start(%s) = %v", name, err)
	}
	return p.Inspect(name)
}

// startServing is start and waits until the program answers.
func (p *plane) startServing(name provider.NodeName, way Way, args ...string) provider.State {
	p.t.Helper()
	state := p.start(name, way, args...)
	p.ask(name)
	return state
}

// ask waits until the node's process answers on the admin socket.
func (p *plane) ask(name provider.NodeName) (pid int, greeting string) {
	p.t.Helper()
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		conn, err := p.Dial(p.context(), name)
		if err == nil {
			pid, greeting, err = readAnswer(conn)
			conn.Close()
		}
		if err == nil {
			return pid, greeting
		}
		last = err
	}
	p.t.Fatalf("node %s does not answer: %v", name, last)
	return 0, ""
}

// exit takes the next exit.
func (p *plane) exit() provider.Exit {
	p.t.Helper()
	select {
	case e := <-p.Exits():
		return e
	case <-time.After(patience):
		p.t.Fatal("no exit was delivered")
		return provider.Exit{}
	}
}

// noExit says that nothing is waiting to be taken. It is for moments at which an exit
// would have to be there already.
func (p *plane) noExit() {
	p.t.Helper()
	select {
	case e := <-p.Exits():
		p.t.Errorf("unexpected exit %+v", e)
	case <-time.After(20 * time.Millisecond):
	}
}

func (p *plane) wantPhase(name provider.NodeName, want provider.Phase) {
	p.t.Helper()
	if got := p.Inspect(name).Phase; got != want {
		p.t.Errorf("phase of %s = %s, want %s", name, got, want)
	}
}

func (p *plane) waitPhase(name provider.NodeName, want provider.Phase) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if p.Inspect(name).Phase == want {
			return
		}
	}
	p.t.Fatalf("phase of %s = %s, want %s", name, p.Inspect(name).Phase, want)
}

func (p *plane) read(name provider.NodeName, file string) string {
	p.t.Helper()
	data, err := p.ReadFile(name, file)
	if err != nil {
		p.t.Fatalf("ReadFile(%s, %s) = %v", name, file, err)
	}
	return string(data)
}
