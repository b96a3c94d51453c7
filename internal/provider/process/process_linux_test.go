package process_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

func TestEnvironment(t *testing.T) {
	t.Parallel()
	p, _ := open(t, process.Options{Dir: tempDir(t)})
	pid := startSleeping(t, p, node)

	const want = "PATH=/usr/local/bin:/usr/bin:/bin\x00LANG=C\x00"
	var environ []byte
	var fds []os.DirEntry
	var err error
	// At first the environment cannot be seen yet, and the program opens files of its own.
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline) && (string(environ) != want || len(fds) != 4); {
		environ, err = os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err != nil {
			t.Fatal(err)
		}
		fds, err = os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	}
	if string(environ) != want {
		t.Errorf("environment = %q, want %q", environ, want)
	}
	if err != nil || len(fds) != 4 {
		t.Errorf("descriptors = %v, %v, want 0 to 3", fds, err)
	}
	if session, err := unix.Getsid(pid); err != nil || session != pid {
		t.Errorf("session = %d, %v, want %d", session, err, pid)
	}
	var core, files unix.Rlimit
	err = errors.Join(unix.Prlimit(pid, unix.RLIMIT_CORE, nil, &core), unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &files))
	if err != nil || core.Max != 0 || files.Cur != files.Max {
		t.Errorf("limits: core %+v, files %+v, %v", core, files, err)
	}
}

// Descriptors that the control plane was given without close-on-exec, as by a service
// manager, are not passed on.
func TestForeignDescriptorIsNotInherited(t *testing.T) {
	fd, err := unix.Open("/dev/zero", unix.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	p, _ := open(t, process.Options{Dir: tempDir(t)})
	pid := startSleeping(t, p, node)
	links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, link := range links {
		if to, _ := os.Readlink(link); to == "/dev/zero" {
			t.Errorf("%s is /dev/zero", link)
		}
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "nodes")
	p, _ := open(t, process.Options{Dir: dir})
	install(t, p, node, provider.File{Name: "tls/key.pem", Data: []byte("secret")})
	start(t, p, node, sleeping())
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// startStopped returns an engine on which SIGSTOP has acted. A program that does not
// handle SIGTERM would not do: that signal's default action kills a stopped process too.
func startStopped(t *testing.T, p *process.Provider) (pid int) {
	t.Helper()
	install(t, p, node, engineFiles()...)
	pid = start(t, p, node, engineLaunch(engines[0]))
	waitReady(t, p, node)
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestStoppedProcess(t *testing.T) {
	t.Parallel()
	p, _ := open(t, process.Options{Dir: tempDir(t)})
	pid := startStopped(t, p)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := p.Stop(ctx, node); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Stop() = %v, want the context's error", err)
	}
	if err := p.Kill(within(t), node); err != nil {
		t.Errorf("Kill() = %v", err)
	}
	if alive(pid) {
		t.Error("process lives after Kill")
	}
}

// The address of a unix socket has at most 107 bytes.
func TestDeepDirectory(t *testing.T) {
	t.Parallel()
	for _, program := range engines {
		t.Run(filepath.Base(program), func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(tempDir(t), strings.Repeat("deep/", 40))
			p, _ := open(t, process.Options{Dir: dir})
			install(t, p, node, engineFiles()...)
			start(t, p, node, engineLaunch(program))
			waitReady(t, p, node)
		})
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	p, _ := open(t, process.Options{Dir: dir})
	install(t, p, node, provider.File{Name: "f", Data: []byte("old")})
	install(t, p, "new.u1")
	big := provider.File{Name: "f", Data: bytes.Repeat([]byte("x"), 8<<20)}
	if err := p.Install(within(t), node, []provider.File{big}); !errors.Is(err, provider.ErrFull) {
		t.Errorf("Install() = %v, want ErrFull", err)
	}
	if f, err := p.ReadFile(node, "f"); err != nil || string(f) != "old" {
		t.Errorf("file = %d bytes, %v, want the old one", len(f), err)
	}
	// The space comes back, as soon as no child that another test forks has the file open.
	small := provider.File{Name: "f", Data: bytes.Repeat([]byte("x"), 100<<10)}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if err := p.Install(within(t), node, []provider.File{small}); !errors.Is(err, provider.ErrFull) {
			break
		}
	}
	install(t, p, node, small)
	startSleeping(t, p, node)
	fill := filepath.Join(dir, string(node), "fill")
	if err := os.WriteFile(fill, make([]byte, 8<<20), 0o600); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("fill the disk: %v", err)
	}
	if err := p.Kill(within(t), node); err != nil {
		t.Errorf("Kill() with a full disk = %v", err)
	}
	if err := p.Start(within(t), "new.u1", sleeping()); !errors.Is(err, provider.ErrFull) {
		t.Errorf("Start() = %v, want ErrFull", err)
	}
	if err := p.Start(within(t), node, sleeping()); err != nil {
		t.Errorf("Start() of a node that was started before = %v", err)
	}
	if err := p.Remove(within(t), node); err != nil {
		t.Errorf("Remove() with a full disk = %v", err)
	}
}

// A program that cannot be executed, of an engine that was found.
func TestProgramThatCannotRun(t *testing.T) {
	t.Parallel()
	p, _ := open(t, process.Options{Dir: tempDir(t)})
	install(t, p, node)
	for _, program := range []string{"/bin", "/etc/hostname", "/bin/sh/not-there", "/not-there", "relative", ""} {
		err := p.Start(within(t), node, provider.Launch{Engine: named(program)})
		if !errors.Is(err, provider.ErrNoBinary) || !strings.Contains(err.Error(), program) {
			t.Errorf("Start(%q) = %v, want ErrNoBinary with the path", program, err)
		}
		if got := p.Inspect(node).Phase; got != provider.PhaseStopped {
			t.Errorf("phase = %s, want stopped", got)
		}
	}
	start(t, p, node, sleeping()) // it can be started after that
}

// A process that lived long ends a row of crashes.
func TestStableProcess(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	p, _ := open(t, process.Options{Dir: tempDir(t), Now: now})
	crash := func() provider.State {
		if err := unix.Kill(startSleeping(t, p, node), unix.SIGKILL); err != nil {
			t.Fatal(err)
		}
		takeExit(t, p)
		return p.Inspect(node)
	}
	var delays []time.Duration
	for range 12 {
		delays = append(delays, crash().RetryAt.Sub(now()).Round(100*time.Millisecond))
	}
	if !slices.IsSorted(delays) || delays[11] != 30*time.Second {
		t.Errorf("delays = %v, want them to grow to 30s", delays)
	}
	pid := startSleeping(t, p, node)
	ahead.Store(int64(provider.StableAfter + time.Second))
	if got := p.Inspect(node); got.Crashes != 0 || !got.RetryAt.IsZero() {
		t.Errorf("after living long: %+v, want no crashes", got)
	}
	if err := unix.Kill(pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	takeExit(t, p)
	if got := p.Inspect(node); got.Crashes != 0 {
		t.Errorf("a process that lived long counts as crash %d", got.Crashes)
	}
	if got := crash(); got.Crashes != 1 {
		t.Errorf("the next crash counts as %d, want 1", got.Crashes)
	}
}

// A Stop in progress does not hold a Kill up.
func TestKillDoesNotQueue(t *testing.T) {
	t.Parallel()
	p, _ := open(t, process.Options{Dir: tempDir(t)})
	startStopped(t, p)
	stopped := make(chan error, 1)
	go func() { stopped <- p.Stop(within(t), node) }()
	eventually(t, "Stop to begin", func() bool { return p.Inspect(node).Phase == provider.PhaseStopping })
	if err := p.Kill(within(t), node); err != nil {
		t.Error(err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Stop() = %v", err)
	}
}

func TestCallsAfterRun(t *testing.T) {
	t.Parallel()
	p, release := open(t, process.Options{Dir: tempDir(t)})
	pid := startSleeping(t, p, node)
	release()
	for name, err := range map[string]error{
		"Install": p.Install(within(t), node, nil),
		"Start":   p.Start(within(t), node, sleeping()),
		"Kill":    p.Kill(within(t), node),
		"Remove":  p.Remove(within(t), node),
	} {
		if err == nil {
			t.Errorf("%s() = nil after Run has returned, want an error", name)
		}
	}
	if !alive(pid) {
		t.Error("the process ended with Run")
	}
}

// Starting nodes as other users ends no thread: the kernel would kill what else that thread had started with a
// signal for the death of its parent.
func TestStartEndsNoThread(t *testing.T) {
	t.Parallel()
	if err := process.CheckUsers(t.Context()); err != nil {
		t.Skipf("nodes cannot run as other users here: %v", err)
	}
	var children []*exec.Cmd
	for range 20 {
		child := exec.Command("sleep", "600")
		child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		children = append(children, child)
		t.Cleanup(func() {
			_ = child.Process.Kill()
			_ = child.Wait() // it was killed
		})
	}
	p, _ := open(t, process.Options{Dir: tempDir(t), OwnUsers: true})
	for i := range 20 {
		name := provider.NodeName(fmt.Sprintf("n%d.u1", i))
		install(t, p, name)
		start(t, p, name, sleeping())
	}
	for i, child := range children {
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child.Process.Pid)); err != nil || bytes.Contains(stat, []byte(") Z ")) {
			t.Errorf("child %d was killed: %s %v", i, stat, err)
		}
	}
}
