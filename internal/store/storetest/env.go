package storetest

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/store"
)

// env is what one test of the suite works with.
type env struct {
	*testing.T
	store   store.Store
	address netip.Addr // the last that was given to a group
}

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC) }

// group makes a replication group with addresses, not stored yet.
func (e *env) group(id string, replicas int) *replication.Group {
	return e.make(replication.Spec{ID: id, Replicas: replicas})
}

// cluster makes a cache cluster that stands alone, not stored yet.
func (e *env) cluster(id string) *replication.Group {
	return e.make(replication.Spec{ID: id, Standalone: true})
}

func (e *env) make(spec replication.Spec) *replication.Group {
	e.Helper()
	spec.EngineVersion = cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}
	g, err := replication.NewGroup(spec, noon())
	if err != nil {
		e.Fatalf("make group: %v", err)
	}
	if !e.address.IsValid() {
		e.address = netip.MustParseAddr("127.10.0.0")
	}
	err = g.AssignAddresses(func() (netip.Addr, error) {
		e.address = e.address.Next()
		return e.address, nil
	})
	if err != nil {
		e.Fatalf("assign addresses: %v", err)
	}
	return g
}

func (e *env) update(fn func(store.UpdateTx) error) {
	e.Helper()
	if err := e.store.Update(e.Context(), fn); err != nil {
		e.Fatalf("update: %v", err)
	}
}

func (e *env) view(fn func(store.Tx) error) {
	e.Helper()
	if err := e.store.View(e.Context(), fn); err != nil {
		e.Fatalf("view: %v", err)
	}
}

func (e *env) put(groups ...*replication.Group) {
	e.Helper()
	e.update(func(tx store.UpdateTx) error {
		for _, g := range groups {
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
		}
		return nil
	})
}

// tryPut puts one group in an Update of its own.
func (e *env) tryPut(g *replication.Group) error {
	return e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) })
}

func (e *env) get(key cache.Key) (g *replication.Group) {
	e.Helper()
	e.view(func(tx store.Tx) (err error) {
		g, err = store.Get(tx, store.Groups, key)
		return err
	})
	return g
}

func (e *env) groups(r store.Range) (groups []*replication.Group) {
	e.Helper()
	e.view(func(tx store.Tx) (err error) {
		groups, err = store.Page(tx, store.Groups, r)
		return err
	})
	return groups
}

func (e *env) events(q store.EntryQuery) (events []cache.Event) {
	e.Helper()
	e.view(func(tx store.Tx) (err error) {
		events, err = store.Read(tx, store.Events, q)
		return err
	})
	return events
}

func (e *env) append(events ...cache.Event) {
	e.Helper()
	e.update(func(tx store.UpdateTx) error { return store.Append(tx, store.Events, events...) })
}

func (e *env) failovers(q store.EntryQuery) (failovers []replication.Failover) {
	e.Helper()
	e.view(func(tx store.Tx) (err error) {
		failovers, err = store.Read(tx, store.Failovers, q)
		return err
	})
	return failovers
}

// putFailovers puts each receipt in an Update of its own.
func (e *env) putFailovers(failovers ...replication.Failover) {
	e.Helper()
	for _, f := range failovers {
		e.update(func(tx store.UpdateTx) error { return store.Append(tx, store.Failovers, f) })
	}
}

func (e *env) rotations(q store.EntryQuery) (rotations []rotation.Rotation) {
	e.Helper()
	e.view(func(tx store.Tx) (err error) {
		rotations, err = store.Read(tx, store.Rotations, q)
		return err
	})
	return rotations
}

// putRotations puts each receipt in an Update of its own.
func (e *env) putRotations(rotations ...rotation.Rotation) {
	e.Helper()
	for _, r := range rotations {
		e.update(func(tx store.UpdateTx) error { return store.Append(tx, store.Rotations, r) })
	}
}

// wantKind checks for a domain error about a resource.
func (e *env) wantKind(err error, kind cache.Kind, resource cache.Resource) {
	e.Helper()
	var refusal *cache.Error
	if !errors.As(err, &refusal) || refusal.Kind != kind || refusal.Resource != resource {
		e.Errorf("error is %v, want kind %q about %q", err, kind, resource)
	}
}

func (e *env) wantIs(err, want error) {
	e.Helper()
	if !errors.Is(err, want) {
		e.Errorf("error is %v, want %v", err, want)
	}
}

// wantTaken checks for the refusal of what another object has.
func (e *env) wantTaken(err error) {
	e.Helper()
	var taken *store.TakenError
	if !errors.As(err, &taken) {
		e.Errorf("error is %v, want that something is taken", err)
	}
}

func (e *env) wantEqual(got, want any) {
	e.Helper()
	if diff := cmp.Diff(want, got, exactly()); diff != "" {
		e.Errorf("(-want +got)\n%s", diff)
	}
}

// exactly compares all that a group holds. Times are compared as instants; an
// empty collection is the same as none.
func exactly() cmp.Options {
	return cmp.Options{
		cmp.AllowUnexported(token.Set{}),
		cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}, netip.Prefix{}),
		cmpopts.EquateEmpty(),
	}
}

func ids(groups []*replication.Group) []string {
	var all []string
	for _, g := range groups {
		all = append(all, string(g.Key()))
	}
	return all
}

// messages shows events in short.
func messages(events []cache.Event) []string {
	var all []string
	for _, event := range events {
		all = append(all, event.Message)
	}
	return all
}

// deadline bounds what waits for another goroutine.
func (e *env) deadline() (context.Context, context.CancelFunc) {
	return context.WithTimeout(e.Context(), 10*time.Second)
}
