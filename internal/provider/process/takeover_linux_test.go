package process_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

const (
	planeMarker = "control-plane"
	planeNodes  = 6
	// What runPlane does once it has the directory.
	planeChurn   = "churn"   // starts, kills and removes nodes without end
	planeRelease = "release" // starts one node, lets go and lives on without reaping
)

func planeNode(i int) provider.NodeName {
	return provider.NodeName(fmt.Sprintf("n%d.u1", i))
}

// runPlane is a control plane for a test to kill. It prints a line when it is at work.
func runPlane(how, dir, program string) error {
	p, err := process.New(process.Options{Dir: dir})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- p.Run(ctx) }()
	if how == planeRelease {
		err = errors.Join(p.Install(ctx, node, nil), p.Start(ctx, node, sleeping()))
		cancel()
		err = errors.Join(err, <-ran)
		fmt.Println("released")
		if err == nil {
			time.Sleep(patience)
		}
		return err
	}
	fmt.Println("at work")
	var all sync.WaitGroup
	for i := range planeNodes {
		all.Go(func() {
			for life := time.Now(); time.Since(life) < patience; {
				_ = p.Install(ctx, planeNode(i), engineFiles())
				_ = p.Start(ctx, planeNode(i), engineLaunch(program))
				if i%2 == 0 {
					_ = p.Kill(ctx, planeNode(i))
				} else if i == 1 {
					_ = p.Remove(ctx, planeNode(i))
				}
			}
		})
	}
	all.Wait()
	return nil
}

// startPlane runs this program as a control plane and waits for its line.
func startPlane(t *testing.T, how, dir, program string) *exec.Cmd {
	t.Helper()
	plane := exec.Command(os.Args[0], planeMarker, how, dir, program)
	plane.Stderr = os.Stderr
	out, err := plane.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := plane.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Process.Kill(); _ = plane.Wait() })
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return plane
}

// A control plane is killed at many moments, in the midst of starts, kills and removals. The next
// one finds what runs, starts the rest, and never is there a node with two processes.
func TestTakeOverFromKilledControlPlane(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	for round := range 16 {
		program := engines[round%len(engines)]
		plane := startPlane(t, planeChurn, dir, program)
		time.Sleep(time.Duration(round*round) * time.Millisecond / 4) // the moment of death, not a wait
		if err := plane.Process.Kill(); err != nil {
			t.Fatal(err)
		}

		p, release := open(t, process.Options{Dir: dir})
		compare(t, p, dir)
		for i := range planeNodes {
			install(t, p, planeNode(i), engineFiles()...)
			if err := p.Start(within(t), planeNode(i), engineLaunch(program)); err != nil && !errors.Is(err, provider.ErrRunning) {
				t.Fatal(err)
			}
		}
		if got := len(compare(t, p, dir)); got != planeNodes {
			t.Errorf("round %d: %d nodes run, want %d", round, got, planeNodes)
		}
		for i := range planeNodes {
			waitReady(t, p, planeNode(i))
			if round%5 == 4 {
				if err := p.Remove(within(t), planeNode(i)); err != nil {
					t.Error(err)
				}
			}
		}
		compare(t, p, dir)
		release()
	}
}

// compare wants the provider to know exactly the processes that there are.
func compare(t *testing.T, p *process.Provider, dir string) map[string][]int {
	t.Helper()
	actual := living(t, dir)
	known := 0
	for _, s := range p.List() {
		pids := actual[string(s.Node)]
		switch {
		case s.PID == 0 && len(pids) == 0:
		case len(pids) == 1 && pids[0] == s.PID:
			known++
		default:
			t.Errorf("node %s: provider says %s, process %d; there are %v", s.Node, s.Phase, s.PID, pids)
		}
	}
	if known != len(actual) {
		t.Errorf("provider knows %d processes; there are %v", known, actual)
	}
	return actual
}

func TestTakeOverSeesTheEnd(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	// The parent of the process is neither the provider's process nor reaps it.
	startPlane(t, planeRelease, dir, "-")
	p, _ := open(t, process.Options{Dir: dir})
	state := p.Inspect(node)
	if state.Phase != provider.PhaseRunning || !alive(state.PID) {
		t.Fatalf("state = %+v, want a running process", state)
	}
	if age := time.Since(state.StartedAt); age < 0 || age > patience {
		t.Errorf("StartedAt is %v ago", age)
	}
	if err := unix.Kill(state.PID, unix.SIGSEGV); err != nil {
		t.Fatal(err)
	}
	if e := takeExit(t, p); e.Requested || e.Reason != "" {
		t.Errorf("exit %+v, want not requested, of unknown reason", e)
	}
	if err := unix.Kill(state.PID, 0); err != nil {
		t.Errorf("kill(pid, 0) = %v: the test wants a zombie here", err)
	}
	if got := p.Inspect(node); got.Phase != provider.PhaseStopped || got.Crashes != 1 {
		t.Errorf("state = %+v, want stopped with a crash", got)
	}
	startSleeping(t, p, node)
}

func TestZombieIsNotTakenOver(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	first, release := open(t, process.Options{Dir: dir})
	pid := startSleeping(t, first, node)
	release() // nobody reaps the child of this process from now on
	if err := unix.Kill(pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a zombie", func() bool { return !alive(pid) })
	second, _ := open(t, process.Options{Dir: dir})
	if got := second.Inspect(node); got.Phase != provider.PhaseStopped {
		t.Errorf("state = %+v, want stopped", got)
	}
	startSleeping(t, second, node)
	_, _ = unix.Wait4(pid, nil, 0, nil)
}

// A shell that somebody opened in the directory leads a session there and is not the node.
func TestShellIsNotTakenOver(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	first, release := open(t, process.Options{Dir: dir})
	install(t, first, node)
	release()
	shell := exec.Command("/bin/sleep", "600")
	shell.Dir = filepath.Join(dir, string(node))
	shell.SysProcAttr = &unix.SysProcAttr{Setsid: true}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = shell.Process.Kill(); _ = shell.Wait() }()
	second, _ := open(t, process.Options{Dir: dir})
	if got := second.Inspect(node); got.Phase != provider.PhaseStopped {
		t.Errorf("state = %+v, want stopped", got)
	}
	startSleeping(t, second, node)
	if err := second.Remove(within(t), node); err != nil {
		t.Fatal(err)
	}
	if !alive(shell.Process.Pid) {
		t.Error("a process that is not ours was killed")
	}
}

func TestTakeOverCleansUp(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	first, release := open(t, process.Options{Dir: dir})
	startSleeping(t, first, "deleted.u1")
	startSleeping(t, first, "removed.u1")
	install(t, first, node)
	release()
	remains := filepath.Join(dir, string(node), ".install", "file")
	err := errors.Join(
		os.RemoveAll(filepath.Join(dir, "deleted.u1")),
		os.Rename(filepath.Join(dir, "removed.u1"), filepath.Join(dir, ".removed-removed.u1")),
		os.Mkdir(filepath.Dir(remains), 0o700),
		os.WriteFile(remains, []byte("half a secr"), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	second, _ := open(t, process.Options{Dir: dir})
	if list := second.List(); len(list) != 1 || list[0].Node != node {
		t.Errorf("List() = %+v, want %s only", list, node)
	}
	eventually(t, "processes without a node to be killed", func() bool { return len(living(t, dir)) == 0 })
	found, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(found) != 0 {
		t.Errorf("left over: %v, %v", found, err)
	}
	if _, err := os.Stat(filepath.Dir(remains)); !os.IsNotExist(err) {
		t.Errorf("an unfinished file was left: %v", err)
	}
}

func TestOneProviderPerDirectory(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	_, release := open(t, process.Options{Dir: dir})
	if _, err := process.New(process.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("New() = %v, want an error saying that the directory is in use", err)
	}
	release()
	open(t, process.Options{Dir: dir})
}

// snapshotting starts an engine and returns its process and the child that it forked to write a
// snapshot, which takes minutes.
func snapshotting(t *testing.T, p *process.Provider, dir, program string) (pid, child int) {
	t.Helper()
	install(t, p, node, engineFiles("rdb-key-save-delay 10000000")...)
	pid = start(t, p, node, engineLaunch(program))
	waitReady(t, p, node)
	for i := range 50 {
		if answer, err := command(p, node, "SET key"+strconv.Itoa(i)+" value"); answer != "+OK" {
			t.Fatalf("SET: %q, %v", answer, err)
		}
	}
	if answer, err := command(p, node, "BGSAVE"); !strings.HasPrefix(answer, "+Background") {
		t.Fatalf("BGSAVE: %q, %v", answer, err)
	}
	for _, other := range living(t, dir)[string(node)] {
		if other != pid {
			child = other
		}
	}
	if child == 0 {
		t.Fatalf("no snapshot child beside %d", pid)
	}
	return pid, child
}

func TestSnapshotChild(t *testing.T) {
	t.Parallel()
	for _, program := range engines {
		t.Run(filepath.Base(program), func(t *testing.T) {
			t.Parallel()
			dir := tempDir(t)
			first, release := open(t, process.Options{Dir: dir})
			pid, child := snapshotting(t, first, dir, program)
			release()
			second, release := open(t, process.Options{Dir: dir})
			if got := second.Inspect(node).PID; got != pid || !alive(child) {
				t.Errorf("took over %d, want %d; child %d alive: %v", got, pid, child, alive(child))
			}
			if err := second.Kill(within(t), node); err != nil {
				t.Fatal(err)
			}
			if alive(child) {
				t.Error("snapshot child lives after Kill returned")
			}

			pid, child = snapshotting(t, second, dir, program)
			release()
			if err := unix.Kill(pid, unix.SIGKILL); err != nil {
				t.Fatal(err)
			}
			eventually(t, "engine to die", func() bool { return !alive(pid) })
			if !alive(child) {
				t.Fatal("the test wants the snapshot child to outlive the engine")
			}
			third, _ := open(t, process.Options{Dir: dir})
			if got := third.Inspect(node); got.Phase != provider.PhaseStopped || alive(child) {
				t.Errorf("state = %+v, child alive: %v, want stopped and no child", got, alive(child))
			}
		})
	}
}
