package storetest

import (
	"errors"
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

const keyA, keyB cache.Key = "replicationgroup:a", "replicationgroup:b"

// wantChanges checks what a subscription is told next.
func (e *env) wantChanges(s *store.Subscription, groups []cache.Key, events bool) {
	e.Helper()
	ctx, cancel := e.deadline()
	defer cancel()
	got, err := s.Wait(ctx)
	if err != nil {
		e.Fatalf("wait for changes of %v: %v", groups, err)
	}
	e.wantEqual(store.Changed(got, store.Groups), groups)
	if store.Appended(got, store.Events) != events || got.All {
		e.Errorf("told of %+v, want events: %t", got, events)
	}
}

func (e *env) wantNoChanges(s *store.Subscription) {
	e.Helper()
	if got := s.Take(); !got.Empty() {
		e.Errorf("told of what was not: %+v", got)
	}
}

func feedTellsWhatWasCommitted(e *env) {
	first, second := e.store.Subscribe(), e.store.Subscribe()
	defer second.Close()
	a := e.group("a", 0)
	e.put(a)
	e.wantChanges(first, []cache.Key{keyA}, false)
	e.put(e.group("b", 0))
	e.put(a)
	e.put(a)
	e.wantChanges(first, []cache.Key{keyA, keyB}, false)
	e.wantNoChanges(first)
	e.update(func(tx store.UpdateTx) error {
		return errors.Join(store.Delete(tx, store.Groups, keyB), store.Append(tx, store.Events, a.Event(noon(), "b is gone")))
	})
	e.wantChanges(first, []cache.Key{keyB}, true)
	e.wantChanges(second, []cache.Key{keyA, keyB}, true)
	first.Close()
	e.put(a)
	e.wantNoChanges(first)
}

// feedTellsAfterTheCommit: whoever is told reads what he was told of.
func feedTellsAfterTheCommit(e *env) {
	s := e.store.Subscribe()
	defer s.Close()
	e.update(func(tx store.UpdateTx) error {
		err := store.Put(tx, store.Groups, e.group("a", 0))
		e.wantNoChanges(s)
		return err
	})
	e.wantChanges(s, []cache.Key{keyA}, false)
}

func feedTellsNothingElse(e *env) {
	s := e.store.Subscribe()
	defer s.Close()
	e.wantIs(e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		a := e.group("a", 0)
		return errors.Join(store.Put(tx, store.Groups, a), store.Append(tx, store.Events, a.Event(noon(), "no")), errStop)
	}), errStop)
	// What a transaction goes on from was not written either.
	e.update(func(tx store.UpdateTx) error {
		e.wantKind(store.Delete(tx, store.Groups, keyB), cache.KindNotFound, cache.ResourceReplicationGroup)
		return store.Append(tx, store.Events)
	})
	e.view(func(store.Tx) error { return nil })
	e.wantNoChanges(s)
	select {
	case <-s.Ready():
		e.Error("woken for nothing")
	default:
	}
}

// feedHearsOfRunningUpdates: who reads everything after Subscribe may have read before that Update ended.
func feedHearsOfRunningUpdates(e *env) {
	var s *store.Subscription
	e.update(func(tx store.UpdateTx) error {
		err := store.Put(tx, store.Groups, e.group("a", 0))
		s = e.store.Subscribe()
		return err
	})
	defer s.Close()
	e.wantChanges(s, []cache.Key{keyA}, false)
}

// feedLosesNothing: every group is told of at least once, and none is held up by a subscription that nobody reads.
func feedLosesNothing(e *env) {
	const writers, each = 4, 25
	s, unread := e.store.Subscribe(), e.store.Subscribe()
	defer s.Close()
	defer unread.Close()
	ctx, cancel := e.deadline()
	defer cancel()
	failed := make(chan error, writers)
	for w := range writers {
		var groups []*replication.Group
		for i := range each {
			groups = append(groups, e.group(fmt.Sprintf("g-%d-%d", w, i), 0))
		}
		go func() {
			for _, g := range groups {
				if err := e.store.Update(ctx, func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	for told := map[cache.Key]bool{}; len(told) < writers*each; {
		changes, err := s.Wait(ctx)
		if err != nil {
			e.Fatalf("told of %d groups: %v", len(told), err)
		}
		for _, key := range store.Changed(changes, store.Groups) {
			told[key] = true
			e.get(key) // or it was told before it could be read
		}
	}
	for range writers {
		if err := <-failed; err != nil {
			e.Error(err)
		}
	}
}
