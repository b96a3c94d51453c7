package engine

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// groupFor is a parameter group for an engine.
func groupFor(t *testing.T, installed Installed) *parameter.Group {
	t.Helper()
	g, err := parameter.New(parameter.Spec{Name: "mine", Family: installed.Family()}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// known are the settings that an engine of a version can be started with.
func known(g *parameter.Group, installed Installed) []Setting {
	return slices.DeleteFunc(SettingsOf(g, "cache.t4g.micro"), func(s Setting) bool {
		p := g.FamilyOf().Parameter(s.Name)
		return s.Running || p != nil && !g.FamilyOf().Knows(p, installed.EngineVersion)
	})
}

// values are some that a parameter can have: all words, and the least and the greatest number that are allowed.
func values(p *parameter.Parameter) (all []string) {
	if p.Name == "rename-commands" {
		everything := ""
		for name := range strings.SplitSeq(string(p.Allowed), ",") {
			everything += name + " x-" + name + " "
		}
		return []string{"GET got", everything}
	}
	for part := range strings.SplitSeq(string(p.Allowed), ",") {
		from, to, isRange := strings.Cut(part, "-")
		switch {
		case p.Type == "string", !isRange, from == "":
			all = append(all, part)
		default:
			all = append(all, from, to)
		}
	}
	all = append(all, "-1", "9223372036854775807", "2147483647", "64")
	if p.Name == "notify-keyspace-events" {
		all = append(all, "", "Ex", "KEA", "Kg$lshzxet", "AKEmn", "nmdxE")
	}
	return slices.DeleteFunc(all, func(value string) bool { return p.Check(value) != nil })
}

// Every value that a parameter can have is taken by a running engine, which then says that it has it, and by one that starts; and so is the
// default again. Whatever the engine is built without is refused, and nothing else.
func TestEveryParameter(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		g := groupFor(t, installed)
		n := startNodeWith(t, installed, render(token.OpenSet(noon)), known(g, installed)...)
		wantParameters(t, n, g, "at its start")
		tried := 0
		last := map[string]string{}
		for _, p := range g.FamilyOf().Parameters {
			effect := EffectOf(g.FamilyOf(), p.Name)
			if p.Access != parameter.Free || effect != EffectSetting && effect != EffectPart && effect != EffectModule || !g.FamilyOf().Knows(&p, installed.EngineVersion) {
				continue
			}
			for _, value := range values(&p) {
				if err := g.Modify([]parameter.Setting{{Name: p.Name, Value: value}}, true); err != nil {
					t.Fatal(err)
				}
				if bringParameters(t, n, g, p.Name+" "+value) {
					last[p.Name], tried = value, tried+1
				}
			}
			if err := g.Reset(false, []string{p.Name}, true); err != nil {
				t.Fatal(err)
			}
			bringParameters(t, n, g, p.Name+" again as it was")
		}
		if tried < 100 {
			t.Errorf("only %d values were tried", tried)
		}
		for _, name := range slices.Sorted(maps.Keys(last)) {
			if err := g.Modify([]parameter.Setting{{Name: name, Value: last[name]}}, true); err != nil {
				t.Fatal(err)
			}
		}
		n = startNodeWith(t, installed, render(token.OpenSet(noon)), known(g, installed)...)
		bringParameters(t, n, g, "started with the last values of all") // those that an engine is told when it runs
		wantParameters(t, n, g, "started with the last values of all")
	})
}

// bringParameters gives a node what it lacks, and reports whether it took it.
func bringParameters(t *testing.T, n node, g *parameter.Group, what string) bool {
	t.Helper()
	want := SettingsOf(g, "cache.t4g.micro")
	view, err := n.admin.Observe(t.Context(), want...)
	check(t, err)
	differ, _ := view.Lacking(want)
	refused, err := n.admin.Set(t.Context(), differ)
	check(t, err)
	for _, r := range refused {
		if r.Name != "activedefrag" || !strings.Contains(r.Reason, "Active defragmentation cannot be enabled") {
			t.Errorf("%s: %s %s is refused: %s", what, r.Name, r.Value, r.Reason)
		}
	}
	if len(refused) == 0 {
		wantParameters(t, n, g, what)
	}
	return len(refused) == 0
}

func wantParameters(t *testing.T, n node, g *parameter.Group, what string) {
	t.Helper()
	want := SettingsOf(g, "cache.t4g.micro")
	view, err := n.admin.Observe(t.Context(), want...)
	check(t, err)
	differ, _ := view.Lacking(want)
	for _, s := range differ {
		t.Errorf("%s: %s is %q, want %q", what, s.Name, view.Settings[s.Name], s.Value)
	}
}

// The settings that the module adds go by the names of their parameters, also by that of old families.
func TestSettingsOfTheModule(t *testing.T) {
	t.Parallel()
	for family, name := range map[string]string{"valkey8": "close-on-replica-write", "redis4.0": "close-on-slave-write"} {
		g, err := parameter.New(parameter.Spec{Name: "mine", Family: family}, noon)
		check(t, err)
		check(t, g.Modify([]parameter.Setting{{Name: name, Value: "no"}}, true))
		settings := SettingsOf(g, "cache.t4g.micro")
		i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == "aikagi.close-on-replica-write" })
		if i < 0 || settings[i] != (Setting{Name: settings[i].Name, Value: "no", Parameter: name, Chosen: true, Running: true}) || settings[i].Called() != name {
			t.Errorf("%s: %+v", family, settings)
		}
	}
	if called := (Setting{Name: outputLimit, Parameter: "one of its parts"}).Called(); called != outputLimit {
		t.Errorf("called %s", called)
	}
}

// No command that clients or the service have can be the new name of another.
func TestNoCommandIsANewName(t *testing.T) {
	t.Parallel()
	for _, family := range []string{"redis7", "valkey8"} {
		p := parameter.Default("default." + family).FamilyOf().Parameter("rename-commands")
		for _, rule := range policy.Table() {
			for _, command := range rule.Commands {
				name, _, _ := strings.Cut(command, "|")
				if p.Check("GET "+name) == nil {
					t.Errorf("%s: GET can be renamed to %s", family, name)
				}
			}
		}
	}
}

// What a process does not know and nobody has chosen is not lacking.
func TestLacking(t *testing.T) {
	t.Parallel()
	want := []Setting{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}, {Name: "c", Value: "3", Chosen: true}, {Name: "d", Value: "4", AtStart: true}, {Name: "e", Value: "5"}}
	view := View{Settings: map[string]string{"a": "1", "b": "1", "d": "3"}}
	differ, unknown := view.Lacking(want)
	if !slices.Equal(names(differ), []string{"b"}) || !slices.Equal(names(unknown), []string{"c"}) {
		t.Errorf("%v, %v", differ, unknown)
	}
	if differ, unknown = (View{}).Lacking(want); len(differ)+len(unknown) != 0 {
		t.Errorf("not asked: %v, %v", differ, unknown)
	}
	for _, c := range []struct {
		setting, have string
		is            bool
	}{
		{keyspaceEvents + " KEA", "AKE", true}, {keyspaceEvents + " Kg$lshzxetd", "AK", true}, {keyspaceEvents + " Ex", "xK", false}, {keyspaceEvents + " AKEmn", "AKEm", true}, {keyspaceEvents + " Kn", "K", false},
		{outputLimit + " normal 0 0 0 replica 1 2 3", "normal 0 0 0 slave 1 2 3", true}, {"timeout 1", strconv.Itoa(2), false},
	} {
		name, value, _ := strings.Cut(c.setting, " ")
		if (Setting{Name: name, Value: value}).is(c.have) != c.is {
			t.Errorf("%s and %s: %t", c.setting, c.have, !c.is)
		}
	}
}
