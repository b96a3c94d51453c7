package trust

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func TestApplyNeedsRoot(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	store := stores()[0]
	if err := os.MkdirAll(filepath.Join(root, store.dir), 0o500); err != nil {
		t.Fatal(err)
	}
	install, _ := plans(t, store, certificate(t, true))
	run := func(context.Context, []string) ([]byte, error) {
		return nil, errors.New("ran the command without the file")
	}
	var err error
	asNobody(func() { _, err = Apply(context.Background(), root, install, run) })
	if !errors.Is(err, ErrNeedsRoot) || !strings.Contains(err.Error(), install.Sudo) {
		t.Errorf("got %v, want ErrNeedsRoot with the command for root", err)
	}
}

// asNobody runs f with the file permissions of user nobody, also for a test that
// root runs. They belong to a thread; this one ends with the goroutine.
func asNobody(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		const nobody = 65534
		_, _, _ = syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
		f()
	}()
	<-done
}
