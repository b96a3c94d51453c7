package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/aikagi/aikagi/internal/store"
)

// A full disk fails writes and nothing else, until there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	directory := smallDisk(t)
	path := filepath.Join(directory, "store.db")
	s := open(t, path)
	defer s.Close()
	put(t, s, group(t, "first", 2))

	ballast := filepath.Join(directory, "ballast")
	fillDisk(t, ballast)
	stored := putUntilFull(t, s)
	wantStored(t, s, stored)
	freeDisk(t, ballast)
	put(t, s, group(t, "after", 2))
	wantStored(t, s, append(stored, "first", "after"))
}

// Neither creating a store nor opening one needs repair after the disk was full.
func TestOpenOnFullDisk(t *testing.T) {
	t.Parallel()
	directory := smallDisk(t)
	ballast := filepath.Join(directory, "ballast")
	fillDisk(t, ballast)
	path := filepath.Join(directory, "store.db")
	_, err := Open(t.Context(), path, Options{})
	wantError(t, err, store.ErrFull, path)
	freeDisk(t, ballast)
	entries, err := os.ReadDir(directory)
	if err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
	if err := open(t, path).Close(); err != nil {
		t.Error(err)
	}
	fillDisk(t, ballast)
	_, err = Open(t.Context(), path, Options{})
	wantError(t, err, store.ErrFull, path)
}

// smallDisk mounts a file system of one megabyte where that is allowed.
func smallDisk(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	if err := syscall.Mount("tmpfs", directory, "tmpfs", 0, "size=1m,mode=0700"); err != nil {
		t.Skipf("mount a small file system: %v; TestFullFile covers the rest", err)
	}
	t.Cleanup(func() {
		// A child that another test forks has our files open until it is another program.
		if err := syscall.Unmount(directory, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return directory
}

// fillDisk writes a file until nothing more fits.
func fillDisk(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// freeDisk gives the space back even if a child that another test forks has the file open
// still.
func freeDisk(t *testing.T, path string) {
	t.Helper()
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
