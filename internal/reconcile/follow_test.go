package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// seen is what a follower was told: the id, and whether the group is there and whether the reconciler wrote it.
type seen struct {
	key         cache.Key
	there, mine bool
}

// failing is a store whose Views fail while they are told to.
type failing struct {
	store.Store
	fails chan error
}

func (f failing) View(ctx context.Context, fn func(store.Tx) error) error {
	select {
	case err := <-f.fails:
		return err
	default:
		return f.Store.View(ctx, fn)
	}
}

type follow struct {
	*testing.T
	store     failing
	written   Written
	told      chan seen
	admitting chan cache.Key
}

func newFollow(t *testing.T) *follow {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := &follow{T: t, store: failing{db, make(chan error, 1)}, told: make(chan seen, 100), admitting: make(chan cache.Key, 100)}
	bell := Follow(f.store, slog.New(slog.DiscardHandler), Look{
		Group: func(key cache.Key, g *replication.Group) {
			f.told <- seen{key, g != nil, g != nil && f.written.Wrote(g)}
		},
		Admission: func(key cache.Key) { f.admitting <- key },
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- bell.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, db.Close()); err != nil {
			t.Error(err)
		}
	})
	return f
}

func (f *follow) put(g *replication.Group, note bool) {
	f.Helper()
	err := f.store.Update(f.Context(), func(tx store.UpdateTx) error {
		if err := store.PutGroup(tx, g); err != nil {
			return err
		}
		if note {
			f.written.Note(tx, g)
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

func (f *follow) want(want seen) {
	f.Helper()
	select {
	case got := <-f.told:
		if got != want {
			f.Errorf("told of %+v, want %+v", got, want)
		}
	case <-time.After(10 * time.Second):
		f.Fatalf("not told of %+v", want)
	}
}

func (f *follow) group(id string) *replication.Group {
	g, err := replication.NewGroup(replication.Spec{ID: id, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}, time.Now())
	if err != nil {
		f.Fatal(err)
	}
	return g
}

func TestFollow(t *testing.T) {
	t.Parallel()
	f := newFollow(t)
	g := f.group("a")
	f.put(g, false)
	f.want(seen{g.Key(), true, false})
	f.put(g, true)
	f.want(seen{g.Key(), true, true})
	f.put(g, false) // somebody else
	f.want(seen{g.Key(), true, false})
	if err := f.store.Update(t.Context(), func(tx store.UpdateTx) error { return store.DeleteGroup(tx, g) }); err != nil {
		t.Fatal(err)
	}
	f.want(seen{g.Key(), false, false})
}

// What was not committed was not written: another group of that revision is somebody else's.
func TestWrittenIsUndone(t *testing.T) {
	t.Parallel()
	f := newFollow(t)
	g := f.group("a")
	stop := errors.New("stop")
	err := f.store.Update(t.Context(), func(tx store.UpdateTx) error {
		err := store.PutGroup(tx, g)
		f.written.Note(tx, g)
		return errors.Join(err, stop)
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	f.put(g, false)
	f.want(seen{g.Key(), true, false})
}

// What could not be read is made up for.
func TestFollowMissesNothing(t *testing.T) {
	t.Parallel()
	f := newFollow(t)
	g := f.group("a")
	f.store.fails <- errors.New("no")
	f.put(g, false)
	f.want(seen{g.Key(), true, false})
	if len(f.store.fails) > 0 {
		t.Error("the store was never read in vain")
	}
}

func (f *follow) putRules(id string) {
	f.Helper()
	g, err := security.New(security.Spec{ID: id, Name: "web"}, time.Now())
	if err != nil {
		f.Fatal(err)
	}
	if err := f.store.Update(f.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.SecurityGroups, g) }); err != nil {
		f.Fatal(err)
	}
}

func (f *follow) wantAdmitting(want cache.Key) {
	f.Helper()
	select {
	case got := <-f.admitting:
		if got != want {
			f.Errorf("others may connect to %s, want %s", got, want)
		}
	case <-time.After(10 * time.Second):
		f.Fatalf("not told that others may connect to %s", want)
	}
}

// The rules of a security group are the business of whoever names it, also where the group itself was written last by
// its reconciler.
func TestFollowRules(t *testing.T) {
	t.Parallel()
	f := newFollow(t)
	g, other := f.group("a"), f.group("b")
	g.SecurityGroupIDs = []string{"sg-1", "sg-2"}
	f.put(g, true)
	f.want(seen{g.Key(), true, true})
	f.put(other, true)
	f.want(seen{other.Key(), true, true})
	f.putRules("sg-3") // which nobody names
	f.putRules("sg-2")
	f.wantAdmitting(g.Key())
	f.store.fails <- errors.New("no")
	f.putRules("sg-1")
	f.wantAdmitting(g.Key())
	if err := f.store.Update(t.Context(), func(tx store.UpdateTx) error { return store.Delete(tx, store.SecurityGroups, "sg-1") }); err != nil {
		t.Fatal(err)
	}
	f.wantAdmitting(g.Key())
	if len(f.admitting) > 0 {
		t.Errorf("others may connect to %s, too", <-f.admitting)
	}
}
