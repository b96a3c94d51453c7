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

// ParseEngine reads an engine's name in any case. An empty name means redis, as in
// the original's API, unless only another engine is installed.
func ParseEngine(name string, installed []EngineVersion) (Engine, error) {
	switch Engine(strings.ToLower(name)) {
	case "":
		isRedis := func(v EngineVersion) bool { return v.Engine == EngineRedis }
		if len(installed) > 0 && !slices.ContainsFunc(installed, isRedis) {
			return installed[0].Engine, nil
		}
		return EngineRedis, nil
	case EngineRedis:
		return EngineRedis, nil
	case EngineValkey:
		return EngineValkey, nil
	}
	return "", Errorf(KindInvalid, "The parameter Engine must be one of: redis, valkey.")
}

// EngineVersion is an engine that can be run.
type EngineVersion struct {
	Engine  Engine
	Version string // as the engine itself prints it: "7.0.15"
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

func (v EngineVersion) major() int {
	text, _, _ := strings.Cut(v.Version, ".")
	major, _ := strconv.Atoi(text)
	return major
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

// ResolveVersion picks the newest of the installed versions of an engine that is
// meant by what was asked for: "" is any, "7.0" any 7.0, "6.x" any 6. The error is what
// [CheckVersionSpelling] says, or of [KindCombination] and names what is there.
func ResolveVersion(installed []EngineVersion, engine Engine, asked string) (EngineVersion, error) {
	if err := CheckVersionSpelling(engine, asked); err != nil {
		return EngineVersion{}, err
	}
	if best, ok := newest(installed, engine, func(v EngineVersion) bool { return v.means(asked) }); ok {
		return best, nil
	}
	var have []string
	for _, v := range installed {
		if v.Engine == engine {
			have = append(have, v.Release())
		}
	}
	if len(have) == 0 {
		return EngineVersion{}, Errorf(KindCombination, "Cannot find version %s for %s: no %s-server is installed on this machine. "+
			"Install it (for example: apt-get install %s-server) or point --engine-path at it.", cmp.Or(asked, "(any)"), engine, engine, engine)
	}
	return EngineVersion{}, Errorf(KindCombination, "Cannot find version %s for %s. Installed: %s.", asked, engine, strings.Join(slices.Compact(have), ", "))
}

func newest(installed []EngineVersion, engine Engine, wanted func(EngineVersion) bool) (best EngineVersion, ok bool) {
	for _, v := range installed {
		if v.Engine == engine && wanted(v) && (!ok || v.Compare(best) > 0) {
			best, ok = v, true
		}
	}
	return best, ok
}

// means reports whether a version is one that a name asks for, in the original's spelling.
func (v EngineVersion) means(asked string) bool {
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

// Successor returns the version that takes the place of one that is not installed
// any more: the newest of the same major version. ok is false if the version is
// installed, or has no successor.
func Successor(installed []EngineVersion, gone EngineVersion) (next EngineVersion, ok bool) {
	if slices.Contains(installed, gone) {
		return EngineVersion{}, false
	}
	return newest(installed, gone.Engine, func(v EngineVersion) bool { return v.major() == gone.major() })
}

func (v EngineVersion) String() string { return fmt.Sprintf("%s %s", v.Engine, v.Version) }
