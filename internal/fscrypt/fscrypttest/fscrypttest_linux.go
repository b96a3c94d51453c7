// Package fscrypttest has file systems for tests that encrypt, whatever the one does that the tests are on.
package fscrypttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// FileSystem is an ext4 in a file.
type FileSystem struct {
	Dir   string // where it is mounted
	Image string // the file: what a thief of the disk would have
	t     testing.TB
}

const size = 256 << 20 // most of it is never written

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
	if out, err := fs.mount(); err != nil {
		t.Skipf("NOT TESTED: encryption at rest; it cannot be mounted: %v: %s", err, out)
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
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
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

// Remount is what a restart of the machine is: the kernel knows no key any more. Nobody may have files open there.
func (fs *FileSystem) Remount() {
	fs.t.Helper()
	fs.unmount()
	if out, err := fs.mount(); err != nil {
		fs.t.Fatalf("mount it again: %v: %s", err, out)
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
