package process

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// proc is a process that leads a node.
type proc struct {
	pid       int
	startedAt time.Time
	handle    *os.File      // its pidfd
	done      chan struct{} // closed when it is dead with all its children, or let go

	requested bool   // somebody asked for its end; guarded by Provider.mu, as the next two
	vcpus     int    // by which it has its part of the processors; 0: nobody has said
	cgroup    string // directory of the control group that it has to itself; empty: it has none
	letGo     bool   // Run ended before the process; set before done is closed
}

// newProc takes over the pidfd, which it makes non-blocking so that the
// runtime's poller watches it.
func newProc(pid, pidfd int, startedAt time.Time) (*proc, error) {
	if err := unix.SetNonblock(pidfd, true); err != nil {
		unix.Close(pidfd)
		return nil, fmt.Errorf("watch process: %w", err)
	}
	return &proc{
		pid: pid, startedAt: startedAt,
		handle: os.NewFile(uintptr(pidfd), "pidfd"),
		done:   make(chan struct{}),
	}, nil
}

// signal sends the signal. A process that is dead already is no error.
func (c *proc) signal(sig unix.Signal) error {
	var sent error
	closed := c.control(func(fd int) { sent = unix.PidfdSendSignal(fd, sig, nil, 0) })
	if closed != nil || sent == nil || sent == unix.ESRCH {
		return nil // it is dead, or let go: done tells
	}
	return fmt.Errorf("send %s: %w", unix.SignalName(sig), sent)
}

// control calls f with the pidfd, or returns an error if it is closed.
func (c *proc) control(f func(fd int)) error {
	conn, err := c.handle.SyscallConn()
	if err != nil {
		return err
	}
	return conn.Control(func(fd uintptr) { f(int(fd)) })
}

// wait returns nil when the process is dead. Closing the handle ends the wait with an
// error.
func (c *proc) wait() error {
	conn, err := c.handle.SyscallConn()
	if err != nil {
		return err
	}
	return conn.Read(func(fd uintptr) bool { return dead(int(fd)) })
}

// dead asks the pidfd. A zombie is dead.
func dead(pidfd int) bool {
	poll := []unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(poll, 0)
		if err != unix.EINTR {
			return n > 0
		}
	}
}

// reap takes the exit status of a dead process if it is a child of ours; of
// another parent's, ok is false.
func (c *proc) reap() (status syscall.WaitStatus, ok bool) {
	var child error
	err := c.control(func(fd int) {
		child = unix.Waitid(unix.P_PIDFD, fd, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	})
	if err != nil || child != nil {
		return 0, false
	}
	// A dead child that nobody waited for keeps its id, so the id is safe to use here.
	for {
		_, err := syscall.Wait4(c.pid, &status, 0, nil)
		if err != syscall.EINTR {
			return status, err == nil
		}
	}
}

// describe words a status like os.ProcessState does.
func describe(status syscall.WaitStatus) string {
	if status.Signaled() {
		return "signal: " + status.Signal().String()
	}
	return fmt.Sprintf("exit status %d", status.ExitStatus())
}
