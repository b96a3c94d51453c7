package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/aikagi/aikagi/internal/store"
)

// How SQLite says what a commit waits for.
const (
	syncNormal = 1 // nothing
	syncFull   = 2 // the log on the disk
)

// TestDeferredSync asks SQLite itself whether a commit waits for the disk: not in an Update that may defer it, and in all others,
// also in one behind an Update that failed.
func TestDeferredSync(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "store.db"))
	defer s.Close()
	errStop := errors.New("stop")
	during := func(ctx context.Context, end func() error) (level int, err error) {
		err = s.Update(ctx, func(tx store.UpdateTx) error {
			found, err := tx.(*updateTx).lookup([]any{&level}, "PRAGMA synchronous")
			if err != nil || !found {
				t.Errorf("SQLite does not say what commits wait for: %v", err)
			}
			return errors.Join(err, end())
		})
		return level, err
	}
	ended, end := context.WithCancel(store.WithDeferredSync(t.Context()))
	for name, c := range map[string]struct {
		ctx context.Context
		end func() error
		err error
	}{
		"commits":     {ctx: store.WithDeferredSync(t.Context()), end: func() error { return nil }},
		"fails":       {ctx: store.WithDeferredSync(t.Context()), end: func() error { return errStop }, err: errStop},
		"breaks off":  {ctx: ended, end: func() error { end(); return nil }, err: context.Canceled},
		"has reserve": {ctx: store.WithReserve(store.WithDeferredSync(t.Context())), end: func() error { return nil }},
	} {
		if level, err := during(c.ctx, c.end); level != syncNormal || !errors.Is(err, c.err) {
			t.Errorf("%s: the commit of a deferred sync waits for level %d, want %d (%v)", name, level, syncNormal, err)
		}
		if level, err := during(t.Context(), func() error { return nil }); level != syncFull || err != nil {
			t.Errorf("%s: the commit after it waits for level %d, want %d (%v)", name, level, syncFull, err)
		}
	}
}
