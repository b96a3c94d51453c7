package parameter

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func group(t *testing.T, family string) *Group {
	t.Helper()
	g, err := New(Spec{Name: "mine", Family: family}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// refused checks that an error is a refusal that says something.
func refused(t *testing.T, what string, err error, kind cache.Kind, says string) {
	t.Helper()
	if !cache.IsKind(err, kind) || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want %q of kind %s", what, err, says, kind)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	g, err := New(Spec{Name: "My-Group1", Family: "Redis6.x", Description: "d"}, noon)
	if err != nil || g.Name != "my-group1" || g.Family != "redis6.x" || g.IsDefault() {
		t.Errorf("%+v, %v", g, err)
	}
	for _, name := range []string{"", "1a", "a.b", "a--b", "a-", "-a", "ä", "default.redis7", "a b", "a" + strings.Repeat("b", 255)} {
		_, err := New(Spec{Name: name, Family: "redis7"}, noon)
		refused(t, name, err, cache.KindInvalid, "The parameter CacheParameterGroupName is not a valid identifier.")
	}
	_, err = New(Spec{Name: "-", Family: "redis8", Tags: []cache.Tag{{Key: "aws:x"}}}, noon)
	refused(t, "everything", err, cache.KindInvalid, "not a valid identifier")
	refused(t, "everything", err, cache.KindInvalid, "CacheParameterGroupFamily redis8 is not a valid parameter group family")
	refused(t, "everything", err, cache.KindInvalid, "reserved")
}

func TestModify(t *testing.T) {
	t.Parallel()
	many := make([]Setting, 21)
	for name, c := range map[string]struct {
		settings []Setting
		used     bool
		says     string // empty: it is accepted
	}{
		"a value":                  {[]Setting{{"timeout", "20"}}, true, ""},
		"upper case":               {[]Setting{{"Timeout", "20"}}, true, ""},
		"one that is not allowed":  {[]Setting{{"timeout", "19"}}, false, `The value "19" of parameter timeout is not allowed. Allowed values: 0,20-.`},
		"no number":                {[]Setting{{"timeout", "1e2"}}, false, "whole number"},
		"leading zero":             {[]Setting{{"timeout", "020"}}, false, "whole number"},
		"more than engines take":   {[]Setting{{"timeout", "2147483648"}}, false, "at most 2147483647"},
		"samples":                  {[]Setting{{"maxmemory-samples", "65"}}, false, "at most 64"},
		"a word":                   {[]Setting{{"maxmemory-policy", "allkeys-lfu"}}, false, ""},
		"another word":             {[]Setting{{"maxmemory-policy", "lru"}}, false, "Allowed values: volatile-lru"},
		"a negative number":        {[]Setting{{"slowlog-log-slower-than", "-1"}}, false, ""},
		"no events":                {[]Setting{{"notify-keyspace-events", ""}}, false, ""},
		"events":                   {[]Setting{{"notify-keyspace-events", "KEA"}}, false, ""},
		"unknown events":           {[]Setting{{"notify-keyspace-events", "KEq"}}, false, "letters"},
		"fixed":                    {[]Setting{{"appendonly", "yes"}}, false, "The parameter appendonly cannot be modified."},
		"fixed, as it is":          {[]Setting{{"appendonly", "no"}}, false, ""},
		"once":                     {[]Setting{{"databases", "32"}}, false, ""},
		"once, and used":           {[]Setting{{"databases", "32"}}, true, "The parameter databases cannot be modified."},
		"once, used, as it is":     {[]Setting{{"cluster-enabled", "no"}}, true, ""},
		"there is none":            {[]Setting{{"reserved-memory", "0"}}, false, "Parameter reserved-memory doesn't exist"},
		"less than aikagi needs":   {[]Setting{{"client-output-buffer-limit-normal-hard-limit", "64"}}, false, "aikagi itself is such a client"},
		"no limit":                 {[]Setting{{"client-output-buffer-limit-normal-soft-limit", "0"}}, false, ""},
		"a short time":             {[]Setting{{"client-output-buffer-limit-normal-soft-seconds", "1"}}, false, ""},
		"a wrong rename":           {[]Setting{{"rename-commands", "GET"}}, false, `The value "GET" of parameter rename-commands is not allowed. It must be pairs`},
		"nothing":                  {nil, false, "ParameterNameValues must be provided"},
		"too many":                 {many, false, "At most 20"},
		"one that is wrong of two": {[]Setting{{"timeout", "0"}, {"databases", "0"}}, false, "Allowed values: 1-10000"},
		"all that is wrong":        {[]Setting{{"none", "0"}, {"databases", "0"}}, false, "Parameter none doesn't exist. The value"},
	} {
		g := group(t, "redis7")
		err := g.Modify(c.settings, c.used)
		switch {
		case c.says != "":
			refused(t, name, err, cache.KindInvalid, c.says)
			if len(g.Values) != 0 {
				t.Errorf("%s is refused and changes %v", name, g.Values)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		}
	}
	refused(t, "default", Default("default.redis7").Modify([]Setting{{"timeout", "20"}}, false), cache.KindInvalid, "is a default group and cannot be modified")
}

// A value that was set is the user's, even if it is the default, until it is reset.
func TestReset(t *testing.T) {
	t.Parallel()
	g := group(t, "valkey8")
	if err := g.Modify([]Setting{{"timeout", "0"}, {"databases", "32"}, {"notify-keyspace-events", "Ex"}}, false); err != nil {
		t.Fatal(err)
	}
	sources := func() (names []string) {
		for _, r := range g.Rows(false) {
			if r.Source == SourceUser {
				names = append(names, r.Name+"="+*r.Value)
			}
		}
		return names
	}
	if got := sources(); !slices.Equal(got, []string{"databases=32", "notify-keyspace-events=Ex", "timeout=0"}) {
		t.Errorf("%v", got)
	}
	refused(t, "neither", g.Reset(false, nil, false), cache.KindCombination, "Either")
	refused(t, "both", g.Reset(true, []string{"timeout"}, false), cache.KindCombination, "Either")
	refused(t, "unknown", g.Reset(false, []string{"none"}, false), cache.KindInvalid, "Parameter none doesn't exist")
	refused(t, "once, and used", g.Reset(true, nil, true), cache.KindInvalid, "The parameter databases cannot be modified.")
	before := *g
	before.Values = maps.Clone(g.Values)
	if err := g.Reset(false, []string{"TIMEOUT", "databases"}, false); err != nil {
		t.Error(err)
	}
	if got := g.Changes(&before); !maps.Equal(got, map[string]string{"databases": "16"}) {
		t.Errorf("changes: %v", got)
	}
	if err := g.Reset(true, nil, true); err != nil || len(sources()) != 0 {
		t.Errorf("%v, %v", sources(), err)
	}
	for _, r := range g.Rows(true) {
		if r.Name == "notify-keyspace-events" && r.Value != nil {
			t.Errorf("%q", *r.Value)
		}
		if r.Name == "databases" && r.Modifiable {
			t.Error("databases can be modified while the group is used")
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	all := Defaults()
	if len(all) != 21 {
		t.Errorf("%d default groups", len(all))
	}
	for _, g := range all {
		if found := Default(g.Name); found == nil || found.Family != g.Family || !g.IsDefault() {
			t.Errorf("%s: %+v", g.Name, found)
		}
	}
	on, off := Default("default.valkey8.cluster.on"), Default("default.valkey8")
	if changes := on.Changes(off); !maps.Equal(changes, map[string]string{"cluster-enabled": "yes"}) {
		t.Errorf("%v", changes)
	}
	for name, there := range map[string]bool{"default.redis8": true, "default.valkey10": true, "default.redis6": false, "default.redis2.8.cluster.on": false, "redis7": false, "default.": false} {
		if g := Default(name); (g != nil) != there || there && g.FamilyOf().Parameter("timeout") == nil {
			t.Errorf("%s: %+v", name, g)
		}
	}
}

func TestMaxMemory(t *testing.T) {
	t.Parallel()
	const nodeType = "cache.t4g.micro" // 536870912
	for _, c := range []struct {
		family, name, value string
		want                int64
	}{
		{"redis7", "", "", cache.MaxMemory(nodeType)}, {"redis7", "reserved-memory-percent", "0", 536870912}, {"valkey8", "reserved-memory-percent", "50", 268435456},
		{"redis7", "reserved-memory-percent", "100", least}, {"redis2.8", "", "", 536870912}, {"redis2.8", "reserved-memory", "536870000", least},
		{"redis2.8", "reserved-memory", "36870912", 500000000},
	} {
		g := group(t, c.family)
		if c.name != "" {
			if err := g.Modify([]Setting{{c.name, c.value}}, false); err != nil {
				t.Fatal(err)
			}
		}
		if got := g.MaxMemory(nodeType); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if limit := group(t, "redis7").OutputLimit("replica", nodeType); limit != "53687091 53687091 60" {
		t.Error(limit)
	}
}

// Caches go over to a group only if what was chosen at their creation is the same.
func TestCheckSwitch(t *testing.T) {
	t.Parallel()
	from, to := Default("default.redis7"), group(t, "redis7")
	if err := to.Modify([]Setting{{"timeout", "20"}, {"databases", "16"}}, false); err != nil || to.CheckSwitch(from) != nil {
		t.Errorf("%v, %v", err, to.CheckSwitch(from))
	}
	if err := to.Modify([]Setting{{"databases", "17"}}, false); err != nil {
		t.Fatal(err)
	}
	refused(t, "more databases", to.CheckSwitch(from), cache.KindCombination, "it is 17 in parameter group mine, and must be 16 as in default.redis7")
}

// The catalogue is whole: every default is allowed, and all that its families have is what the original is known to have.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, f := range Families() {
		counts[f.Name] = len(f.Parameters)
		for i := range f.Parameters {
			p := &f.Parameters[i]
			if p.Name == "cluster-databases" { // the original prints 0, which it does not allow
				continue
			}
			if p.Default != nil && p.Check(*p.Default) != nil && p.Type != "float" {
				t.Errorf("%s: the default of %s: %v", f.Name, p.Name, p.Check(*p.Default))
			}
			if i > 0 && sortName(f.Parameters[i-1].Name) >= sortName(p.Name) {
				t.Errorf("%s: %s is out of order", f.Name, p.Name)
			}
			if !slices.Contains([]string{"string", "integer", "boolean", "float"}, p.Type) || p.Description == "" || f.Since(p) == "" {
				t.Errorf("%s: %+v", f.Name, p)
			}
		}
	}
	want := map[string]int{
		"redis2.6": 28, "redis2.8": 35, "redis3.2": 38, "redis4.0": 52, "redis5.0": 57, "redis6.x": 62, "redis7": 64, "valkey7": 64, "valkey8": 67,
		"valkey9": 68, "memcached1.4": 31, "memcached1.5": 31, "memcached1.6": 31,
	}
	if !maps.Equal(counts, want) {
		t.Errorf("%v", counts)
	}
	for _, bad := range []string{"+ a | b", "x", "- a", "family a", "family a 1 like b", "family a 1\n+ a | 0 | 0- | integer | never | now | d", "family a 1\n- b"} {
		if _, err := parseCatalogue(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestKnows(t *testing.T) {
	t.Parallel()
	f, err := FindFamily("valkey8")
	if err != nil {
		t.Fatal(err)
	}
	for text, knows := range map[string]bool{"timeout 8.0.0": true, "commandlog-reply-larger-than 8.0.9": false, "commandlog-reply-larger-than 8.1.0": true, "search-default-timeout-ms 8.1.9": false} {
		var name, version string
		if _, err := fmt.Sscan(text, &name, &version); err != nil {
			t.Fatal(err)
		}
		if f.Knows(f.Parameter(name), cache.EngineVersion{Engine: cache.EngineValkey, Version: version}) != knows {
			t.Errorf("%s: %t", text, !knows)
		}
	}
}
