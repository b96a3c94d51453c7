package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aikagi/aikagi/internal/store"
)

// Digests of tokens are in the files, so nobody else may read them, also where
// the store was made readable for others in the past.
func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	path := filepath.Join(directory, "store.db")
	s := open(t, path)
	put(t, s, group(t, "a", 1))
	wantPrivate(t, directory)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	put(t, s, group(t, "b", 1))
	wantPrivate(t, directory)
}

// wantPrivate wants the three files of a store in use, and no others.
func wantPrivate(t *testing.T, directory string) {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 3 {
		t.Errorf("the files are %v, want the store, its log and the log's index", entries)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o600 {
			t.Errorf("%s has mode %s", entry.Name(), info.Mode())
		}
	}
}

func TestOpenMakesNoDirectory(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), filepath.Join(t.TempDir(), "none", "store.db"), Options{})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v, want that the directory does not exist", err)
	}
	if _, err := Open(t.Context(), t.TempDir(), Options{}); err == nil {
		t.Error("a directory was opened as a store")
	}
}

func TestOpenTakesAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b", "what?mode=memory", "50%25", "#1", "a&_pragma=x", ":memory:", "鍵"} {
		path := filepath.Join(t.TempDir(), name)
		s := open(t, path)
		put(t, s, group(t, "a", 0))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("the store is not where it was asked for: %v", err)
		}
	}
}

// Whoever creates the store first, all open the same one.
func TestCreateIsDoneOnce(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	path := filepath.Join(directory, "store.db")
	const openers = 4
	var all sync.WaitGroup
	for i := range openers {
		g := group(t, string(rune('a'+i)), 0)
		all.Go(func() {
			s, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			defer s.Close()
			if err := s.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }); err != nil {
				t.Errorf("put: %v", err)
			}
		})
	}
	all.Wait()
	s := open(t, path)
	defer s.Close()
	for i := range openers {
		if id := string(rune('a' + i)); !has(t, s, id) {
			t.Errorf("the group %s is gone", id)
		}
	}
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.Contains(entry.Name(), ".new-") {
			t.Errorf("%s was left behind", entry.Name())
		}
	}
}
