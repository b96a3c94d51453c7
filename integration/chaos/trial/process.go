package trial

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// process is a node's process as it was when the trial began, held by a pidfd, so that
// no signal can reach one that came after it.
type process struct {
	pid  int
	fd   int
	died atomic.Int64  // Instant; 0: lives
	done chan struct{} // closed then
}

func openProcess(pid int) (*process, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, fmt.Errorf("open process %d: %w", pid, err)
	}
	p := &process{pid: pid, fd: fd, done: make(chan struct{})}
	go p.watch()
	return p, nil
}

// watch notes when the process dies, and ends then. Its thread goes before others, where the system lets it: on a busy machine
// the news would come some ten milliseconds late, when another node has long taken a write.
func (p *process) watch() {
	defer close(p.done)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), -20) == nil {
		defer func() { _ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), 0) }()
	}
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		if n > 0 {
			p.died.Store(int64(now()))
			return
		}
	}
}

// close waits for the process to be dead and lets go of it.
func (p *process) close() {
	<-p.done
	_ = unix.Close(p.fd)
}

func (p *process) signal(s syscall.Signal) error {
	return unix.PidfdSendSignal(p.fd, s, nil, 0)
}

// fill takes all the space below a directory. free gives it back.
func fill(dir string) (free func(), err error) {
	path := filepath.Join(dir, "filler")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			return nil, err
		}
	}
	return func() { _ = os.Remove(path) }, nil
}

func mkdir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
