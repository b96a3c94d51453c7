package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Allowance is what the owner of a group allows beyond what all clients may.
type Allowance struct{ Restore bool }

// since are the first versions of the engines that have a name; empty: none.
type since struct{ redis, valkey string }

// newer are the commands that are younger than Redis 7.0, the oldest engine there is: to an engine that does
// not know a name, an access rule about it is an error.
var newer = map[string]since{
	"client|capa":        {valkey: "8.0"},
	"client|no-touch":    {redis: "7.2", valkey: "7.2"},
	"client|setinfo":     {redis: "7.2", valkey: "7.2"},
	"cluster|myshardid":  {redis: "7.2", valkey: "7.2"},
	"cluster|slot-stats": {valkey: "8.0"},
	"script|show":        {valkey: "8.0"},
	"waitaof":            {redis: "7.2", valkey: "7.2"},
}

// Has reports whether an engine of this version has a name of the table.
func Has(v cache.EngineVersion, name string) bool {
	s, young := newer[name]
	first := s.redis
	if v.Engine == cache.EngineValkey {
		first = s.valkey
	}
	return !young || first != "" && v.Compare(cache.EngineVersion{Engine: v.Engine, Version: first}) >= 0
}

// Rules renders the access rules for the commands that clients have on an engine of this version.
func Rules(v cache.EngineVersion, allow Allowance) string {
	var taken, given []string
	contained, whole := map[string][]string{}, map[string]bool{}
	for _, rule := range Table() {
		verdict := rule.Verdict
		if verdict == Tagged && allow.Restore {
			verdict = Allowed
		}
		for _, name := range rule.Commands {
			container, _, inside := strings.Cut(name, "|")
			switch {
			case inside && verdict == Allowed && Has(v, name):
				contained[container] = append(contained[container], "+"+name)
			case inside:
			case verdict != Allowed:
				taken = append(taken, "-"+name)
			case rule.Marked:
				given = append(given, "+"+name)
			default:
				whole[name] = true
			}
		}
	}
	rules := []string{"+@all", "-@admin", "-@dangerous"}
	slices.Sort(taken)
	slices.Sort(given)
	rules = append(append(rules, taken...), given...)
	for _, container := range slices.Sorted(maps.Keys(contained)) {
		if whole[container] { // it is a command by itself: without its own right it could not be called
			continue
		}
		rules = append(rules, "-"+container)
		rules = append(rules, slices.Sorted(slices.Values(contained[container]))...)
	}
	return strings.Join(rules, " ")
}

// Limits are access rules that take away what no client has, whatever rules of its own come before: behind those of a user that may
// do everything else, they leave what Rules gives, as far as the table knows the engine's commands.
func Limits(v cache.EngineVersion, allow Allowance) string {
	var taken []string
	for _, rule := range Table() {
		if rule.Verdict == Allowed || rule.Verdict == Tagged && allow.Restore {
			continue
		}
		for _, name := range rule.Commands {
			if Has(v, name) {
				taken = append(taken, "-"+name)
			}
		}
	}
	slices.Sort(taken)
	return strings.Join(taken, " ")
}

// Renamed lists the commands that get a secret name on each node, so that clients find them unknown. Rules denies
// them as well, for whoever learns such a name.
func Renamed() []string {
	var renamed []string
	for _, rule := range Table() {
		for _, name := range rule.Commands {
			if rule.Verdict == Hidden && !strings.Contains(name, "|") {
				renamed = append(renamed, strings.ToUpper(name))
			}
		}
	}
	slices.Sort(renamed)
	return renamed
}

// VerdictOn looks a name up, as the engines list it; a container is known by what is in it. The verdict is empty if
// the table has no such name.
func VerdictOn(name string) Verdict {
	container, _, _ := strings.Cut(name, "|")
	var found Verdict
	for _, rule := range Table() {
		for _, known := range rule.Commands {
			inside := strings.HasPrefix(known, name+"|")
			switch {
			case known == name, known == container && rule.Verdict != Allowed:
				return rule.Verdict
			case inside:
				found = Allowed // something of it may be
			}
		}
	}
	return found
}
