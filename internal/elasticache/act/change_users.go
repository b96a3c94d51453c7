package act

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/store"
)

// ChangeUsers carries out a change of users and user groups in a transaction, unless the guard of a cache that has one of them refuses what it
// takes away. Where a guard wants to know who uses that, nodes are asked first, between transactions. Change may be run again, so it must have no other
// effects. Errors are those of change and [replication.Group.CheckUsers].
func ChangeUsers(ctx context.Context, d Groups, users, userGroups []string, change func(store.UpdateTx) error) error {
	c := usersChange{Groups: d, users: users, userGroups: userGroups, change: change, known: map[cache.Key]*usage.Group{}}
	for {
		err := d.Store.Update(ctx, c.carryOut)
		if !errors.Is(err, errAskFirst) {
			return err
		}
		if err := c.ask(ctx); err != nil {
			return err
		}
	}
}

// usersChange is a change of users on its way.
type usersChange struct {
	Groups
	users, userGroups []string // that are changed
	change            func(store.UpdateTx) error

	asked   int
	known   map[cache.Key]*usage.Group
	unknown []*replication.Group // whose nodes are to be asked
}

func (c *usersChange) carryOut(tx store.UpdateTx) error {
	keys, err := store.CachesOfUsers(tx, c.users, c.userGroups)
	if err != nil {
		return err
	}
	caches, err := store.Some(tx, store.Groups, keys...)
	if err != nil {
		return err
	}
	before, err := accountsOf(tx, caches)
	if err != nil {
		return err
	}
	if err := c.change(tx); err != nil {
		return err
	}
	after, err := accountsOf(tx, caches)
	if err != nil {
		return err
	}
	c.unknown = nil
	for i, g := range caches {
		if err := c.check(tx, g, user.Ends(before[i], after[i])); err != nil {
			return err
		}
	}
	if len(c.unknown) > 0 {
		return errAskFirst
	}
	return nil
}

// check asks the guard of a cache, or notes that its nodes are to be asked first.
func (c *usersChange) check(tx store.UpdateTx, g *replication.Group, ends []user.End) error {
	if g.GuardsUsers(ends) && c.known[g.Key()] == nil && c.asked < usageAsks {
		c.unknown = append(c.unknown, g)
		return nil
	}
	events, err := g.CheckUsers(ends, c.known[g.Key()], c.Now())
	if err != nil {
		return err
	}
	return store.Append(tx, store.Events, events...)
}

func (c *usersChange) ask(ctx context.Context) error {
	c.asked++
	known, err := UsageOfAll(ctx, c.Groups, c.unknown)
	for i, g := range c.unknown {
		c.known[g.Key()] = &known[i]
	}
	return err
}

func accountsOf(tx store.Tx, caches []*replication.Group) ([][]user.Account, error) {
	all := make([][]user.Account, len(caches))
	for i, g := range caches {
		var err error
		if all[i], err = store.AccountsFor(tx, g); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// cachesAtOnce is how many caches are asked side by side: each takes a second, if it has nodes that do not answer.
const cachesAtOnce = 16

// UsageOfAll asks the nodes of several caches, and answers in their order. The error is that ctx ended.
func UsageOfAll(ctx context.Context, d Groups, caches []*replication.Group) ([]usage.Group, error) {
	known := make([]usage.Group, len(caches))
	asking, ctx := errgroup.WithContext(ctx)
	asking.SetLimit(cachesAtOnce)
	for i, g := range caches {
		asking.Go(func() (err error) {
			known[i], err = UsageOf(ctx, d, g)
			return err
		})
	}
	return known, asking.Wait()
}
