package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

var errStop = errors.New("stop")

func viewIsConsistent(e *env) {
	g := e.group("a", 0)
	e.put(g)
	e.view(func(tx store.Tx) error {
		if _, err := store.Get(tx, store.Groups, g.Key()); err != nil {
			return err
		}
		changed := *g
		changed.Description = "changed"
		e.put(&changed, e.group("b", 0))
		e.append(g.Event(noon(), "changed"))

		again, err := store.Get(tx, store.Groups, g.Key())
		if err != nil {
			return err
		}
		all, err := store.Page(tx, store.Groups, store.Range{})
		if err != nil {
			return err
		}
		events, err := store.Read(tx, store.Events, store.EntryQuery{})
		if again.Description != "" || len(all) != 1 || len(events) != 0 {
			e.Errorf("a View saw a write that came after its first read: %q, %d groups, %d events",
				again.Description, len(all), len(events))
		}
		return err
	})
	if n := len(e.groups(store.Range{})); n != 2 {
		e.Errorf("a View after the Update sees %d groups, want 2", n)
	}
}

func viewPassesError(e *env) {
	e.wantIs(e.store.View(e.Context(), func(store.Tx) error { return fmt.Errorf("read: %w", errStop) }), errStop)
}

// writeAll does every kind of write in one transaction.
func (e *env) writeAll(tx store.UpdateTx, add *replication.Group, remove cache.Key) {
	e.Helper()
	pruned, err := store.Prune(tx, store.Events, noon().Add(1))
	if err != nil || pruned != 1 {
		e.Errorf("pruned %d events: %v", pruned, err)
	}
	for _, err := range []error{
		store.Put(tx, store.Groups, add),
		store.Delete(tx, store.Groups, remove),
		store.Append(tx, store.Events, add.Event(noon(), "new")),
	} {
		if err != nil {
			e.Errorf("write: %v", err)
		}
	}
}

// wantUntouched checks that nothing of writeAll is there.
func (e *env) wantUntouched(old *replication.Group) {
	e.Helper()
	e.wantEqual(ids(e.groups(store.Range{})), []string{string(old.Key())})
	e.wantEqual(messages(e.events(store.EntryQuery{})), []string{"old"})
	e.view(func(tx store.Tx) error {
		held, err := store.Addresses(tx)
		if len(held) != len(old.Addresses()) {
			e.Errorf("%d addresses are held, want %d", len(held), len(old.Addresses()))
		}
		_, nodeErr := store.GroupOfNode(tx, "new-001")
		e.wantKind(nodeErr, cache.KindNotFound, cache.ResourceCacheCluster)
		return err
	})
}

func (e *env) old() *replication.Group {
	old := e.group("old", 1)
	e.put(old)
	e.append(old.Event(noon(), "old"))
	return old
}

func updateRollsBack(e *env) {
	old := e.old()
	err := e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		e.writeAll(tx, e.group("new", 1), old.Key())
		return fmt.Errorf("write: %w", errStop)
	})
	e.wantIs(err, errStop)
	e.wantUntouched(old)
}

func updateSurvivesPanic(e *env) {
	old := e.old()
	func() {
		defer func() {
			if recover() == nil {
				e.Error("the panic of fn did not reach the caller")
			}
		}()
		_ = e.store.Update(e.Context(), func(tx store.UpdateTx) error {
			e.writeAll(tx, e.group("new", 1), old.Key())
			panic("stop")
		})
	}()
	e.wantUntouched(old)
	e.put(e.group("new", 1))
}

func updateHonoursContext(e *env) {
	old := e.old()
	ctx, cancel := context.WithCancel(e.Context())
	defer cancel()
	err := e.store.Update(ctx, func(tx store.UpdateTx) error {
		e.writeAll(tx, e.group("new", 1), old.Key())
		cancel()
		return nil
	})
	e.wantIs(err, context.Canceled)
	e.wantUntouched(old)

	called := false
	err = e.store.Update(ctx, func(store.UpdateTx) error { called = true; return nil })
	e.wantIs(err, context.Canceled)
	e.wantIs(e.store.View(ctx, func(store.Tx) error { called = true; return nil }), context.Canceled)
	if called {
		e.Error("fn was run although the context had ended")
	}
}

// refusalsWriteNothing commits after a refusal: none of the refused group may be there.
func refusalsWriteNothing(e *env) {
	old := e.old()
	sameNode := e.group("new", 2)
	sameNode.Shards[0].Nodes[2].ID = old.Shards[0].Nodes[0].ID
	sameAddress := e.group("new", 2)
	sameAddress.Shards[0].Nodes[2].Address = old.Shards[0].Nodes[1].Address
	stale := *old
	stale.Revision, stale.Description = old.Revision+1, "stale"
	e.update(func(tx store.UpdateTx) error {
		for _, g := range []*replication.Group{sameNode, sameAddress, &stale} {
			before := g.Revision
			if err := store.Put(tx, store.Groups, g); err == nil {
				e.Errorf("%s was put", g.ID)
			}
			if g.Revision != before {
				e.Errorf("a refused Put set the revision from %d to %d", before, g.Revision)
			}
		}
		return nil
	})
	e.wantUntouched(old)
	e.wantEqual(e.get(old.Key()), old)
}

func updateReadsItsWrites(e *env) {
	old := e.old()
	add := e.group("new", 1)
	e.update(func(tx store.UpdateTx) error {
		e.writeAll(tx, add, old.Key())
		got, err := store.Get(tx, store.Groups, add.Key())
		if err != nil {
			return err
		}
		e.wantEqual(got, add)
		_, err = store.GroupOfNode(tx, "old-001")
		e.wantKind(err, cache.KindNotFound, cache.ResourceCacheCluster)
		held, err := store.Addresses(tx)
		if err != nil {
			return err
		}
		if key := held[add.Shards[0].Nodes[1].Address.Addr().String()]; len(held) != 4 || key != add.Key() {
			e.Errorf("the addresses within the Update are %v", held)
		}
		events, err := store.Read(tx, store.Events, store.EntryQuery{})
		e.wantEqual(messages(events), []string{"new"})
		return err
	})
	e.wantEqual(ids(e.groups(store.Range{})), []string{"replicationgroup:new"})
}

// updatesAreSerial counts up in a group from many goroutines, half of them with a
// read in an earlier View, which a conflict makes them repeat.
func updatesAreSerial(e *env) {
	const writers, rounds = 6, 5
	g := e.group("a", 0)
	g.Port = 0
	e.put(g)
	count := func(tx store.UpdateTx, g *replication.Group) error {
		g.Port++
		if err := store.Append(tx, store.Events, g.Event(noon(), "counted")); err != nil {
			return err
		}
		return store.Put(tx, store.Groups, g)
	}
	optimistic := func() error {
		var read *replication.Group
		err := e.store.View(e.Context(), func(tx store.Tx) (err error) {
			read, err = store.Get(tx, store.Groups, g.Key())
			return err
		})
		if err != nil {
			return err
		}
		return e.store.Update(e.Context(), func(tx store.UpdateTx) error { return count(tx, read) })
	}
	locked := func() error {
		return e.store.Update(e.Context(), func(tx store.UpdateTx) error {
			read, err := store.Get(tx, store.Groups, g.Key())
			if err != nil {
				return err
			}
			return count(tx, read)
		})
	}
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			for done := 0; done < rounds; {
				attempt := locked
				if i%2 == 0 {
					attempt = optimistic
				}
				switch err := attempt(); {
				case err == nil:
					done++
				case !errors.Is(err, store.ErrConflict):
					e.Errorf("update: %v", err)
					return
				}
			}
		})
	}
	all.Wait()
	got := e.get(g.Key())
	if want := writers * rounds; got.Port != want || int(got.Revision) != want+1 || len(e.events(store.EntryQuery{})) != want {
		e.Errorf("counted to %d with revision %d and %d events, want %d", got.Port, got.Revision, len(e.events(store.EntryQuery{})), want)
	}
}

// deferredSyncIsThere writes with and without waiting for the disk: everybody reads and hears the same of both.
func deferredSyncIsThere(e *env) {
	heard := e.store.Subscribe()
	defer heard.Close()
	a := e.group("a", 1)
	for i, ctx := range []context.Context{
		store.WithDeferredSync(e.Context()), e.Context(), store.WithReserve(store.WithDeferredSync(e.Context())),
	} {
		err := e.store.Update(ctx, func(tx store.UpdateTx) error {
			return errors.Join(store.Put(tx, store.Groups, a), store.Append(tx, store.Events, a.Event(noon(), "written")))
		})
		if err != nil {
			e.Errorf("write %d: %v", i, err)
		}
		e.wantEqual(e.get(a.Key()), a)
		e.wantChanges(heard, []cache.Key{keyA}, true)
		if events := e.events(store.EntryQuery{}); len(events) != i+1 {
			e.Errorf("%d events after write %d", len(events), i)
		}
	}
	err := e.store.Update(store.WithDeferredSync(e.Context()), func(tx store.UpdateTx) error {
		return errors.Join(store.Delete(tx, store.Groups, a.Key()), errStop)
	})
	e.wantIs(err, errStop)
	e.wantEqual(e.get(a.Key()), a)
}

func closeWaits(e *env) {
	ctx, cancel := e.deadline()
	defer cancel()
	entered, release := make(chan struct{}), make(chan struct{})
	viewed, closed := make(chan error, 1), make(chan error, 1)
	go func() {
		viewed <- e.store.View(ctx, func(tx store.Tx) error {
			close(entered)
			<-release
			_, err := store.Page(tx, store.Groups, store.Range{})
			return err
		})
	}()
	<-entered
	go func() { closed <- e.store.Close() }()
	for e.store.View(ctx, func(store.Tx) error { return nil }) == nil {
	}
	if ctx.Err() != nil {
		e.Error("a View still begins although Close was called")
	}
	select {
	case err := <-closed:
		e.Errorf("Close returned (%v) while a View was running", err)
		closed <- err
	default:
	}
	close(release)
	if err := <-viewed; err != nil {
		e.Errorf("the View that Close waited for: %v", err)
	}
	if err := <-closed; err != nil {
		e.Errorf("close: %v", err)
	}
	if err := e.store.Update(e.Context(), func(store.UpdateTx) error { return nil }); err == nil {
		e.Error("an Update began after Close")
	}
}
