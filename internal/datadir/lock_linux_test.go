package datadir

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// holdByStray has a child hold the lock of a directory whose holder is gone: what a control plane
// that is killed in the middle of a fork leaves behind. It returns the child's end.
func holdByStray(t *testing.T, path string) (end func()) {
	t.Helper()
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, lockName), []byte(strconv.Itoa(gone.Process.Pid)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	stray := exec.Command("sleep", "60")
	stray.ExtraFiles = []*os.File{lock}
	if err := stray.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = stray.Process.Kill()
		_ = stray.Wait() // it was killed
	})
	t.Cleanup(end)
	return end
}

// A child that a killed holder left between fork and exec does not keep the directory from the next
// one: it is waited for.
func TestLockOfAKilledHolderIsWaitedFor(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	end := holdByStray(t, path)
	if _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Fatalf("while a child has the lock: %v", err)
	}
	if patience := Patience(path); patience != strayPatience {
		t.Errorf("a directory whose holder is gone is waited for %s", patience)
	}
	time.AfterFunc(50*time.Millisecond, end)
	d, err := Wait(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if patience := Patience(path); patience != endPatience {
		t.Errorf("a directory whose holder lives is waited for %s", patience)
	}
}

func TestZombieIsNotAlive(t *testing.T) {
	t.Parallel()
	child := exec.Command("true")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = child.Wait() }()
	for deadline := time.Now().Add(time.Minute); Alive(child.Process.Pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a process that ended counts as alive until it is waited for")
		}
	}
	if !Alive(os.Getpid()) {
		t.Error("this process does not count as alive")
	}
}
