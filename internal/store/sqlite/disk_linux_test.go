package sqlite

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
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

// No store can be made on a full disk, but one that is there is opened, and nothing needs repair afterwards.
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
	s := open(t, path)
	put(t, s, group(t, "before", 2))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	fillDisk(t, ballast)
	s = open(t, path)
	wantStored(t, s, []string{"before"})
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	s = open(t, path)
	defer s.Close()
	wantStored(t, s, []string{"before"})
}

// What must be written down on a full disk has space of its own, far beyond what the log takes, and what is asked for anew
// does not get it.
func TestReserveOnFullDisk(t *testing.T) {
	t.Parallel()
	directory := smallDisk(t)
	path := filepath.Join(directory, "store.db")
	s := open(t, path)
	g := group(t, "kept", 5)
	put(t, s, g)
	ballast := filepath.Join(directory, "ballast")
	fillDisk(t, ballast)
	const writes = 500 // about 2 kB each to the file, and 20 kB to the log
	for i := range writes {
		err := s.Update(store.WithReserve(t.Context()), func(tx store.UpdateTx) error {
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
			return store.Append(tx, store.Events, cache.Event{At: time.Now(), SourceType: cache.SourceReplicationGroup, SourceID: g.ID, Message: "something happened"})
		})
		if err != nil {
			t.Fatalf("write %d: %v", i, err)
		}
		err = s.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, group(t, "new", 0)) })
		wantError(t, err, store.ErrFull, path)
		if i == writes/2 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, path)
		}
	}
	freeDisk(t, ballast)
	put(t, s, group(t, "new", 0))
	if err := s.Reserve(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	err := s.View(t.Context(), func(tx store.Tx) error {
		events, err := store.Read(tx, store.Events, store.EntryQuery{})
		if err == nil && len(events) != writes {
			t.Errorf("%d events are there, %d were written", len(events), writes)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The log has nothing but its space when the store is closed: what was erased stays so.
func TestLogIsEmptiedOnClose(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path)
	put(t, s, group(t, "a", 5))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(path + "-wal")
	if err != nil || len(log) != logReserve || len(bytes.Trim(log, "\x00")) != 0 {
		t.Errorf("the log has %d bytes, not all of them 0 (%v)", len(log), err)
	}
}

// smallDisk mounts a file system of four megabytes where that is allowed.
func smallDisk(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	if err := syscall.Mount("tmpfs", directory, "tmpfs", 0, "size=4m,mode=0700"); err != nil {
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
