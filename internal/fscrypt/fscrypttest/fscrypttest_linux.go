// Package fscrypttest has file systems for tests that encrypt, whatever the one does that the tests are on.
package fscrypttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/fscrypt"
)

// FileSystem is an ext4 in a file.
type FileSystem struct {
	Dir   string // where it is mounted
	Image string // the file: what a thief of the disk would have
	t     testing.TB
}

const (
	size     = 256 << 20 // most of it is never written
	patience = 20 * time.Second
)

// mounts are tried so often before it is said that there can be none: others on the machine may have taken the loop device that was free.
const mounts = 5

// New mounts one at dir, which it makes, until the test ends. It skips the test, and says so, where nothing can be mounted. Whoever has
// files open there has to be gone before the test's own cleanups are over.
func New(t testing.TB, dir string) *FileSystem {
	t.Helper()
	fs := &FileSystem{Dir: dir, Image: filepath.Join(t.TempDir(), "image"), t: t}
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: encryption at rest; it takes root to mount a file system that does it")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fs.Image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(fs.Image, size); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-O", "encrypt", fs.Image).CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED: encryption at rest; no file system that does it can be made: %v: %s", err, out)
	}
	for try := 1; ; try++ {
		out, err := fs.mount()
		if err == nil {
			break
		}
		if try == mounts {
			t.Skipf("NOT TESTED: encryption at rest; it cannot be mounted: %v: %s", err, out)
		}
		time.Sleep(time.Duration(try) * 20 * time.Millisecond)
	}
	t.Cleanup(fs.unmount)
	return fs
}

func (fs *FileSystem) mount() ([]byte, error) {
	return exec.Command("mount", "-o", "loop", fs.Image, fs.Dir).CombinedOutput()
}

func (fs *FileSystem) unmount() {
	fs.t.Helper()
	// A process that has just ended may be in the way for a moment.
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := unix.Unmount(fs.Dir, 0)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			fs.t.Errorf("unmount %s: %v", fs.Dir, err)
			return
		}
	}
}

// forget has the kernel forget the keys of all directories. Unmounting does too, unless a process has a mount namespace of its own (ip netns exec) that
// was copied from ours: then the file system lives on in that one, with its keys, and is what is mounted again.
func (fs *FileSystem) forget() {
	fs.t.Helper()
	entries, err := os.ReadDir(fs.Dir)
	if err != nil {
		fs.t.Fatal(err)
	}
	for _, e := range entries {
		dir, err := os.Open(filepath.Join(fs.Dir, e.Name()))
		if err != nil {
			fs.t.Fatal(err)
		}
		if id, err := fscrypt.KeyOf(dir); err == nil && id != nil {
			if err := fscrypt.Forget(dir, *id); err != nil {
				fs.t.Fatal(err)
			}
		}
		dir.Close()
	}
}

// Remount is what a restart of the machine is: the kernel knows no key any more. Nobody may have files open there.
func (fs *FileSystem) Remount() {
	fs.t.Helper()
	fs.forget()
	fs.unmount()
	// The kernel may still be giving up the loop device of before, which mount then finds, and loses.
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		out, err := fs.mount()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			fs.t.Fatalf("mount it again: %v: %s", err, out)
		}
	}
}

// Content is all that is in the image, written out before.
func (fs *FileSystem) Content() []byte {
	fs.t.Helper()
	unix.Sync()
	content, err := os.ReadFile(fs.Image)
	if err != nil {
		fs.t.Fatal(err)
	}
	return content
}
