package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/fscrypt"
)

// System is how the checks see the machine. No field may be nil.
type System struct {
	// Files is the root of the file system, for /proc and /sys.
	Files fs.FS
	// LookPath finds a program, as exec.LookPath does.
	LookPath func(program string) (string, error)
	// Compilers are names of C compilers, the preferred one first.
	Compilers []string
	// Listen binds an address and lets go of it again.
	Listen func(ctx context.Context, at netip.AddrPort) error
	// Stat looks at a file, as os.Stat does.
	Stat func(path string) (fs.FileInfo, error)
	// ReadDir lists a directory, as os.ReadDir does.
	ReadDir func(path string) ([]fs.DirEntry, error)
	// TryWrite makes a file in a directory and removes it again.
	TryWrite func(dir string) error
	// TrySocket makes a unix socket in a directory and removes it again.
	TrySocket func(dir string) error
	// TrySeal tries whether directories below one can be encrypted, each with a key of its own. covered: they are already.
	TrySeal func(dir string) (covered bool, err error)
	// FreeBytes is how much an unprivileged user may still write below a path.
	FreeBytes func(path string) (uint64, error)
	// FileLimit is the hard limit of open files of this process, which engines inherit.
	FileLimit func() (uint64, error)
	// IsRoot reports whether this process runs as root.
	IsRoot func() bool
	// Now is the clock.
	Now func() time.Time
}

// Local is this machine.
func Local() System {
	compilers := []string{"cc", "gcc", "clang"}
	if chosen := os.Getenv("CC"); chosen != "" {
		compilers = []string{chosen}
	}
	return System{
		Files:     os.DirFS("/"),
		IsRoot:    func() bool { return os.Geteuid() == 0 },
		LookPath:  exec.LookPath,
		Compilers: compilers,
		Listen:    listen,
		Stat:      os.Stat,
		ReadDir:   os.ReadDir,
		TryWrite:  tryWrite,
		TrySocket: trySocket,
		TrySeal:   func(dir string) (bool, error) { return fscrypt.Check(dir, ".doctor-*") },
		FreeBytes: freeBytes,
		FileLimit: fileLimit,
		Now:       time.Now,
	}
}

func listen(ctx context.Context, at netip.AddrPort) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at.String())
	if err != nil {
		return err
	}
	return listener.Close()
}

func tryWrite(dir string) error {
	file, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	_ = file.Close()
	return os.Remove(file.Name())
}

// trySocket goes over the directory's descriptor: a socket's path may have 107
// bytes, a directory's far more.
func trySocket(dir string) error {
	handle, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = handle.Close() }()
	name := fmt.Sprintf(".doctor-%d.sock", os.Getpid())
	listener, err := net.Listen("unix", fmt.Sprintf("/proc/self/fd/%d/%s", handle.Fd(), name))
	if err != nil {
		return err
	}
	return listener.Close()
}

func freeBytes(path string) (uint64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return 0, err
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}

func fileLimit() (uint64, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, err
	}
	return limit.Max, nil
}
