package elasticache

import (
	"context"
	"errors"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Prepare stores what callers can expect of any service: the default cache subnet group, and the addresses that groups
// of early releases lack. Where no address is free, the next start tries again.
func (a *API) Prepare(ctx context.Context) error {
	err := act.Create(ctx, a.deps(), store.SubnetGroups, subnet.Default(a.Now()), func(store.Tx) error { return nil })
	if cache.IsKind(err, cache.KindExists) {
		err = nil
	}
	return errors.Join(err, a.completeAddresses(ctx))
}

// completeAddresses gives the groups of early releases the addresses that they lack. A group for which none is free
// stays as it is until it is changed, or until the next start.
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
			err := act.AssignAddresses(tx, a.groups(), g)
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
