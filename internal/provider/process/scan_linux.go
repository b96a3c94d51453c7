package process

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cgroup"
	"github.com/aikagi/aikagi/internal/provider"
)

// lockFD is the descriptor that a node's processes have their directory as.
const lockFD = 3

// holder is a living process that has a directory of ours as lockFD.
type holder struct {
	pid     int
	entry   string // the directory's name in Dir; a node's or a tombstone's
	deleted bool   // the directory is gone
	leader  bool   // of a session: the node's process, not a child of it
}

// scan looks through /proc for holders. It sees the processes of our user and, with CAP_SYS_PTRACE, of
// all, which is all that an earlier control plane with the same rights can have started.
func (p *Provider) scan() ([]holder, error) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer proc.Close()
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var found []holder
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if h, ok := p.look(pid); ok {
				found = append(found, h)
			}
		}
	}
	return found, nil
}

// look says whether the process is a holder. A zombie has no descriptors and is none.
func (p *Provider) look(pid int) (holder, bool) {
	link, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, lockFD))
	if err != nil {
		return holder{}, false
	}
	entry, ours := strings.CutPrefix(link, p.dir+"/")
	if !ours {
		return holder{}, false
	}
	entry, deleted := strings.CutSuffix(entry, " (deleted)")
	if strings.Contains(entry, "/") {
		return holder{}, false
	}
	session, err := unix.Getsid(pid)
	return holder{pid: pid, entry: entry, deleted: deleted, leader: session == pid}, err == nil
}

// pin returns the holder as a process, or nil if it has died. The id can have gone to
// another process since the scan: the pidfd is opened first, then it is looked at
// again, and if the pidfd says that its process lives still, all three were the same.
func (p *Provider) pin(h holder) (*proc, error) {
	fd, err := unix.PidfdOpen(h.pid, unix.PIDFD_NONBLOCK)
	if errors.Is(err, unix.ESRCH) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("open pidfd: %w", err)
	}
	again, ok := p.look(h.pid)
	age, err := ageOf(h.pid)
	if !ok || again != h || err != nil || dead(fd) {
		return nil, unix.Close(fd)
	}
	c, err := newProc(h.pid, fd, p.now().Add(-age))
	if err == nil && p.options.Cgroups != nil { // to look for it takes a moment, of each node, at the start
		c.cgroup = cgroup.Home(os.DirFS("/"), h.pid)
	}
	return c, err
}

// clear kills the children that a dead leader left behind. If the leader lives, it
// does nothing and returns errLed.
func (p *Provider) clear(name provider.NodeName) error {
	all, err := p.scan()
	if err != nil {
		return err
	}
	var children []holder
	for _, h := range all {
		switch {
		case h.entry != string(name) || h.deleted:
		case h.leader:
			return errLed{h}
		default:
			children = append(children, h)
		}
	}
	return p.killAll(children)
}

// killAll sends the signal and does not wait; whoever needs them dead tries the lock.
func (p *Provider) killAll(holders []holder) error {
	for _, h := range holders {
		c, err := p.pin(h)
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		p.log.Warn("kill process left behind", "directory", h.entry, "pid", h.pid)
		err = c.signal(unix.SIGKILL)
		c.handle.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// ageOf is how long ago the process was started; /proc has it in ticks since boot.
func ageOf(pid int) (time.Duration, error) {
	stat, err := readStat(pid)
	if err != nil {
		return 0, err
	}
	ticks, err := stat.ticks(statStartTime)
	if err != nil {
		return 0, err
	}
	var sinceBoot unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &sinceBoot); err != nil {
		return 0, err
	}
	return time.Duration(sinceBoot.Nano()) - ticks, nil
}
