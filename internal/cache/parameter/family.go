package parameter

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Family is what there is to be set in one major version of an engine.
type Family struct {
	Name       string
	Parameters []Parameter // by name, as the original orders them

	since string // the version of parameters that have none of their own
}

// Access says when a parameter can be set.
type Access string

// The kinds of access.
const (
	Fixed Access = "fixed" // never
	Free  Access = "free"
	Once  Access = "once" // as long as no cache uses the group
)

// Parameter is one that a family has.
type Parameter struct {
	Name        string
	Default     *string // nil: it has none
	Allowed     Allowed
	Type        string // string, integer, boolean or float
	Access      Access
	NeedsReboot bool // a change takes effect when a node is started
	Description string

	since string
}

// Families are all of them, in the order of the original's guide.
func Families() []*Family { return slices.Clone(catalogue()) }

// FindFamily returns a family by its name. The error is of [cache.KindInvalid].
//
// Source: the answer is quoted in floci pull request 2392.
func FindFamily(name string) (*Family, error) {
	if f := find(catalogue(), strings.ToLower(name)); f != nil {
		return f, nil
	}
	return nil, cache.Errorf(cache.KindInvalid, "CacheParameterGroupFamily %s is not a valid parameter group family.", name)
}

// Parameter returns one of the family's; nil: there is none of that name.
func (f *Family) Parameter(name string) *Parameter {
	for i := range f.Parameters { // they are large
		if f.Parameters[i].Name == name {
			return &f.Parameters[i]
		}
	}
	return nil
}

// Since is the first version of the engine in which a parameter of the family can be set.
func (f *Family) Since(p *Parameter) string { return cmp.Or(p.since, f.since) }

// Knows reports whether a version of the family's engine has the parameter: some came with a later version than the family. The patch
// does not matter, for the original's first patch of a release is not always the engine's.
func (f *Family) Knows(p *Parameter, version cache.EngineVersion) bool {
	since := cache.EngineVersion{Engine: version.Engine, Version: f.Since(p)}
	return cache.EngineVersion{Version: version.Release()}.Compare(cache.EngineVersion{Version: since.Release()}) >= 0
}

// HasClusterMode reports whether the family has a default group for cluster mode.
func (f *Family) HasClusterMode() bool { return f.Parameter(clusterEnabled) != nil }

// IsMemcached reports whether it is of an engine that aikagi does not run.
func (f *Family) IsMemcached() bool { return strings.HasPrefix(f.Name, "memcached") }

// clusterEnabled is the parameter that says whether a cache is one of cluster mode.
const clusterEnabled = "cluster-enabled"

// familyNamed returns a family, also of a version of an engine that is newer than the original's newest: its parameters are taken to be
// those of that one. Nil: there is none.
func familyNamed(name string) *Family {
	if f := find(catalogue(), name); f != nil {
		return f
	}
	for _, engine := range []cache.Engine{cache.EngineRedis, cache.EngineValkey} {
		major, err := strconv.Atoi(strings.TrimPrefix(name, string(engine)))
		if err != nil || !strings.HasPrefix(name, string(engine)) {
			continue
		}
		var newest *Family
		for _, f := range catalogue() {
			if strings.HasPrefix(f.Name, string(engine)) {
				newest = f
			}
		}
		if (cache.EngineVersion{Version: strconv.Itoa(major)}).Compare(cache.EngineVersion{Version: newest.since}) > 0 {
			return &Family{Name: name, Parameters: newest.Parameters, since: newest.since}
		}
	}
	return nil
}
