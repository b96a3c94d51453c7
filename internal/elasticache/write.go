package elasticache

import (
	"context"
	"errors"
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/store"
)

// create stores a new group. Whoever makes it come true hears of that from the store.
func (a *API) create(ctx context.Context, g *cache.ReplicationGroup, token *cache.Token) error {
	a.remember(g.Key(), token)
	err := a.Store.Update(ctx, func(tx store.UpdateTx) error { return a.put(tx, g) })
	return a.stored(g.Key(), token, err)
}

// change reads a group, lets fn change it, and stores it with the events that fn
// returns. find says which group it is.
func (a *API) change(ctx context.Context, find finder, token *cache.Token,
	fn func(*cache.ReplicationGroup) ([]cache.Event, error),
) (*cache.ReplicationGroup, error) {
	var g *cache.ReplicationGroup
	var remembered cache.Key
	err := a.Store.Update(ctx, func(tx store.UpdateTx) (err error) {
		if g, err = find(tx); err != nil {
			return err
		}
		events, err := fn(g)
		if err != nil {
			return err
		}
		// The reconciler may look at the group as soon as this is durable.
		if remembered == "" {
			remembered = g.Key()
			a.remember(remembered, token)
		}
		return a.put(tx, g, events...)
	})
	if remembered == "" {
		return nil, err
	}
	return g, a.stored(remembered, token, err)
}

// finder finds the group that a call is about.
type finder func(store.Tx) (*cache.ReplicationGroup, error)

func byKey(resource cache.Resource, id string) finder {
	return func(tx store.Tx) (*cache.ReplicationGroup, error) {
		return store.Get(tx, store.Groups, cache.NewKey(resource, id))
	}
}

var errNoGroupID = cache.Errorf(cache.KindMissing, "The request must contain the parameter ReplicationGroupId.")

// readGroup returns the replication group that a request must name.
func (a *API) readGroup(ctx context.Context, group *string) (g *cache.ReplicationGroup, err error) {
	id := act.Lower(group)
	if id == "" {
		return nil, errNoGroupID
	}
	err = a.Store.View(ctx, func(tx store.Tx) error {
		g, err = byKey(cache.ResourceReplicationGroup, id)(tx)
		return err
	})
	return g, err
}

func byNode(id string) finder {
	return func(tx store.Tx) (*cache.ReplicationGroup, error) { return store.GroupOfNode(tx, id) }
}

// put stores a group, with addresses for what has none yet, and what is to be told.
func (a *API) put(tx store.UpdateTx, g *cache.ReplicationGroup, events ...cache.Event) error {
	if err := a.assignAddresses(tx, g); err != nil {
		return err
	}
	if err := store.PutGroup(tx, g, events...); err != nil {
		return err
	}
	fault.Point(fault.StoreBeforeCommit)
	return nil
}

// Prepare makes sure that there is what callers find in any case: the default cache subnet group, and the addresses that
// groups of early releases lack. What has no room just now waits for the next start.
func (a *API) Prepare(ctx context.Context) error {
	err := act.Create(ctx, a.deps(), store.SubnetGroups, subnet.Default(a.Now()), func(store.Tx) error { return nil })
	if cache.IsKind(err, cache.KindExists) {
		err = nil
	}
	return errors.Join(err, a.completeAddresses(ctx))
}

// completeAddresses gives the groups of early releases the addresses that they lack. A group for
// which there is none just now stays as it is, until it is changed or the next start.
func (a *API) completeAddresses(ctx context.Context) error {
	return a.Store.Update(ctx, func(tx store.UpdateTx) error {
		groups, err := store.Page(tx, store.Groups, store.GroupRange(cache.ResourceReplicationGroup, "", 0))
		if err != nil {
			return err
		}
		for _, g := range groups {
			if !g.LacksAddress() || g.Status == cache.StatusDeleting {
				continue
			}
			err := a.assignAddresses(tx, g)
			switch {
			case cache.IsKind(err, cache.KindCapacity):
				a.Logger.Warn("no address for the reader endpoint of a group of an earlier release", "group", g.ID, "error", err)
				continue
			case err == nil:
				err = store.PutGroup(tx, g)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *API) assignAddresses(tx store.Tx, g *cache.ReplicationGroup) error {
	var taken map[netip.Addr]cache.Key
	return g.AssignAddresses(func() (address netip.Addr, err error) {
		if taken == nil { // most changes need no address, and there may be many
			if taken, err = store.Addresses(tx); err != nil {
				return address, err
			}
		}
		if address, err = a.Addresses.Next(taken, g.Port); err == nil {
			taken[address] = g.Key()
		}
		return address, err
	})
}

// stored follows a write: if it failed, the token is taken back.
func (a *API) stored(key cache.Key, token *cache.Token, err error) error {
	if err != nil {
		if token != nil {
			a.Witness.Drop(key, *token)
		}
		return err
	}
	fault.Point(fault.StoreAfterCommit)
	return nil
}

func (a *API) remember(key cache.Key, token *cache.Token) {
	if token != nil {
		a.Witness.Remember(key, *token)
	}
}
