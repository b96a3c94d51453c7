package storetest

import (
	"reflect"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

func parameterGroup(name string) *parameter.Group {
	return &parameter.Group{
		Name: name, Family: "valkey8", Description: "鍵 'quoted'", Values: map[string]string{"timeout": "20", "notify-keyspace-events": ""},
		Tags: cache.Tags{"k": "v"}, CreatedAt: noon(),
	}
}

func parameterGroupsRoundTrip(e *env) {
	want := parameterGroup("small")
	wantNoZero(e.T, reflect.ValueOf(*want), "Group", "Revision")
	e.update(func(tx store.UpdateTx) error { return store.Put(tx, store.ParameterGroups, want) })
	e.view(func(tx store.Tx) error {
		got, err := store.ParameterGroup(tx, "small")
		e.wantEqual(got, want)
		_, missing := store.ParameterGroup(tx, "none")
		e.wantKind(missing, cache.KindNotFound, cache.ResourceParameterGroup)
		return err
	})
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		return store.Put(tx, store.ParameterGroups, parameterGroup("small"))
	}), cache.KindExists, cache.ResourceParameterGroup)
}

// parameterGroupsInUse: a group's parameter group is there for as long as the group is, and knows who uses it. A name that begins
// another one is not it.
func parameterGroupsInUse(e *env) {
	a := e.make(replication.Spec{ID: "a", ParameterGroup: "small"})
	e.wantKind(e.tryPut(a), cache.KindNotFound, cache.ResourceParameterGroup)
	e.update(func(tx store.UpdateTx) error { return store.Put(tx, store.ParameterGroups, parameterGroup("small")) })
	e.update(func(tx store.UpdateTx) error { return store.Put(tx, store.ParameterGroups, parameterGroup("smaller")) })
	b := e.make(replication.Spec{ID: "b", ParameterGroup: "smaller"})
	e.put(a, b, e.group("c", 0))
	e.view(func(tx store.Tx) error {
		users, err := store.ParameterGroupUsers(tx, "small")
		if err == nil && (len(users) != 1 || users[0].ID() != "a") {
			e.Errorf("small is used by %+v", users)
		}
		return err
	})
	remove := func(tx store.UpdateTx) error { return store.DeleteParameterGroup(tx, "small") }
	e.wantKind(e.store.Update(e.Context(), remove), cache.KindInUse, cache.ResourceParameterGroup)
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		return store.Delete(tx, store.ParameterGroups, "small")
	}), cache.KindInUse, cache.ResourceParameterGroup)
	e.update(func(tx store.UpdateTx) error { return store.DeleteGroup(tx, a) })
	e.update(remove)
	e.wantKind(e.store.Update(e.Context(), remove), cache.KindNotFound, cache.ResourceParameterGroup)
}
