package storetest

import (
	"reflect"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/store"
)

func userOf(e *env, id, access string) *user.User {
	e.Helper()
	u := &user.User{
		ID: id, Name: id, Engine: cache.EngineRedis, Login: user.Login{Authentication: user.AuthenticationPassword, Passwords: []token.Digest{{1}, {2}}},
		Status: user.StatusActive, Tags: cache.Tags{"k": "v"}, CreatedAt: noon(),
	}
	if err := u.Access.UnmarshalText([]byte(access)); err != nil {
		e.Fatal(err)
	}
	return u
}

func userGroupOf(id string, users ...string) *user.Group {
	return &user.Group{ID: id, Engine: cache.EngineValkey, UserIDs: users, Status: user.StatusActive, CreatedAt: noon()}
}

func usersRoundTrip(e *env) {
	u := userOf(e, "alice", "on ~鍵:'* %R~b &c +@all -client (~d -@all +get)")
	g := userGroupOf("readers", "alice", "bob")
	g.Pending, g.Status, g.Tags = user.Pending{Add: []string{"carol"}, Remove: []string{"bob"}}, user.StatusModifying, cache.Tags{"k": "v"}
	wantNoZero(e.T, reflect.ValueOf(*u), "User", "Revision")
	wantNoZero(e.T, reflect.ValueOf(*g), "Group", "Revision")
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.UserGroups, g) }), cache.KindNotFound, cache.ResourceUser)
	e.putUsers(u, userOf(e, "bob", "off -@all"), userOf(e, "carol", "off -@all"))
	e.update(func(tx store.UpdateTx) error { return store.Put(tx, store.UserGroups, g) })
	e.view(func(tx store.Tx) error {
		got, err := store.Get(tx, store.Users, "alice")
		e.wantEqual(got, u)
		if err != nil {
			return err
		}
		group, err := store.Get(tx, store.UserGroups, "readers")
		e.wantEqual(group, g)
		_, noUser := store.Get(tx, store.Users, "none")
		e.wantKind(noUser, cache.KindNotFound, cache.ResourceUser)
		_, noGroup := store.Get(tx, store.UserGroups, "none")
		e.wantKind(noGroup, cache.KindNotFound, cache.ResourceUserGroup)
		return err
	})
	for _, u := range []string{"alice", "bob", "carol"} { // bob is in some cache yet
		e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Delete(tx, store.Users, u) }), cache.KindState, cache.ResourceUser)
	}
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Users, userOf(e, "alice", "on ~*")) }), cache.KindExists, cache.ResourceUser)
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.UserGroups, userGroupOf("readers")) }), cache.KindExists, cache.ResourceUserGroup)
}

func (e *env) putUsers(users ...*user.User) {
	e.Helper()
	e.update(func(tx store.UpdateTx) error {
		for _, u := range users {
			if err := store.Put(tx, store.Users, u); err != nil {
				return err
			}
		}
		return nil
	})
}

// usersLeave: a user that is deleted is taken out of its groups, and stays for as long as one of these has it.
func usersLeave(e *env) {
	e.putUsers(userOf(e, "alice", "on ~*"), userOf(e, "bob", "on ~*"))
	e.update(func(tx store.UpdateTx) error {
		if err := store.Put(tx, store.UserGroups, userGroupOf("readers", "alice", "bob")); err != nil {
			return err
		}
		return store.Put(tx, store.UserGroups, userGroupOf("writers", "alice", "bob"))
	})
	e.update(func(tx store.UpdateTx) error {
		u, err := store.DeleteUser(tx, "alice", noon())
		if err != nil {
			return err
		}
		groups, err := store.Page(tx, store.UserGroups, store.Range{})
		e.wantEqual([]any{u.Status, groups[0].UserIDs, groups[1].UserIDs}, []any{user.StatusDeleting, []string{"bob"}, []string{"bob"}})
		return err
	})
	e.update(func(tx store.UpdateTx) error { // as it is with a group that a cache has
		bob, err := store.Get(tx, store.Users, "bob")
		if err != nil {
			return err
		}
		g, err := store.Get(tx, store.UserGroups, "writers")
		if err != nil {
			return err
		}
		if err := g.Drop(bob, true); err != nil {
			return err
		}
		bob.Status = user.StatusDeleting
		if err := store.Put(tx, store.UserGroups, g); err != nil {
			return err
		}
		return store.Put(tx, store.Users, bob)
	})
	left := func() (left int) {
		e.view(func(tx store.Tx) error {
			users, err := store.Page(tx, store.Users, store.Range{})
			left = len(users)
			return err
		})
		return left
	}
	e.update(func(tx store.UpdateTx) error { return store.SettleUserGroup(tx, "writers", noon()) })
	e.wantEqual(left(), 1) // readers has bob
	e.update(func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.UserGroups, "readers")
		if err != nil {
			return err
		}
		g.Pending.Remove = []string{"bob"}
		return store.Put(tx, store.UserGroups, g)
	})
	e.update(func(tx store.UpdateTx) error { return store.SettleUserGroup(tx, "readers", noon()) })
	e.wantEqual(left(), 0)
}
