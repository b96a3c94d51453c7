package health

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

const patience = 20 * time.Second

var (
	engines = []string{"/usr/bin/redis-server", "/usr/bin/valkey-server"}
	keyring = engine.NewKeyring(bytes.Repeat([]byte("k"), 32))
)

// named is a program as an engine that has it as its version.
func named(program string) cache.EngineVersion { return cache.EngineVersion{Version: program} }

var programs = func() map[cache.EngineVersion]string {
	all := map[cache.EngineVersion]string{}
	for _, program := range engines {
		all[named(program)] = program
	}
	return all
}()

// plane is a control plane with real processes and a monitor.
type plane struct {
	*process.Provider
	*Monitor
	hung chan time.Time // verdicts
	end  func()         // of the monitor's Run; waits for it
}

func newPlane(tb testing.TB) *plane {
	tb.Helper()
	dir, err := os.MkdirTemp("", "aikagi-health-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	p := &plane{hung: make(chan time.Time, 100)}
	if p.Provider, err = process.New(process.Options{Dir: dir, Programs: programs}); err != nil {
		tb.Fatal(err)
	}
	p.Monitor = New(Options{
		Connect: func(ctx context.Context, node provider.NodeName) (Pinger, error) {
			return engine.ConnectUntil(ctx, p.dial(node), keyring, "uid")
		},
		Activity: p.Activity,
		Hung:     func(provider.NodeName) { p.hung <- time.Now() },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 2)
	go func() { ran <- p.Provider.Run(ctx) }()
	watching, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.Monitor.Run(watching) }()
	p.end = func() { end(); <-ended; ended <- nil }
	tb.Cleanup(func() {
		p.end()
		for _, state := range p.List() {
			if err := p.Remove(context.Background(), state.Node); err != nil {
				tb.Error(err)
			}
		}
		cancel()
		<-ran
	})
	return p
}

func (p *plane) dial(node provider.NodeName) engine.Dial {
	return func(ctx context.Context) (net.Conn, error) { return p.Dial(ctx, node) }
}

// start runs an engine and returns when it answers.
func (p *plane) start(tb testing.TB, program string, node provider.NodeName, settings ...string) {
	tb.Helper()
	lines := append([]string{
		"port 0", "unixsocket " + provider.AdminSocket, "logfile " + provider.EngineLog, `save ""`,
		"enable-debug-command yes", "hz 1",
		"user " + engine.AdminUser + " on >" + keyring.Admin("uid").Reveal() + " ~* &* +@all",
	}, settings...)
	file := provider.File{Name: "engine.conf", Data: []byte(strings.Join(lines, "\n") + "\n")}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := p.Install(ctx, node, []provider.File{file}); err != nil {
		tb.Fatal(err)
	}
	if err := p.Start(ctx, node, provider.Launch{Engine: named(program), Args: []string{file.Name}}); err != nil {
		tb.Fatal(err)
	}
	eventually(tb, "engine to answer", func() bool { return p.command(node, "PING") == "+PONG" })
}

// command sends an inline command and returns the first line of the answer, or the error.
func (p *plane) command(node provider.NodeName, line string) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := p.Dial(ctx, node)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(conn, "%s\r\n", line)
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(answer)
}

func (p *plane) signal(tb testing.TB, signal unix.Signal) {
	tb.Helper()
	if err := unix.Kill(p.Inspect(node).PID, signal); err != nil {
		tb.Fatal(err)
	}
}

// waitHung returns how long after began the verdict fell.
func (p *plane) waitHung(tb testing.TB, began time.Time) time.Duration {
	tb.Helper()
	select {
	case at := <-p.hung:
		return at.Sub(began)
	case <-time.After(patience):
		tb.Fatal("no verdict")
		return 0
	}
}

// heardSince waits for an answer that came after the moment.
func (p *plane) heardSince(tb testing.TB, moment time.Time) {
	tb.Helper()
	eventually(tb, "an answer", func() bool {
		v := p.Verdict(node)
		return v.OffsetAt.After(moment) && !v.Hung
	})
}

func eventually(tb testing.TB, what string, is func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if is() {
			return
		}
	}
	tb.Fatalf("waited in vain for %s", what)
}

// eachEngine runs the test with a node of every engine that is watched closely and has
// answered.
func eachEngine(t *testing.T, test func(*testing.T, *plane)) {
	t.Helper()
	for _, program := range engines {
		t.Run(filepath.Base(program), func(t *testing.T) {
			t.Parallel()
			p := newPlane(t)
			p.start(t, program, node)
			p.Watch(node, true)
			p.heardSince(t, time.Time{})
			test(t, p)
		})
	}
}

func TestEngineStopped(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, p *plane) {
		for range 3 {
			guarded, release := p.Guard(t.Context(), node)
			defer release()
			stopped := time.Now()
			p.signal(t, unix.SIGSTOP)
			took := p.waitHung(t, stopped)
			t.Logf("verdict %v after SIGSTOP", took.Round(time.Millisecond))
			// The bound is 950 ms; the rest is for the machine that runs the test. Benchmarks measure it.
			if took > 5*time.Second {
				t.Errorf("verdict took %v", took)
			}
			if !errors.Is(context.Cause(guarded), ErrHung) {
				t.Errorf("guard ended with %v", context.Cause(guarded))
			}
			continued := time.Now()
			p.signal(t, unix.SIGCONT)
			p.heardSince(t, continued)
			t.Logf("answer %v after SIGCONT", time.Since(continued).Round(100*time.Microsecond))
		}
		p.signal(t, unix.SIGSTOP)
		p.waitHung(t, time.Now())
		if err := p.Kill(t.Context(), node); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the verdict to be taken back", func() bool { return !p.Verdict(node).Hung })
	})
}

// TestEngineSleeps: to its clients an engine that sleeps hangs.
func TestEngineSleeps(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, p *plane) {
		began := time.Now()
		go p.command(node, "DEBUG SLEEP 2")
		t.Logf("verdict %v after DEBUG SLEEP", p.waitHung(t, began).Round(time.Millisecond))
		p.heardSince(t, began)
	})
}

// TestEngineBusy: an engine that works on a slow command does not, nor does one that
// answers that it is busy.
func TestEngineBusy(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, p *plane) {
		if answer := p.command(node, "CONFIG SET busy-reply-threshold 2500"); answer != "+OK" {
			t.Fatal(answer)
		}
		began := time.Now()
		go p.command(node, `EVAL "while true do end" 0`)
		eventually(t, "the script to end", func() bool { return p.command(node, "SCRIPT KILL") == "+OK" })
		if took := time.Since(began); took < 2*time.Second {
			t.Fatalf("script ended after %v", took)
		}
		p.heardSince(t, time.Now())
		select {
		case at := <-p.hung:
			t.Errorf("verdict %v after the script began", at.Sub(began))
		default:
		}
	})
}

// TestLinkKilled has the engine end the monitor's connection, again and again, and then let
// nobody in any more.
func TestLinkKilled(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, p *plane) {
		for range 5 {
			before := time.Now()
			if answer := p.command(node, "CLIENT KILL USER "+engine.AdminUser); answer == ":0" {
				t.Fatal("no connection was killed")
			}
			p.heardSince(t, before)
		}
		stay, err := p.Dial(t.Context(), node)
		if err != nil {
			t.Fatal(err)
		}
		defer stay.Close()
		answers := bufio.NewReader(stay)
		for _, c := range [][2]string{{"CONFIG SET maxclients 1", "+OK\r\n"}, {"CLIENT KILL USER " + engine.AdminUser, ":1\r\n"}} {
			fmt.Fprintf(stay, "%s\r\n", c[0])
			if answer, err := answers.ReadString('\n'); err != nil || answer != c[1] {
				t.Fatalf("%s: %q, %v", c[0], answer, err)
			}
		}
		select {
		case at := <-p.hung:
			t.Errorf("verdict at %v of an engine with too many clients", at)
		case <-time.After(1500 * time.Millisecond):
		}
	})
}

// TestRunEndsThoughNodeHangs: no call to a node keeps the control plane from ending.
func TestRunEndsThoughNodeHangs(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, p *plane) {
		p.signal(t, unix.SIGSTOP)
		p.waitHung(t, time.Now())
		began := time.Now()
		p.end()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("Run took %v to end", took)
		}
	})
}
