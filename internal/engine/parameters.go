package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/internal/cache/parameter"
)

// Setting is what an engine is told of a parameter.
type Setting struct {
	Name, Value string
	Parameter   string // of the parameter group; of several that make one setting, one that somebody has set
	Chosen      bool   // somebody has set it; else it is the family's default
	AtStart     bool   // an engine takes it when it starts only
	Running     bool   // not every build takes it, and one that does not would not start with it
}

// Called is what people know the setting by: one that the engine module adds goes by the parameter's name.
func (s Setting) Called() string {
	if strings.HasPrefix(s.Name, modulePrefix) {
		return s.Parameter
	}
	return s.Name
}

// Effect says what becomes of a parameter.
type Effect string

// The effects.
const (
	EffectSetting  Effect = "setting"   // the engine's setting of the same name
	EffectPart     Effect = "part"      // one of three numbers of the setting client-output-buffer-limit
	EffectStart    Effect = "start"     // a setting of the same name, which the engine takes when it starts
	EffectModule   Effect = "module"    // a setting that the engine module adds
	EffectMemory   Effect = "memory"    // the engine's maxmemory, with the type of the node
	EffectOwn      Effect = "own"       // aikagi's own business: it is the same for all caches
	EffectCluster  Effect = "cluster"   // none without cluster mode
	EffectAccess   Effect = "access"    // none on caches with tokens: aikagi writes all rules of their users itself
	EffectNotYet   Effect = "not yet"   // the original has it, aikagi does not
	EffectNoEngine Effect = "no engine" // of memcached, which aikagi does not run
)

const (
	outputLimit       = "client-output-buffer-limit"
	outputLimitPrefix = outputLimit + "-"
	keyspaceEvents    = "notify-keyspace-events"
	memorySetting     = "maxmemory"
	activeDefrag      = "activedefrag" // distributions build engines without it
	modulePrefix      = "aikagi."      // of settings of the engine module, see package module
)

// moduleSettings are the settings that the engine module adds, by the parameter.
var moduleSettings = map[string]string{
	"close-on-replica-write": modulePrefix + "close-on-replica-write",
	"close-on-slave-write":   modulePrefix + "close-on-replica-write",
	"rename-commands":        modulePrefix + "rename-commands",
}

// effects of the parameters that are not a setting of the same name.
var effects = map[string]Effect{
	"databases": EffectStart, memorySetting: EffectMemory, "reserved-memory": EffectMemory, "reserved-memory-percent": EffectMemory,
	// Persistence, topology and the places for connections are what aikagi's promises rest on.
	"appendonly": EffectOwn, "appendfsync": EffectOwn, "maxclients": EffectOwn, "repl-timeout": EffectOwn,
	"replica-allow-chaining": EffectOwn, "slave-allow-chaining": EffectOwn, "lua-time-limit": EffectOwn,
	"cluster-enabled": EffectCluster, "cluster-databases": EffectCluster, "cluster-preferred-endpoint-type": EffectCluster,
	"acl-pubsub-default":     EffectAccess,
	"close-on-replica-write": EffectModule, "close-on-slave-write": EffectModule, "rename-commands": EffectModule,
	// They are settings of a module for searching, which caches do not have.
	"search-default-timeout-ms": EffectNotYet, "search-enable-partial-results": EffectNotYet, "search-fanout-target-mode": EffectNotYet,
}

// EffectOf says what becomes of a family's parameter.
func EffectOf(f *parameter.Family, name string) Effect {
	switch {
	case f.IsMemcached():
		return EffectNoEngine
	case strings.HasPrefix(name, outputLimitPrefix):
		return EffectPart
	}
	return cmp.Or(effects[name], EffectSetting)
}

// SettingsOf is what engines are told of a parameter group on a node of a type, besides [parameter.Group.MaxMemory], in the order of
// their names. Not every version of the family's engine knows all of them.
func SettingsOf(g *parameter.Group, nodeType string) []Setting {
	f := g.FamilyOf()
	var all []Setting
	limit := Setting{Name: outputLimit, Parameter: outputLimit, Value: limitsOf(g, nodeType)}
	for _, row := range g.Rows(true) {
		chosen := row.Source == parameter.SourceUser
		effect := EffectOf(f, row.Name)
		if effect == EffectPart && chosen {
			limit.Chosen, limit.Parameter = true, row.Name
		}
		if effect != EffectSetting && effect != EffectStart && effect != EffectModule {
			continue
		}
		value := ""
		if row.Value != nil {
			value = *row.Value
		}
		all = append(all, Setting{
			Name: cmp.Or(moduleSettings[row.Name], row.Name), Value: value, Parameter: row.Name, Chosen: chosen,
			AtStart: effect == EffectStart, Running: effect == EffectModule || row.Name == activeDefrag,
		})
	}
	all = append(all, limit)
	slices.SortFunc(all, func(a, b Setting) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func limitsOf(g *parameter.Group, nodeType string) string {
	var classes []string
	for _, class := range []string{"normal", "replica", "pubsub"} {
		classes = append(classes, class+" "+g.OutputLimit(class, nodeType))
	}
	return strings.Join(classes, " ")
}

// Lacking compares settings with what a process says that it has. It returns those that are to be set, and those that somebody has
// chosen and that the engine does not know. Of a process that was not asked, nothing is known.
func (v View) Lacking(want []Setting) (differ, unknown []Setting) {
	if v.Settings == nil {
		return nil, nil
	}
	for _, s := range want {
		have, known := v.Settings[s.Name]
		switch {
		case !known && s.Chosen:
			unknown = append(unknown, s)
		case known && !s.AtStart && !s.is(have):
			differ = append(differ, s)
		}
	}
	return differ, unknown
}

// is reports whether an engine that says have has the setting's value: it writes some of them in other words.
func (s Setting) is(have string) bool {
	switch s.Name {
	case keyspaceEvents:
		return sameLetters(s.Value, have)
	case outputLimit: // Redis and Valkey have not the same word for replicas
		return s.Value == strings.Replace(have, "slave", "replica", 1)
	}
	return s.Value == have
}

// allKeyspaceEvents are the letters that A stands for.
//
// Source: NOTIFY_ALL in the engines' server.h.
const allKeyspaceEvents = "g$lshzxetd"

func sameLetters(a, b string) bool {
	letters := func(s string) string {
		set := []rune(strings.ReplaceAll(s, "A", allKeyspaceEvents))
		slices.Sort(set)
		set = slices.Compact(set)
		if !strings.ContainsFunc(allKeyspaceEvents, func(c rune) bool { return !slices.Contains(set, c) }) {
			set = slices.DeleteFunc(set, func(c rune) bool { return c == 'n' }) // which engines that have all do not write
		}
		return string(set)
	}
	return letters(a) == letters(b)
}

// Refusal is an engine's answer to a setting that it does not take.
type Refusal struct {
	Setting
	Reason string
}

// Set gives a running engine settings, each for itself, and reads them again. It returns those that the engine refused, or made something
// else of; an error is that it could not be told.
func (a *Admin) Set(ctx context.Context, settings []Setting) ([]Refusal, error) {
	if len(settings) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	commands := make([]valkey.Completed, len(settings))
	for i, s := range settings {
		commands[i] = a.renamed("CONFIG", "SET", s.Name, s.Value)
	}
	var refused []Refusal
	for i, reply := range a.client.DoMulti(ctx, commands...) {
		err := reply.Error()
		switch {
		case err == nil:
		case IsRefused(err) && !isBusy(err):
			refused = append(refused, Refusal{settings[i], err.Error()})
		default:
			return refused, fmt.Errorf("set node's parameters: %w", err)
		}
	}
	return a.proveSettings(ctx, settings, refused)
}

// isBusy reports whether an engine refuses everything just now.
func isBusy(err error) bool {
	return slices.ContainsFunc([]string{"BUSY ", "LOADING ", "MASTERDOWN "}, func(word string) bool { return strings.HasPrefix(err.Error(), word) })
}

// proveSettings adds to what an engine refused what it took, and has not.
func (a *Admin) proveSettings(ctx context.Context, settings []Setting, refused []Refusal) ([]Refusal, error) {
	has, err := a.client.Do(ctx, a.renamed("CONFIG", append([]string{"GET"}, names(settings)...)...)).AsStrMap()
	if err != nil {
		return refused, fmt.Errorf("read node's parameters: %w", err)
	}
	for _, s := range settings {
		isRefused := slices.ContainsFunc(refused, func(r Refusal) bool { return r.Name == s.Name })
		if !isRefused && !s.is(has[s.Name]) {
			refused = append(refused, Refusal{s, "the engine has made " + has[s.Name] + " of it"})
		}
	}
	return refused, nil
}

// names are those of settings, as they are asked for.
func names(settings []Setting) []string {
	all := make([]string, len(settings))
	for i, s := range settings {
		all[i] = s.Name
	}
	return all
}
