package integration_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

// A control plane starts although a child of the one that was killed has the lock still: it waits, and
// says so. Its engines are those that were there.
func TestStartWaitsForTheChildOfAKilledOne(t *testing.T) {
	t.Parallel()
	g := newGroup(t, oneEngine(t, 0), 0)
	pids := g.pids()
	g.Kill()
	const waiting = "is in use: waiting"
	lock, err := os.OpenFile(filepath.Join(g.Dir, "lock"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	child := exec.Command("sleep", "600")
	child.ExtraFiles = []*os.File{lock}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	_ = lock.Close()
	end := sync.OnceFunc(func() {
		_ = child.Process.Kill()
		_ = child.Wait() // it was killed
	})
	t.Cleanup(end)
	go func() {
		for t.Context().Err() == nil && !strings.Contains(g.Output(), waiting) {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(3 * time.Second) // longer than a holder that lives is waited for
		end()
	}()
	g.Start()
	if !strings.Contains(g.Output(), waiting) {
		t.Errorf("it does not say what it waits for:\n%s", g.Output())
	}
	harness.Await(t, harness.Patience, "the group", func() (bool, error) {
		access, _, err := g.access()
		return access.Status == "available", err
	})
	g.wantPIDs(pids)
}
