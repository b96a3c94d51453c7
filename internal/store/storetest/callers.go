package storetest

import (
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/store"
)

// usersSettle: a user that is changed, and a user group, are settled as soon as every node of every cache that has them has the same, and not
// before.
func usersSettle(e *env) {
	alice, bob := userOf(e, "alice", "on ~* +get"), userOf(e, "bob", "on ~* +get")
	alice.Status = user.StatusModifying
	e.putUsers(alice, bob)
	readers, writers := userGroupOf("readers", "alice"), userGroupOf("writers", "alice")
	readers.Pending, readers.Status = user.Pending{Add: []string{"bob"}}, user.StatusModifying
	e.update(func(tx store.UpdateTx) error {
		if err := store.Put(tx, store.UserGroups, readers); err != nil {
			return err
		}
		return store.Put(tx, store.UserGroups, writers)
	})
	first, second, other := e.group("first", 1), e.group("second", 0), e.group("other", 0)
	first.UserGroup, second.UserGroup, other.UserGroup = "readers", "readers", "writers"
	first.Tokens, second.Tokens, other.Tokens = token.Set{}, token.Set{}, token.Set{}
	for _, n := range append(append(first.Nodes(), second.Nodes()...), other.Nodes()...) {
		n.Status = cache.StatusAvailable
	}
	missing := e.group("missing", 0)
	missing.UserGroup, missing.Tokens = "nobody", token.Set{}
	e.wantKind(e.tryPut(missing), cache.KindNotFound, cache.ResourceUserGroup)
	e.put(first, second, other)
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Delete(tx, store.UserGroups, "readers") }), cache.KindState, cache.ResourceUserGroup)

	mark := func(id string) (mark string) {
		e.view(func(tx store.Tx) error {
			accounts, err := store.AccountsOf(tx, id)
			mark = user.Mark(accounts)
			return err
		})
		return mark
	}
	settled := func() (statuses []user.Status) {
		e.update(func(tx store.UpdateTx) error {
			keys, err := store.CachesOfUsers(tx, []string{"alice"}, nil)
			e.wantEqual(keys, []cache.Key{first.Key(), other.Key(), second.Key()})
			if err != nil {
				return err
			}
			if err := store.SettleUsers(tx, []string{"readers", "writers"}, noon()); err != nil {
				return err
			}
			groups, err := store.Page(tx, store.UserGroups, store.Range{})
			if err != nil {
				return err
			}
			u, err := store.Get(tx, store.Users, "alice")
			statuses = []user.Status{groups[0].Status, groups[1].Status, u.Status}
			return err
		})
		return statuses
	}
	e.wantEqual(settled(), []user.Status{user.StatusModifying, user.StatusActive, user.StatusModifying})
	for _, n := range first.Nodes() {
		n.Users = mark("readers")
	}
	e.put(first)
	e.wantEqual(settled(), []user.Status{user.StatusModifying, user.StatusActive, user.StatusModifying})
	second.Nodes()[0].Users = mark("readers")
	e.put(second)
	e.wantEqual(settled(), []user.Status{user.StatusActive, user.StatusActive, user.StatusModifying}) // another cache lacks her
	other.Nodes()[0].Users = mark("writers")
	e.put(other)
	e.wantEqual(settled(), []user.Status{user.StatusActive, user.StatusActive, user.StatusActive})
}
