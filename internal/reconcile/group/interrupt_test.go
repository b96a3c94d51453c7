package group

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// An interrupt ends the call that goes on, and not the one that it asks for, however
// soon that begins: else nobody would look at the group any more.
func TestInterruptSparesTheNextCall(t *testing.T) {
	t.Parallel()
	database, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, database.Close()) })
	g := newWorld(0, false, false).group
	must(t, database.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }))
	r := New(Options{Store: database})

	before, done := r.interrupts.begin(t.Context(), g.Key())
	var after context.Context
	r.Interrupt(t.Context(), provider.NameOf(g.Shards[0].Primary()), func(key cache.Key) {
		done()
		after, done = r.interrupts.begin(t.Context(), key)
	})
	defer done()
	if cause := context.Cause(before); !errors.Is(cause, errInterrupted) {
		t.Errorf("the call that went on ended with %v", cause)
	}
	if after == nil || after.Err() != nil {
		t.Error("the call that was asked for was interrupted")
	}
}
