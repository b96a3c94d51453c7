package cache

import (
	"cmp"
	"fmt"
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

// Family is the parameter group family of the version: "redis7", "valkey8".
func (v EngineVersion) Family() string {
	major, _, _ := strings.Cut(v.Version, ".")
	return string(v.Engine) + major
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

// ResolveVersion picks the newest of the installed versions of an engine that is
// meant by what was asked for: "" is any, "7" and "7.x" any 7, "7.0" any 7.0,
// "7.0.15" exactly that. The error is of [KindCombination] and names what is there.
func ResolveVersion(installed []EngineVersion, engine Engine, asked string) (EngineVersion, error) {
	var best EngineVersion
	var have []string
	for _, v := range installed {
		if v.Engine != engine {
			continue
		}
		have = append(have, v.Version)
		if v.matches(asked) && (best.Version == "" || v.Compare(best) > 0) {
			best = v
		}
	}
	switch {
	case best.Version != "":
		return best, nil
	case len(have) == 0:
		return EngineVersion{}, Errorf(KindCombination, "Cannot find version %s for %s: no %s-server is installed on this machine. "+
			"Install it (for example: apt-get install %s-server) or point --engine-path at it.", cmp.Or(asked, "(any)"), engine, engine, engine)
	}
	return EngineVersion{}, Errorf(KindCombination, "Cannot find version %s for %s. Installed: %s.", asked, engine, strings.Join(have, ", "))
}

// Successor returns the version that takes the place of one that is not installed
// any more: the newest of the same major version. ok is false if the version is
// installed, or has no successor.
func Successor(installed []EngineVersion, gone EngineVersion) (next EngineVersion, ok bool) {
	if slices.Contains(installed, gone) {
		return EngineVersion{}, false
	}
	major, _, _ := strings.Cut(gone.Version, ".")
	next, err := ResolveVersion(installed, gone.Engine, major)
	return next, err == nil
}

func (v EngineVersion) matches(asked string) bool {
	asked = strings.TrimSuffix(asked, ".x")
	return asked == "" || v.Version == asked || strings.HasPrefix(v.Version, asked+".")
}

func (v EngineVersion) String() string { return fmt.Sprintf("%s %s", v.Engine, v.Version) }
