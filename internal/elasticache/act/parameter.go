package act

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// ParameterGroup returns the parameter group that is asked for, as a group stores it, or the refusal if it does not exist or does
// not go with the version. Empty: the default one. The store checks again, when the group is written, that it still exists.
func ParameterGroup(ctx context.Context, d Deps, asked *string, v cache.EngineVersion) (name string, err error) {
	name = Lower(asked)
	if name == "" || v.Version == "" { // what is wrong with the engine is said already
		return "", nil
	}
	err = d.Store.View(ctx, func(tx store.Tx) error {
		_, err := parameterGroup(tx, name, v)
		return err
	})
	return name, err
}

func parameterGroup(tx store.Tx, name string, v cache.EngineVersion) (*parameter.Group, error) {
	g, err := store.ParameterGroup(tx, name)
	if cache.IsKind(err, cache.KindNotFound) {
		return nil, parameter.Unknown(name, v)
	}
	if err != nil {
		return nil, err
	}
	return g, g.CheckFit(v)
}

// checkParameters looks, in the transaction that writes a group, at the parameter group that it is to have instead of the one that it
// had (empty: it is a new group), and at the one that goes with a version which waits for the maintenance window.
func checkParameters(tx store.Tx, g *replication.Group, had string) error {
	if d := g.Deferred.Version; d.ParameterGroup != "" && d.ParameterGroup != g.ParameterGroup {
		if err := checkSwitch(tx, d.ParameterGroup, d.To.Asked, g.ParameterGroup); err != nil {
			return err
		}
	}
	if g.ParameterGroup == had {
		return nil
	}
	return checkSwitch(tx, g.ParameterGroup, g.Asked(), had)
}

// checkSwitch refuses another parameter group that does not go with a version, or not with the one before; empty: there was none.
func checkSwitch(tx store.Tx, name string, v cache.EngineVersion, had string) error {
	next, err := parameterGroup(tx, name, v)
	if err != nil || had == "" {
		return err
	}
	before, err := store.ParameterGroup(tx, had)
	if err != nil {
		return err
	}
	return next.CheckSwitch(before)
}
