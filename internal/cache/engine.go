package cache

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Engine is the server software of a group.
type Engine string

// The engines that aikagi runs. Memcached, which the original has too, has
// neither tokens nor replicas and is not served.
const (
	EngineRedis  Engine = "redis"
	EngineValkey Engine = "valkey"
)

// EngineVersion is an engine that can be run.
type EngineVersion struct {
	Engine  Engine `json:"engine"`
	Version string `json:"version"` // as the engine itself prints it: "7.0.15"; or as it is asked for
}

// asAsked is the version as it is asked for: by its release or, before Redis 6, in full.
func (v EngineVersion) asAsked() EngineVersion {
	if v.Engine == EngineRedis && v.major() < 6 {
		return v
	}
	return EngineVersion{v.Engine, v.Release()}
}

// Release is the version without its patch, as the original's answers give it and as it is asked
// for: "7.0".
func (v EngineVersion) Release() string {
	parts := strings.SplitN(v.Version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// Family is the parameter group family of the version: "redis7", "valkey8"; before Redis 7 it
// was "redis6.x", and "redis5.0" and the like before that.
func (v EngineVersion) Family() string {
	switch major := v.major(); {
	case v.Engine == EngineRedis && major < 6:
		return string(v.Engine) + v.Release()
	case v.Engine == EngineRedis && major == 6:
		return string(v.Engine) + "6.x"
	default:
		return string(v.Engine) + strconv.Itoa(major)
	}
}

func (v EngineVersion) major() int { return v.number(0) }
func (v EngineVersion) minor() int { return v.number(1) }

// number is one of the numbers of the version; 0 if it has not so many.
func (v EngineVersion) number(i int) int {
	if parts := strings.Split(v.Version, "."); i < len(parts) {
		number, _ := strconv.Atoi(parts[i])
		return number
	}
	return 0
}

// DefaultParameterGroup is the name of the parameter group of a new group.
func (v EngineVersion) DefaultParameterGroup() string { return "default." + v.Family() }

// Compare orders versions of one engine by their numbers.
func (v EngineVersion) Compare(other EngineVersion) int {
	return slices.CompareFunc(strings.Split(v.Version, "."), strings.Split(other.Version, "."), func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return cmp.Compare(x, y)
	})
}

var patchedVersion = regexp.MustCompile(`^(\d+\.\d+)\.\d+$`)

// CheckVersionSpelling refuses a version that names a patch: which patch of a release runs is the
// service's choice, from Redis 6 and in all of Valkey on.
//
// Source: the original's answer, quoted in crossplane-contrib/provider-aws issue 1617.
func CheckVersionSpelling(engine Engine, asked string) error {
	m := patchedVersion.FindStringSubmatch(asked)
	if m == nil || engine == EngineRedis && (EngineVersion{engine, asked}).major() < 6 {
		return nil
	}
	return Errorf(KindInvalid, "Specific version selection is not allowed for '%s', please use '%s'", asked, m[1])
}

func newest(installed []EngineVersion, engine Engine, wanted func(EngineVersion) bool) (best EngineVersion, ok bool) {
	for _, v := range installed {
		if v.Engine == engine && wanted(v) && (!ok || v.Compare(best) > 0) {
			best, ok = v, true
		}
	}
	return best, ok
}

// Means reports whether a version is one that a name asks for, in the original's spelling.
func (v EngineVersion) Means(asked string) bool {
	switch {
	case asked == "":
		return true
	case v.Engine == EngineRedis && v.major() == 6:
		return asked == v.Release() || asked == "6.x"
	case v.Engine == EngineRedis && v.major() < 6:
		return asked == v.Version
	}
	return asked == v.Release()
}

// Successor returns the version that takes the place of one that is not installed any more: the newest patch of its release or,
// if there is none, of the nearest newer release of the same major version. An older one might not read its data. ok is false if
// the version is installed, or has no successor.
func Successor(installed []EngineVersion, gone EngineVersion) (next EngineVersion, ok bool) {
	if slices.Contains(installed, gone) {
		return EngineVersion{}, false
	}
	minor := -1
	for _, v := range installed {
		if v.Engine == gone.Engine && v.major() == gone.major() && v.minor() >= gone.minor() && (minor < 0 || v.minor() < minor) {
			minor = v.minor()
		}
	}
	return newest(installed, gone.Engine, func(v EngineVersion) bool { return v.major() == gone.major() && v.minor() == minor })
}

func (v EngineVersion) String() string { return fmt.Sprintf("%s %s", v.Engine, v.Version) }
