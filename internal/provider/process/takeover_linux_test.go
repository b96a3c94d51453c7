package process_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

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
			startAfterKill(t, p, planeNode(i), program)
		}
		if got := len(compare(t, p, dir)); got != planeNodes {
			t.Errorf("round %d: %d nodes run, want %d", round, got, planeNodes)
		}
		for i := range planeNodes {
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

// startAfterKill returns when the node's engine answers. One that was taken over may
// still be about to die of a signal that the killed control plane had sent it; it is
// then started once more.
func startAfterKill(t *testing.T, p *process.Provider, name provider.NodeName, program string) {
	t.Helper()
	err := p.Start(within(t), name, engineLaunch(program))
	takenOver := errors.Is(err, provider.ErrRunning)
	if err != nil && !takenOver {
		t.Fatal(err)
	}
	eventually(t, "engine of "+string(name), func() bool {
		if takenOver && p.Inspect(name).Phase == provider.PhaseStopped {
			takenOver = false
			if err := p.Start(within(t), name, engineLaunch(program)); err != nil {
				t.Error(err)
			}
		}
		answer, err := command(p, name, "PING")
		return err == nil && answer == "+PONG"
	})
}

// compare wants the provider to know exactly the processes that there are. One may end between the two looks, of
// a signal that the killed control plane had sent it: then they are made once more.
func compare(t *testing.T, p *process.Provider, dir string) map[string][]int {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		actual := living(t, dir)
		difference := differs(p, actual)
		if difference == "" {
			return actual
		}
		if time.Now().After(deadline) {
			t.Error(difference)
			return actual
		}
	}
}

// differs says what the provider takes for other than it is; empty: nothing.
func differs(p *process.Provider, actual map[string][]int) string {
	known := 0
	for _, s := range p.List() {
		pids := actual[string(s.Node)]
		switch {
		case s.PID == 0 && len(pids) == 0:
		case len(pids) == 1 && pids[0] == s.PID:
			known++
		default:
			return fmt.Sprintf("node %s: provider says %s, process %d; there are %v", s.Node, s.Phase, s.PID, pids)
		}
	}
	if known != len(actual) {
		return fmt.Sprintf("provider knows %d processes; there are %v", known, actual)
	}
	return ""
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
