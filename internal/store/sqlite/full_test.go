package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// A full store fails writes and nothing else, until there is room again. The file
// is kept from growing here, which needs no privilege.
func TestFullFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := Open(t.Context(), path, Options{maxPages: 40})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stored := putUntilFull(t, s)
	wantStored(t, s, stored)
	err = s.Update(t.Context(), func(tx store.UpdateTx) error {
		for _, id := range stored[:2] {
			if err := store.Delete(tx, store.Groups, group(t, id, 0).Key()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("delete from a full store: %v", err)
	}
	put(t, s, group(t, "after", 2))
	wantStored(t, s, append(stored[2:], "after"))
}

// An fn that goes on after a write failed must not have its other writes stored.
func TestFullIsNotIgnored(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := Open(t.Context(), path, Options{maxPages: 40})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	big := group(t, "big", 2)
	big.Description = strings.Repeat("x", 1<<20)
	err = s.Update(t.Context(), func(tx store.UpdateTx) error {
		if err := store.Put(tx, store.Groups, group(t, "before", 0)); err != nil {
			t.Errorf("put: %v", err)
		}
		for _, g := range []*replication.Group{big, group(t, "after", 0)} {
			if err := store.Put(tx, store.Groups, g); !errors.Is(err, store.ErrFull) {
				t.Errorf("put %s: %v, want %v", g.ID, err, store.ErrFull)
			}
		}
		return nil
	})
	wantError(t, err, store.ErrFull)
	for _, id := range []string{"before", "big", "after"} {
		if has(t, s, id) {
			t.Errorf("%s was stored by an Update that failed", id)
		}
	}
}

// putUntilFull puts groups until the store is full and returns those that it took.
func putUntilFull(t *testing.T, s *Store) (stored []string) {
	t.Helper()
	for i := range 1000 {
		g := group(t, fmt.Sprintf("g%d", i), 2)
		g.Description = strings.Repeat("x", 3000)
		err := s.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) })
		if err == nil {
			stored = append(stored, g.ID)
			continue
		}
		wantError(t, err, store.ErrFull, s.path)
		if g.Revision != 0 || has(t, s, g.ID) {
			t.Errorf("%s was written in part", g.ID)
		}
		return stored
	}
	t.Fatal("the store is never full")
	return nil
}

func wantStored(t *testing.T, s *Store, ids []string) {
	t.Helper()
	for _, id := range ids {
		if !has(t, s, id) {
			t.Errorf("%s is gone", id)
		}
	}
}
