package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/aikagi/aikagi/internal/disk"
	"github.com/aikagi/aikagi/internal/fscrypt"
)

const (
	lowSpace = 1 << 30   // below it, a snapshot of a modest group may not fit
	noSpace  = 100 << 20 // below it, not even the store is safe
)

func checkDataDir(_ context.Context, in Input) []Finding {
	const name = "data directory"
	info, err := in.System.Stat(in.DataDir)
	if errors.Is(err, fs.ErrNotExist) {
		parent := existing(in.System, in.DataDir)
		if err := in.System.TryWrite(parent); err != nil {
			return bad(name, Fail, fmt.Sprintf("choose another directory with --data-dir, or: sudo install -d -m 700 -o $USER %s", in.DataDir),
				"%s does not exist and cannot be made: %v", in.DataDir, err)
		}
		return ok(name, "%s will be created at the first start", in.DataDir)
	}
	if err != nil {
		return bad(name, Fail, "choose another one with --data-dir", "%s cannot be examined: %v", in.DataDir, err)
	}
	if !info.IsDir() {
		return bad(name, Fail, "choose another one with --data-dir", "%s is not a directory", in.DataDir)
	}
	if err := in.System.TryWrite(in.DataDir); err != nil {
		return bad(name, Fail, "sudo chown -R $USER "+in.DataDir, "%s cannot be written: %v", in.DataDir, err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return bad(name, Warn, "chmod 700 "+in.DataDir, "%s has mode %04o: other users of this machine may be able to look into it", in.DataDir, mode)
	}
	return ok(name, "%s is writable and private", in.DataDir)
}

func checkFreeSpace(_ context.Context, in Input) []Finding {
	const name = "free space"
	at := existing(in.System, in.DataDir)
	free, err := in.System.FreeBytes(at)
	if err != nil {
		return bad(name, Warn, "df -h "+at, "cannot be read: %v", err)
	}
	level := Warn
	switch {
	case free < disk.RoomNeeded:
		return bad(name, Fail, "make room in "+at+", or choose another place with --data-dir",
			"the disk is full: %d kB free in %s: changes are refused, and nodes that need a new file do not start", free>>10, at)
	case free >= lowSpace:
		return ok(name, "%s free in %s", size(free), at)
	case free < noSpace:
		level = Fail
	}
	return bad(name, level, "make room in "+at+", or choose another place with --data-dir",
		"%s free in %s: snapshots will fail when it is full", size(free), at)
}

// checkSocket: engines are administered over a socket in their directory, which
// some file systems (shared folders of virtual machines, network mounts) refuse.
func checkSocket(_ context.Context, in Input) []Finding {
	const name = "unix socket"
	at := existing(in.System, in.DataDir)
	if err := in.System.TrySocket(at); err != nil {
		return bad(name, Fail, "choose a place on a local file system with --data-dir",
			"no socket can be made in %s: %v", at, err)
	}
	return ok(name, "can be made in %s", at)
}

// checkEncryption tells whether groups can have AtRestEncryptionEnabled, which most configurations of the original ask for.
func checkEncryption(_ context.Context, in Input) []Finding {
	const name = "encryption at rest"
	at := existing(in.System, filepath.Join(in.DataDir, "nodes")) // which may be on a file system of its own
	covered, err := in.System.TrySeal(at)
	switch {
	case covered:
		return ok(name, "%s is encrypted, and so are the files of all caches in it", at)
	case errors.Is(err, fscrypt.ErrUnsupported):
		return bad(name, Warn, fmt.Sprintf(`on ext4: sudo tune2fs -O encrypt "$(findmnt -no SOURCE -T %s)"; docs/encryption.md has the other ways`, at),
			"the file system of %s does not encrypt: AtRestEncryptionEnabled is refused, unless serve --encrypted-data-dir vouches for the disk", at)
	case err != nil:
		return bad(name, Warn, "see docs/encryption.md", "cannot be had in %s: %v", at, err)
	}
	return ok(name, "can be had in %s, for each group with a key of its own", at)
}

// existing is the nearest directory above a path, or itself, that is there.
func existing(system System, path string) string {
	path = filepath.Clean(path)
	for {
		if _, err := system.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}

func size(bytes uint64) string {
	if bytes >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}
