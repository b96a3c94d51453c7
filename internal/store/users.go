package store

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// Users are the users. The default one is among them, as soon as a service has been started.
var Users = Kind[string, user.User]{
	Name:     "user",
	ID:       func(u *user.User) string { return u.ID },
	Revision: func(u *user.User) *int64 { return &u.Revision },
	Version:  1,
	Missing:  userMissing,
	Exists: func(id string) error {
		return cache.ResourceErrorf(cache.KindExists, cache.ResourceUser, "User %s already exists.", id)
	},
	InUse: func(id string, by Ref) error {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceUser, "User %s is in use by user group %s.", id, by.ID)
	},
}

// UserGroups are the user groups. They refer to their users; the groups of caches that have one refer to it.
var UserGroups = Kind[string, user.Group]{
	Name:     "user-group",
	ID:       func(g *user.Group) string { return g.ID },
	Revision: func(g *user.Group) *int64 { return &g.Revision },
	Refs:     userGroupRefs,
	Version:  1,
	Missing: func(id string) error {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceUserGroup, "User group %s not found.", cache.QuoteName(id))
	},
	Exists: func(id string) error {
		return cache.ResourceErrorf(cache.KindExists, cache.ResourceUserGroup, "User group %s already exists.", id)
	},
	InUse: func(id string, by Ref) error {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceUserGroup, "User group %s is in use by %s. Remove it from there first.", id, cache.Key(by.ID).ID())
	},
	Dangling: func(to Ref) error { return userMissing(to.ID) },
}

func userMissing(id string) error {
	return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceUser, "User %s not found.", cache.QuoteName(id))
}

// userGroupRefs are all users that some cache may have for the group: also those that it is to lose.
func userGroupRefs(g *user.Group) (refs []Ref) {
	for _, ids := range [][]string{g.UserIDs, g.Pending.Add} {
		for _, id := range ids {
			refs = append(refs, Ref{Users.Name, id})
		}
	}
	return refs
}

// GroupsOfUser returns the user groups that have a user, or are to get it or to lose it, in the order of their ids.
func GroupsOfUser(tx Tx, id string) ([]*user.Group, error) {
	by, err := tx.Referrers(Ref{Users.Name, id}, 0)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(by))
	for i, ref := range by {
		ids[i] = ref.ID
	}
	return Some(tx, UserGroups, ids...)
}

// CachesOf returns the groups of caches that have one of these user groups.
func CachesOf(tx Tx, groups ...*user.Group) (caches []user.Cache, err error) {
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.ID
	}
	keys, err := CachesOfUsers(tx, nil, ids)
	if err != nil {
		return nil, err
	}
	users, err := Some(tx, Groups, keys...)
	for _, g := range users {
		caches = append(caches, user.Cache{ID: g.ID, Engine: g.Asked().Engine})
	}
	return caches, err
}

// AccountsOf returns what the nodes of caches with a user group let in. Errors: [UserGroups]'s Missing.
func AccountsOf(tx Tx, group string) ([]user.Account, error) {
	g, err := Get(tx, UserGroups, group)
	if err != nil {
		return nil, err
	}
	users, err := Some(tx, Users, g.Members()...)
	return user.Accounts(g, users), err
}

// DeleteUser removes a user, and takes it out of its groups first. Where a cache has one of these, the user stays for as long as it takes
// to bring that about, and [SettleUserGroup] removes it. Errors: those of [user.Group.Drop] and [user.User.Delete].
func DeleteUser(tx UpdateTx, id string, now time.Time) (*user.User, error) {
	u, err := Get(tx, Users, id)
	if err != nil {
		return nil, err
	}
	groups, err := GroupsOfUser(tx, id)
	if err != nil {
		return nil, err
	}
	inUse := false
	for _, g := range groups {
		caches, err := CachesOf(tx, g)
		if err != nil {
			return nil, err
		}
		if err := g.Drop(u, len(caches) > 0); err != nil {
			return nil, err
		}
		if err := Put(tx, UserGroups, g); err != nil {
			return nil, err
		}
		inUse = inUse || len(caches) > 0
	}
	if err := u.Delete(); err != nil {
		return nil, err
	}
	if inUse {
		return u, Put(tx, Users, u)
	}
	return u, removeUser(tx, u, now)
}

// SettleUserGroup notes that all caches of a user group have what was pending, and removes the users that were only waited for.
func SettleUserGroup(tx UpdateTx, id string, now time.Time) error {
	g, err := Get(tx, UserGroups, id)
	if err != nil {
		return err
	}
	removed := g.Pending.Remove
	g.Settle()
	if err := Put(tx, UserGroups, g); err != nil {
		return err
	}
	users, err := Some(tx, Users, removed...)
	if err != nil {
		return err
	}
	for _, u := range users {
		groups, err := GroupsOfUser(tx, u.ID)
		if err != nil {
			return err
		}
		if u.Status == user.StatusDeleting && len(groups) == 0 {
			if err := removeUser(tx, u, now); err != nil {
				return err
			}
		}
	}
	return nil
}

func removeUser(tx UpdateTx, u *user.User, now time.Time) error {
	if err := Delete(tx, Users, u.ID); err != nil {
		return err
	}
	return Append(tx, Events, u.Event(now, "User "+u.ID+" has been deleted"))
}
