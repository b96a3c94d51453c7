package trial

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/server"
)

// plane is the control plane of a trial: the real binary, or, where its clock is to
// jump, the same code inside this process. No tool can give the binary another clock:
// it does not ask the C library.
type plane struct {
	*harness.Server
	inside *inside

	mu     sync.Mutex // held while the control plane is replaced; guards deaths, and the server's URL
	deaths int
}

// inside is a control plane in this process.
type inside struct {
	offset atomic.Int64 // how far its clock is ahead
	end    func() error
}

func newPlane(tb testing.TB, program string, f Fault) (*plane, error) {
	p := &plane{Server: harness.New(tb)}
	p.Program = program
	if f.Clock {
		p.inside = &inside{}
		tb.Cleanup(func() { _ = p.inside.end() })
	}
	if f.SmallDisk != "" {
		if err := p.mount(tb, filepath.Join(p.Dir, f.SmallDisk)); err != nil {
			return nil, err
		}
	}
	if p.inside != nil {
		return p, p.startInside(program)
	}
	return p, p.TryStart()
}

func (p *plane) startInside(program string) error {
	p.inside.end = func() error { return nil }
	ctx, cancel := context.WithCancel(context.Background())
	s, err := server.New(ctx, server.Options{
		Listen: "127.0.0.1:0", DataDir: p.Dir, AddressRange: netip.MustParsePrefix(p.Range), Dev: true,
		EngineModule: filepath.Join(filepath.Dir(program), module.Name()), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Now().Add(time.Duration(p.inside.offset.Load())) },
	})
	if err != nil {
		cancel()
		return err
	}
	p.URL = s.URL()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	p.inside.end = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	return nil
}

// keepAlive starts the control plane again whenever it ends, as a service manager
// does, until the context ends.
func (p *plane) keepAlive(ctx context.Context) error {
	for p.inside == nil {
		select {
		case <-ctx.Done():
			return nil
		case <-p.Exited():
		}
		if err := p.revive(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *plane) revive(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Err() != nil {
		return nil
	}
	p.deaths++
	if err := p.TryStart(); err != nil {
		return fmt.Errorf("start control plane again: %w\n%s", err, p.Output())
	}
	return nil
}

// client returns a client of the control plane; it waits while that is being replaced.
func (p *plane) client() (*client.Client, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return client.New(p.URL, p.Dir)
}

// url is where the control plane answers.
func (p *plane) url() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.URL
}

// died is how often the control plane was started again.
func (p *plane) died() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deaths
}

// kill ends the control plane with SIGKILL; keepAlive starts another after a while.
func (p *plane) kill(after func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = syscall.Kill(p.PID(), syscall.SIGKILL)
	<-p.Exited()
	after()
}

// errNotAllowed: the fault needs rights that this process does not have.
var errNotAllowed = errors.New("not allowed here")

// mount puts a small file system of its own on a directory, to be filled.
func (p *plane) mount(tb testing.TB, dir string) error {
	if err := mkdir(dir); err != nil {
		return err
	}
	if err := syscall.Mount("aikagi-chaos", dir, "tmpfs", 0, "mode=0700,size=24m"); err != nil {
		return fmt.Errorf("mount a small file system: %w (%w)", err, errNotAllowed)
	}
	tb.Cleanup(func() { // before the harness's own, which removes the directory
		p.kill(func() {})
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			for _, pid := range p.Nodes() {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			if syscall.Unmount(dir, 0) == nil {
				return
			}
		}
		tb.Errorf("%s is still mounted", dir)
	})
	return nil
}
