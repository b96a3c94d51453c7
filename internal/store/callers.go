package store

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// AccountsFor returns whom the user group of a group of caches lets in; none if it has none.
func AccountsFor(tx Tx, g *replication.Group) ([]user.Account, error) {
	if g.UserGroup == "" {
		return nil, nil
	}
	return AccountsOf(tx, g.UserGroup)
}

// CachesOfUsers returns the groups of caches that have one of these users or user groups, in order.
func CachesOfUsers(tx Tx, users, userGroups []string) (keys []cache.Key, err error) {
	ids := slices.Clone(userGroups)
	for _, id := range users {
		groups, err := GroupsOfUser(tx, id)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			ids = append(ids, g.ID)
		}
	}
	for _, id := range ids {
		by, err := tx.Referrers(Ref{UserGroups.Name, id}, 0)
		if err != nil {
			return nil, err
		}
		for _, ref := range by {
			keys = append(keys, cache.Key(ref.ID))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// SettleUsers notes what is with every cache that it is meant for, of the changes of user groups and of their users, and writes nothing if there
// is no such change.
func SettleUsers(tx UpdateTx, userGroups []string, now time.Time) error {
	for _, id := range userGroups {
		g, arrived, err := arrivedUsers(tx, id)
		if err != nil {
			return err
		}
		if !arrived {
			continue
		}
		users, err := Some(tx, Users, g.Members()...)
		if err != nil {
			return err
		}
		if g.Status != user.StatusActive {
			if err := SettleUserGroup(tx, id, now); err != nil {
				return err
			}
		}
		for _, u := range users {
			if err := settleUser(tx, u); err != nil {
				return err
			}
		}
	}
	return nil
}

// UsersPending reports whether there is anything that SettleUsers could note. Errors: [UserGroups]'s Missing.
func UsersPending(tx Tx, userGroups []string) (bool, error) {
	for _, id := range userGroups {
		g, err := Get(tx, UserGroups, id)
		if err != nil || g.Status != user.StatusActive {
			return err == nil, err
		}
		users, err := Some(tx, Users, g.UserIDs...)
		if err != nil || slices.ContainsFunc(users, func(u *user.User) bool { return u.Status != user.StatusActive }) {
			return err == nil, err
		}
	}
	return false, nil
}

// settleUser notes that a user is the same everywhere, if so.
func settleUser(tx UpdateTx, u *user.User) error {
	if u.Status != user.StatusModifying {
		return nil
	}
	groups, err := GroupsOfUser(tx, u.ID)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if _, arrived, err := arrivedUsers(tx, g.ID); err != nil || !arrived {
			return err
		}
	}
	u.Settle()
	return Put(tx, Users, u)
}

// arrivedUsers reports whether every node of the caches that have a user group has the accounts that the group has now.
func arrivedUsers(tx Tx, id string) (*user.Group, bool, error) {
	g, err := Get(tx, UserGroups, id)
	if err != nil {
		return nil, false, err
	}
	accounts, err := AccountsOf(tx, id)
	if err != nil {
		return nil, false, err
	}
	keys, err := CachesOfUsers(tx, nil, []string{id})
	if err != nil {
		return nil, false, err
	}
	caches, err := Some(tx, Groups, keys...)
	late := func(c *replication.Group) bool {
		ends := c.Status == cache.StatusDeleting || c.Status == cache.StatusCreateFailed
		return !ends && c.UserGroup == id && !c.HasUsers(user.Mark(accounts))
	}
	return g, err == nil && !slices.ContainsFunc(caches, late), err
}
