package process_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

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
