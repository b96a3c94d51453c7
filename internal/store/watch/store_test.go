package watch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
	"github.com/aikagi/aikagi/internal/store/storetest"
)

// TestStore is the specification of stores, on one that is listened to.
func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(t *testing.T) store.Store {
		s := open(t)
		s.Subscribe()
		return s
	})
}

func open(t testing.TB) *Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return New(s)
}

func opened(t testing.TB) *Store {
	t.Helper()
	s := open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func group(t testing.TB, id string) *cache.ReplicationGroup {
	t.Helper()
	g, err := cache.NewReplicationGroup(cache.Spec{ID: id, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func put(t testing.TB, s *Store, groups ...*cache.ReplicationGroup) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		for _, g := range groups {
			if err := tx.PutReplicationGroup(g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// want checks what the next Wait returns.
func want(t *testing.T, sub *Subscription, want Changes) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	got, err := sub.Wait(ctx)
	if err != nil {
		t.Fatalf("wait for %+v: %v", want, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func wantNothing(t *testing.T, sub *Subscription) {
	t.Helper()
	if diff := cmp.Diff(Changes{}, sub.Take()); diff != "" {
		t.Errorf("told of what was not: %s", diff)
	}
}

const keyA, keyB cache.Key = "replicationgroup:a", "replicationgroup:b"

func TestTellsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	s := opened(t)
	sub, other := s.Subscribe(), s.Subscribe()
	a := group(t, "a")
	put(t, s, a)
	want(t, sub, Changes{Groups: []cache.Key{keyA}})
	put(t, s, group(t, "b"))
	put(t, s, a)
	put(t, s, a)
	want(t, sub, Changes{Groups: []cache.Key{keyA, keyB}})
	wantNothing(t, sub)
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		return errors.Join(tx.DeleteReplicationGroup(keyB), tx.AppendEvents(a.Event(time.Now(), "b is gone")))
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, sub, Changes{Groups: []cache.Key{keyB}, Events: true})
	want(t, other, Changes{Groups: []cache.Key{keyA, keyB}, Events: true})
	sub.Close()
	put(t, s, a)
	wantNothing(t, sub)
}

// TestToldAfterTheCommit: whoever is told reads what he was told of.
func TestToldAfterTheCommit(t *testing.T) {
	t.Parallel()
	s := opened(t)
	sub := s.Subscribe()
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		if err := tx.PutReplicationGroup(group(t, "a")); err != nil {
			return err
		}
		wantNothing(t, sub)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, sub, Changes{Groups: []cache.Key{keyA}})
}

func TestTellsNothingThatWasNotCommitted(t *testing.T) {
	t.Parallel()
	s := opened(t)
	sub := s.Subscribe()
	refusal := errors.New("refused")
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		return errors.Join(tx.PutReplicationGroup(group(t, "a")), tx.AppendEvents(group(t, "a").Event(time.Now(), "no")), refusal)
	})
	if !errors.Is(err, refusal) {
		t.Fatal(err)
	}
	wantNothing(t, sub)
	// What a transaction goes on from was not written either.
	err = s.Update(t.Context(), func(tx store.UpdateTx) error {
		if err := tx.DeleteReplicationGroup(keyB); !cache.IsKind(err, cache.KindNotFound) {
			t.Errorf("delete nothing: %v", err)
		}
		return tx.AppendEvents()
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	wantNothing(t, sub)
	select {
	case <-sub.Ready():
		t.Error("woken for nothing")
	default:
	}
}

// retrying runs each Update twice, as a store may after a conflict.
type retrying struct{ store.Store }

func (r retrying) Update(ctx context.Context, fn func(store.UpdateTx) error) error {
	again := errors.New("again")
	err := r.Store.Update(ctx, func(tx store.UpdateTx) error { return errors.Join(fn(tx), again) })
	if !errors.Is(err, again) {
		return err
	}
	return r.Store.Update(ctx, fn)
}

func TestTellsOnlyTheLastTry(t *testing.T) {
	t.Parallel()
	below := opened(t)
	s := New(retrying{below.Store})
	sub := s.Subscribe()
	tries := 0
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		if tries++; tries == 1 {
			return tx.PutReplicationGroup(group(t, "a"))
		}
		return tx.PutReplicationGroup(group(t, "b"))
	})
	if err != nil || tries != 2 {
		t.Fatal(tries, err)
	}
	want(t, sub, Changes{Groups: []cache.Key{keyB}})
}

// TestSubscribedDuringAnUpdate: who reads everything after Subscribe may have read before
// that Update ended.
func TestSubscribedDuringAnUpdate(t *testing.T) {
	t.Parallel()
	s := opened(t)
	var sub *Subscription
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		err := tx.PutReplicationGroup(group(t, "a"))
		sub = s.Subscribe()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, sub, Changes{Groups: []cache.Key{keyA}})
}

func TestTooManyBecomeAll(t *testing.T) {
	t.Parallel()
	sub := New(nil).Subscribe()
	key := func(i int) []cache.Key {
		return []cache.Key{cache.NewKey(cache.ResourceReplicationGroup, fmt.Sprint("g", i))}
	}
	for i := range keysMax {
		sub.add(key(i), false)
	}
	if got := sub.Take(); got.All || len(got.Groups) != keysMax {
		t.Errorf("%d keys became %d, all: %t", keysMax, len(got.Groups), got.All)
	}
	for i := range keysMax + 2 {
		sub.add(key(i), i == 0)
	}
	want(t, sub, Changes{All: true, Events: true})
	sub.add(key(1), false)
	want(t, sub, Changes{Groups: key(1)})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := opened(t)
	sub := s.Subscribe()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := sub.Wait(ctx)
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("wait ended with %v", err)
	}
}

// TestManyWritersLoseNothing: every group is told of at least once, and none is held up by a
// subscription that nobody reads.
func TestManyWritersLoseNothing(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 25
	s := opened(t)
	sub := s.Subscribe()
	s.Subscribe() // is never read
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	failed := make(chan error, writers)
	for w := range writers {
		go func() {
			for i := range each {
				g := group(t, fmt.Sprintf("g-%d-%d", w, i))
				if err := s.Update(ctx, func(tx store.UpdateTx) error { return tx.PutReplicationGroup(g) }); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	told := map[cache.Key]bool{}
	for len(told) < writers*each {
		changes, err := sub.Wait(ctx)
		if err != nil {
			t.Fatalf("told of %d groups: %v", len(told), err)
		}
		for _, key := range changes.Groups {
			told[key] = true
			err := s.View(ctx, func(tx store.Tx) error {
				_, err := tx.ReplicationGroup(key)
				return err
			})
			if err != nil {
				t.Errorf("told of %s before it could be read: %v", key, err)
			}
		}
	}
	for range writers {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

// BenchmarkUpdate is one write, with and without the watch, which nobody listens to.
func BenchmarkUpdate(b *testing.B) {
	watched := opened(b)
	for name, s := range map[string]store.Store{"bare": watched.Store, "watched": watched} {
		g := group(b, name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := s.Update(b.Context(), func(tx store.UpdateTx) error { return tx.PutReplicationGroup(g) }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
