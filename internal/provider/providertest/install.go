package providertest

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"

	"github.com/aikagi/aikagi/internal/provider"
)

func (s Suite) install(t *testing.T) {
	s.check(t, "makes the node", func(t *testing.T, p *plane) {
		p.wantPhase(node, provider.PhaseAbsent)
		p.install(node)
		p.wantPhase(node, provider.PhaseStopped)
	})
	s.check(t, "writes files, in folders too", func(t *testing.T, p *plane) {
		p.install(node, "a", "1", "tls/deep/b", "2")
		if a, b := p.read(node, "a"), p.read(node, "tls/deep/b"); a != "1" || b != "2" {
			t.Errorf("files = %q, %q, want 1, 2", a, b)
		}
	})
	s.check(t, "replaces named files and keeps others", func(t *testing.T, p *plane) {
		p.install(node, "a", "old and long", "b", "stays")
		p.install(node, "a", "new")
		if a, b := p.read(node, "a"), p.read(node, "b"); a != "new" || b != "stays" {
			t.Errorf("files = %q, %q, want new, stays", a, b)
		}
	})
	s.check(t, "makes links, and files of them", func(t *testing.T, p *plane) {
		for _, file := range []provider.File{
			{Name: GreetingFile, Link: "/dev/null"}, {Name: GreetingFile, Link: "/etc/hostname"}, {Name: GreetingFile, Data: []byte("a file")},
		} {
			if err := p.Install(p.context(), node, []provider.File{file}); err != nil {
				t.Fatalf("Install(%+v) = %v", file, err)
			}
			if file.Link == "" {
				continue
			}
			if data, err := p.ReadFile(node, GreetingFile); err == nil {
				t.Errorf("ReadFile through a link that leads out = %q, want an error", data)
			}
		}
		if got := p.read(node, GreetingFile); got != "a file" {
			t.Errorf("file = %q", got)
		}
	})
	s.check(t, "replaces a file at once", replacesAtOnce)
	s.check(t, "does not disturb the process", func(t *testing.T, p *plane) {
		before := p.startServing(node, Serve)
		p.install(node, GreetingFile, "changed")
		if pid, greeting := p.ask(node); pid != before.PID || greeting != "changed" {
			t.Errorf("process %d answers %q, want %d, changed", pid, greeting, before.PID)
		}
	})
	s.check(t, "refuses names that lead out", func(t *testing.T, p *plane) {
		p.install(node)
		for _, name := range []string{"", ".", "..", "/abs", "../x", "a/../../x", "a/.."} {
			if err := p.Install(p.context(), node, []provider.File{{Name: name}}); err == nil {
				t.Errorf("Install(file %q) = nil, want an error", name)
			}
		}
		for _, name := range []provider.NodeName{"", ".", "..", "/abs", "../x", "a/b"} {
			if err := p.Install(p.context(), name, nil); err == nil {
				t.Errorf("Install(node %q) = nil, want an error", name)
			}
		}
		if list := p.List(); len(list) != 1 {
			t.Errorf("List() = %v, want %s only", list, node)
		}
	})
}

func (s Suite) setAside(t *testing.T) {
	s.check(t, "renames the file, and may be repeated", func(t *testing.T, p *plane) {
		p.install(node, "data", "12345")
		for range 2 {
			if err := p.SetAside(p.context(), node, "data", "data.kept"); err != nil {
				t.Fatal(err)
			}
		}
		if info, err := p.Stat(node, "data.kept"); err != nil || info.Size() != 5 {
			t.Errorf("Stat() = %v, %v, want 5 bytes", info, err)
		}
		if got := p.read(node, "data.kept"); got != "12345" {
			t.Errorf("the file that was kept has %q", got)
		}
		if _, err := p.ReadFile(node, "data"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file is still there: %v", err)
		}
	})
	s.check(t, "ends a row of crashes", func(t *testing.T, p *plane) {
		p.start(node, Crash)
		p.exit()
		p.install(node, "data", "1")
		if err := p.SetAside(p.context(), node, "data", "kept"); err != nil {
			t.Fatal(err)
		}
		if got := p.Inspect(node); got.Crashes != 0 || !got.RetryAt.IsZero() {
			t.Errorf("%d crashes, retry at %v; want none", got.Crashes, got.RetryAt)
		}
	})
	s.check(t, "refuses what is not there, and a node that runs", func(t *testing.T, p *plane) {
		if err := p.SetAside(p.context(), node, "data", "kept"); !errors.Is(err, provider.ErrAbsent) {
			t.Errorf("of no node: %v, want ErrAbsent", err)
		}
		p.install(node, "other", "1")
		if err := p.SetAside(p.context(), node, "data", "kept"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("of no file: %v, want fs.ErrNotExist", err)
		}
		p.startServing(node, Serve)
		if err := p.SetAside(p.context(), node, "other", "kept"); !errors.Is(err, provider.ErrRunning) {
			t.Errorf("of a node that runs: %v, want ErrRunning", err)
		}
	})
}

// replacesAtOnce reads while the file changes between two long contents.
func replacesAtOnce(t *testing.T, p *plane) {
	contents := [][]byte{bytes.Repeat([]byte("a"), 1<<20), bytes.Repeat([]byte("b"), 1<<20)}
	write := func(i int) error {
		return p.Install(p.context(), node, []provider.File{{Name: "f", Data: contents[i%2]}})
	}
	if err := write(0); err != nil {
		t.Fatal(err)
	}
	wrote := make(chan error, 1)
	go func() {
		var err error
		for i := range 10 {
			err = errors.Join(err, write(i))
		}
		wrote <- err
	}()
	for {
		if f := []byte(p.read(node, "f")); !bytes.Equal(f, contents[0]) && !bytes.Equal(f, contents[1]) {
			t.Errorf("read %d bytes that are neither the old nor the new file", len(f))
		}
		select {
		case err := <-wrote:
			if err != nil {
				t.Error(err)
			}
			return
		default:
		}
	}
}

func (s Suite) files(t *testing.T) {
	s.check(t, "a file that is not there", func(t *testing.T, p *plane) {
		p.install(node)
		if _, err := p.ReadFile(node, "no"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("ReadFile() = %v, want fs.ErrNotExist", err)
		}
	})
	s.check(t, "a node that is not there", func(t *testing.T, p *plane) {
		if _, err := p.ReadFile(node, "no"); !errors.Is(err, provider.ErrAbsent) {
			t.Errorf("ReadFile() = %v, want ErrAbsent", err)
		}
	})
	s.check(t, "a file outside", func(t *testing.T, p *plane) {
		p.install("other.u1", "f", "secret")
		p.install(node)
		if data, err := p.ReadFile(node, "../other.u1/f"); err == nil {
			t.Errorf("ReadFile() = %q, want an error", data)
		}
	})
	s.check(t, "dial reaches the process", func(t *testing.T, p *plane) {
		state := p.start(node, Serve)
		if pid, greeting := p.ask(node); pid != state.PID || greeting != "hello" {
			t.Errorf("process %d answers %q, want %d, hello", pid, greeting, state.PID)
		}
	})
	s.check(t, "dial without a process", func(t *testing.T, p *plane) {
		if _, err := p.Dial(p.context(), node); !errors.Is(err, provider.ErrAbsent) {
			t.Errorf("Dial() = %v, want ErrAbsent", err)
		}
		p.install(node)
		if _, err := p.Dial(p.context(), node); !errors.Is(err, provider.ErrNotRunning) {
			t.Errorf("Dial() = %v, want ErrNotRunning", err)
		}
	})
}
