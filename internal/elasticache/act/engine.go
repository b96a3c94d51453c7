package act

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/store"
)

// ResolveEngine picks an installed engine.
func ResolveEngine(installed []cache.EngineVersion, name, asked *string) (cache.EngineVersion, error) {
	engine, err := cache.ParseEngine(aws.ToString(name), installed)
	if err != nil {
		return cache.EngineVersion{}, err
	}
	version, err := cache.ResolveVersion(installed, engine, aws.ToString(asked))
	if err != nil {
		return cache.EngineVersion{Engine: engine}, err
	}
	return version, nil
}

// CheckEngine lets through what names the engine that the group has.
func CheckEngine(g *replication.Group, engine, version *string) error {
	if e := aws.ToString(engine); e != "" && !strings.EqualFold(e, string(g.Engine)) {
		return cache.Errorf(cache.KindNotImplemented, "aikagi cannot change the engine of a group yet.")
	}
	v := aws.ToString(version)
	if err := cache.CheckVersionSpelling(g.Engine, v); err != nil {
		return err
	}
	if _, err := cache.ResolveVersion([]cache.EngineVersion{g.Version()}, g.Engine, v); err != nil {
		return cache.Errorf(cache.KindNotImplemented, "aikagi cannot change the engine version of a group yet. It has %s %s.", g.Engine, g.Version().Release())
	}
	return nil
}

// CheckNodeType refuses a creation that names no node type.
func CheckNodeType(name *string) error {
	if aws.ToString(name) == "" {
		return errNoNodeType
	}
	return nil
}

// SubnetGroup returns the cache subnet group that is asked for, as a group stores it, or the refusal if it does not
// exist. The store checks again, when the group is written, that it still exists.
func SubnetGroup(ctx context.Context, d Deps, asked *string) (name string, err error) {
	name = Lower(asked)
	if name == "" || name == subnet.DefaultName {
		return "", nil
	}
	err = d.Store.View(ctx, func(tx store.Tx) error {
		_, err := store.Get(tx, store.SubnetGroups, name)
		if cache.IsKind(err, cache.KindNotFound) {
			err = store.Groups.Dangling(store.Ref{Kind: store.SubnetGroups.Name, ID: aws.ToString(asked)})
		}
		return err
	})
	return name, err
}

var errNoNodeType = cache.Errorf(cache.KindInvalid, "The parameter CacheNodeType must be provided and must not be null.")
