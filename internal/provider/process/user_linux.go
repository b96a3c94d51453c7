package process

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
)

// Groups whose nodes have a user of their own get one of these ids, which nothing else on a machine uses: they
// are above what systemd, containers and subordinate ids take, and below where ids turn negative.
//
// Source: systemd, "Users, Groups, UIDs and GIDs on systemd Systems" (1879048192 and above).
const (
	firstOwnUser = 0x70000000
	ownUsers     = 0x10000000
)

// OwnUser is the id of the user, and of the system's group, that the nodes of a replication group have to themselves. It follows from
// the group's UID, which no other group ever has, so it need not be kept anywhere.
func OwnUser(group string) uint32 {
	h := fnv.New64a()
	h.Write([]byte(group))
	return firstOwnUser + uint32(h.Sum64()%ownUsers)
}

// account returns whom a node's process is to run as.
func (p *Provider) account(name provider.NodeName, launch provider.Launch) (user uint32, other bool) {
	if p.options.OwnUsers {
		return OwnUser(cmp.Or(launch.Group, string(name))), true
	}
	return uint32(os.Geteuid()), false
}

// capabilities that it takes to run processes as other users, to find them again, and to write
// into their directories.
var capabilities = []struct {
	bit  uint
	name string
}{
	{unix.CAP_CHOWN, "CHOWN"}, {unix.CAP_DAC_OVERRIDE, "DAC_OVERRIDE"}, {unix.CAP_FOWNER, "FOWNER"},
	{unix.CAP_KILL, "KILL"}, {unix.CAP_SETGID, "SETGID"}, {unix.CAP_SETUID, "SETUID"}, {unix.CAP_SYS_PTRACE, "SYS_PTRACE"},
}

// CheckUsers returns nil if this process may run nodes as other users, and these may execute the programs,
// each of which answers --version; or what is in the way and what to do.
func CheckUsers(ctx context.Context, programs ...string) error {
	var own [2]unix.CapUserData
	if err := unix.Capget(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &own[0]); err != nil {
		return fmt.Errorf("read own capabilities: %w", err)
	}
	effective := uint64(own[1].Effective)<<32 | uint64(own[0].Effective)
	var lacking []string
	for _, c := range capabilities {
		if effective&(1<<c.bit) == 0 {
			lacking = append(lacking, "CAP_"+c.name)
		}
	}
	if len(lacking) > 0 {
		return fmt.Errorf("aikagi lacks %s: give it the capability", strings.Join(lacking, ", "))
	}
	for _, program := range programs {
		if err := tryAs(ctx, firstOwnUser, program); err != nil {
			return err
		}
	}
	return nil
}

func tryAs(ctx context.Context, user uint32, program string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "--version")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
	cmd.Dir, cmd.Env = "/", environment
	err := cmd.Run()
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("other users cannot execute %s: chmod a+rx it, and the directories above it", program)
	case err != nil:
		return fmt.Errorf("execute %s as user %d: %w", program, user, err)
	}
	return nil
}

// handOver gives a node's directory, whose processes are all dead, to the user. A file that has another
// name elsewhere is left alone: it may be somebody else's. The directory comes last, so that it
// is the user's only when all else is.
func handOver(root *os.Root, to uint32) error {
	var dirs []string
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			dirs = append(dirs, name)
			return nil
		}
		return chown(root, name, to)
	})
	for i := len(dirs) - 1; i >= 0; i-- {
		err = errors.Join(err, chown(root, dirs[i], to))
	}
	if err != nil {
		return fmt.Errorf("hand directory over to user %d: %w", to, err)
	}
	return nil
}

func chown(root *os.Root, name string, to uint32) error {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && stat.Uid == to && stat.Gid == to || ok && info.Mode().IsRegular() && stat.Nlink > 1 {
		return nil
	}
	return root.Lchown(name, int(to), int(to))
}

// inheritOwner gives a file that is being written to whom the directory belongs to: the node may be
// running as that user, and is to read it.
func inheritOwner(root *os.Root, f *os.File) error {
	info, err := root.Stat(".")
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Geteuid() {
		return nil
	}
	return f.Chown(int(stat.Uid), int(stat.Gid))
}

// startAs starts a process as another user: without supplementary groups, and without the right to gain others by
// any program.
func startAs(user uint32, program string, argv []string, attr *syscall.ProcAttr) (pid int, err error) {
	attr.Sys.Credential = &syscall.Credential{Uid: user, Gid: user}
	done := make(chan struct{})
	unprivileged() <- func() {
		defer close(done)
		pid, _, err = syscall.StartProcess(program, argv, attr)
	}
	<-done
	return pid, err
}

// unprivileged is where functions are run by a thread whose children gain no rights (PR_SET_NO_NEW_PRIVS, which is
// a property of a thread). The thread is never given up: when a thread ends, the kernel kills the children that it started with a
// signal for the death of their parent, whoever in this program started them.
var unprivileged = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread()
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			panic(err) // Linux has it since 3.5
		}
		for call := range calls {
			call()
		}
	}()
	return calls
})
