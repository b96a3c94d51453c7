package store

import (
	"errors"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// ParameterGroups are the parameter groups that somebody has made; the default ones are not kept.
var ParameterGroups = Kind[string, parameter.Group]{
	Name:     "parameter-group",
	ID:       func(g *parameter.Group) string { return g.Name },
	Revision: func(g *parameter.Group) *int64 { return &g.Revision },
	Version:  1,
	Missing: func(name string) error {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceParameterGroup, "CacheParameterGroup %s not found.", name)
	},
	Exists: func(name string) error {
		return cache.ResourceErrorf(cache.KindExists, cache.ResourceParameterGroup, "Parameter group %s already exists", name)
	},
	InUse: func(name string, by Ref) error { return parameterGroupInUse(name, []cache.Key{cache.Key(by.ID)}) },
}

// parameterGroupInUse begins with the original's words, and names who is in the way.
//
// Source: the answer is quoted in aws-controllers-k8s/community issue 2004.
func parameterGroupInUse(name string, users []cache.Key) error {
	ids := make([]string, len(users))
	for i, key := range users {
		ids[i] = key.ID()
	}
	return cache.ResourceErrorf(cache.KindInUse, cache.ResourceParameterGroup,
		"One or more cache clusters are still members of this parameter group %s, so the group cannot be deleted. It is used by %s.", name, strings.Join(ids, ", "))
}

// ParameterGroup returns a parameter group, also a default one. The error is of [cache.KindNotFound].
func ParameterGroup(tx Tx, name string) (*parameter.Group, error) {
	if g := parameter.Default(name); g != nil {
		return g, nil
	}
	return Get(tx, ParameterGroups, name)
}

// ParametersOf returns the parameter group of a group of caches. That it is not there is no refusal of anything: it is kept as long as
// it is used.
func ParametersOf(tx Tx, g *replication.Group) (*parameter.Group, error) {
	parameters, err := ParameterGroup(tx, g.ParameterGroup)
	if err != nil {
		return nil, errors.New("read parameters: " + err.Error())
	}
	return parameters, nil
}

// ParameterGroupUsers returns which groups of caches name a parameter group of somebody's own, in order.
func ParameterGroupUsers(tx Tx, name string) ([]cache.Key, error) {
	by, err := tx.Referrers(Ref{ParameterGroups.Name, name}, 0)
	if err != nil {
		return nil, err
	}
	keys := make([]cache.Key, len(by))
	for i, ref := range by {
		keys[i] = cache.Key(ref.ID)
	}
	return keys, nil
}

// DeleteParameterGroup removes a parameter group that no cache names. Errors are of [cache.KindNotFound] and [cache.KindInUse].
func DeleteParameterGroup(tx UpdateTx, name string) error {
	users, err := ParameterGroupUsers(tx, name)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return parameterGroupInUse(name, users)
	}
	return Delete(tx, ParameterGroups, name)
}
