package act

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/store"
)

// ResolveEngine picks a version of an engine.
func ResolveEngine(versions cache.Catalogue, name, asked *string) (cache.Offer, error) {
	engine, err := versions.Engine(aws.ToString(name))
	if err != nil {
		return cache.Offer{}, err
	}
	version, err := versions.Resolve(engine, aws.ToString(asked))
	if err != nil {
		return cache.Offer{Asked: cache.EngineVersion{Engine: engine}}, err
	}
	return version, nil
}

// ChangeEngine asks, in a change of a group, for a version of an engine and for a parameter group.
func ChangeEngine(change *replication.Change, g *replication.Group, versions cache.Catalogue, name, version, parameterGroup *string) (err error) {
	change.Version, err = versionChange(g, versions, name, version, parameterGroup)
	change.ParameterGroup = Optional(Lower(parameterGroup))
	if change.Version != nil && change.Version.To != g.Offer() {
		change.ParameterGroup = nil // it comes with the version
	}
	return err
}

// versionChange is the version that a change asks a group to have, and the parameter group that goes with it; nil if the change asks for
// none. That of what the group has takes back what waits for the maintenance window.
func versionChange(g *replication.Group, versions cache.Catalogue, name, version, parameterGroup *string) (*replication.VersionChange, error) {
	has, asked := g.Offer(), aws.ToString(version)
	engine := has.Asked.Engine
	if aws.ToString(name) != "" {
		var err error
		if engine, err = versions.Engine(*name); err != nil {
			return nil, err
		}
	}
	if err := cache.CheckVersionSpelling(engine, asked); err != nil {
		return nil, err
	}
	to := has
	if engine != has.Asked.Engine || !has.Asked.Means(asked) {
		var err error
		if to, err = versions.Resolve(engine, asked); err != nil {
			return nil, err
		}
	} else if asked == "" && !takesEngineBack(g, aws.ToString(name)) {
		return nil, nil //nolint:nilnil // no change is not an error
	}
	if g.Standalone && to.Asked.Engine == cache.EngineValkey {
		return nil, errNoValkeyCluster
	}
	if err := cache.CheckUpgrade(has, to); err != nil {
		return nil, err
	}
	group, err := cache.UpgradeParameterGroup(has.Asked, to.Asked, g.ParameterGroup, aws.ToString(parameterGroup))
	if err != nil {
		return nil, err
	}
	return &replication.VersionChange{To: to, ParameterGroup: group}, nil
}

// takesEngineBack reports whether to name an engine, without a version, is to ask for what the group has while another engine waits.
func takesEngineBack(g *replication.Group, name string) bool {
	waits := g.Deferred.Version.To.Asked.Engine
	return name != "" && waits != "" && waits != g.Asked().Engine
}

// errNoValkeyCluster: Source: see package cluster.
var errNoValkeyCluster = cache.Errorf(cache.KindCombination, "A cache cluster that stands alone cannot run Valkey. "+
	"Create a replication group of engine valkey, and move the data there.")

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
