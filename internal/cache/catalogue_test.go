package cache

import (
	"fmt"
	"strings"
	"testing"
)

func aliases(t *testing.T, texts ...string) []Alias {
	t.Helper()
	var all []Alias
	for _, text := range texts {
		a, err := ParseAlias(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

func TestAliasesServeWhatIsNotInstalled(t *testing.T) {
	t.Parallel()
	redis70, redis72, valkey := EngineVersion{EngineRedis, "7.0.15"}, EngineVersion{EngineRedis, "7.2.4"}, EngineVersion{EngineValkey, "8.0.1"}
	for name, c := range map[string]struct {
		installed    []EngineVersion
		aliases      []string
		offers, idle string
	}{
		"nothing": {},
		"7.1 by default": {installed: []EngineVersion{redis70, valkey},
			offers: "redis 7.0.15; redis 7.1, served by redis 7.0.15; valkey 8.0.1"},
		"7.1 by the nearest": {installed: []EngineVersion{redis72},
			offers: "redis 7.1, served by redis 7.2.4; redis 7.2.4"},
		"7.1 by 7.0 rather than 7.2": {installed: []EngineVersion{redis70, redis72},
			offers: "redis 7.0.15; redis 7.1, served by redis 7.0.15; redis 7.2.4"},
		"7.1 as asked": {installed: []EngineVersion{redis70, redis72}, aliases: []string{"redis:7.1=redis:7.2"},
			offers: "redis 7.0.15; redis 7.1, served by redis 7.2.4; redis 7.2.4"},
		"only valkey": {installed: []EngineVersion{valkey}, offers: "valkey 8.0.1"},
		"redis by valkey": {installed: []EngineVersion{valkey}, aliases: []string{"Redis:7.1=valkey:8.0"},
			offers: "redis 7.1, served by valkey 8.0.1; valkey 8.0.1"},
		"old ones": {installed: []EngineVersion{redis70}, aliases: []string{"redis:5.0.6=redis:7.0", "redis:6.2=redis:7.0"},
			offers: "redis 5.0.6, served by redis 7.0.15; redis 6.2, served by redis 7.0.15; redis 7.0.15; redis 7.1, served by redis 7.0.15"},
		"the first counts": {installed: []EngineVersion{redis70, redis72}, aliases: []string{"redis:6.2=redis:7.0", "redis:6.2=redis:7.2"},
			offers: "redis 6.2, served by redis 7.0.15; redis 7.0.15; redis 7.1, served by redis 7.0.15; redis 7.2.4"},
		"idle": {installed: []EngineVersion{redis70}, aliases: []string{"redis:7.0=redis:7.2", "redis:7.4=redis:7.2"},
			offers: "redis 7.0.15; redis 7.1, served by redis 7.0.15", idle: "redis:7.0=redis:7.2; redis:7.4=redis:7.2"},
		"stands for what is there": {installed: []EngineVersion{redis70, redis72}, aliases: []string{"redis:7.2=redis:7.0"},
			offers: "redis 7.0.15; redis 7.1, served by redis 7.0.15; redis 7.2.4", idle: "redis:7.2=redis:7.0"},
		"patches": {installed: []EngineVersion{{EngineRedis, "7.0.9"}, redis70}, offers: "redis 7.0.15; redis 7.1, served by redis 7.0.15"},
	} {
		catalogue := NewCatalogue(c.installed, aliases(t, c.aliases...))
		if got := joined(catalogue.Offers()); got != c.offers {
			t.Errorf("%s: offers %s, want %s", name, got, c.offers)
		}
		if got := joined(catalogue.Idle()); got != c.idle {
			t.Errorf("%s: idle %s, want %s", name, got, c.idle)
		}
	}
}

func joined[T fmt.Stringer](all []T) string {
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = one.String()
	}
	return strings.Join(texts, "; ")
}

// TestNoVersionIsNoAlias sees what is meant by an engine alone, and by a newest minor version.
func TestNoVersionIsNoAlias(t *testing.T) {
	t.Parallel()
	installed := []EngineVersion{{EngineRedis, "7.0.15"}, {EngineValkey, "8.0.1"}}
	for _, c := range []struct {
		installed []EngineVersion
		aliases   []string
		name      string
		asked     string
		want      string
	}{
		{installed, nil, "", "", "redis 7.0.15"},
		{installed, []string{"redis:7.4=redis:7.0"}, "", "", "redis 7.0.15"},
		{installed, nil, "redis", "7.1", "redis 7.1, served by redis 7.0.15"},
		{installed, []string{"redis:6.2=redis:7.0", "redis:6.0=redis:7.0"}, "redis", "6.x", "redis 6.2, served by redis 7.0.15"},
		{installed[1:], nil, "", "", "valkey 8.0.1"},
		{installed[1:], []string{"redis:7.1=valkey:8.0"}, "", "", "redis 7.1, served by valkey 8.0.1"},
	} {
		catalogue := NewCatalogue(c.installed, aliases(t, c.aliases...))
		engine, err := catalogue.Engine(c.name)
		if err != nil {
			t.Error(err)
		}
		got, err := catalogue.Resolve(engine, c.asked)
		if err != nil || got.String() != c.want {
			t.Errorf("%s %s: %s, %v; want %s", c.name, c.asked, got, err, c.want)
		}
		if c.asked == "" && !catalogue.Newest(got) {
			t.Errorf("%s is not the newest", got)
		}
	}
}

func TestBadAliases(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "want a form like", "redis": "want a form like", "redis:7.1": "want a form like", "redis:7.1=7.0": "want a form like",
		"memcached:1.6=redis:7.0": "want a form like", "redis:7=redis:7.0": "want a form like", "redis:6.x=redis:7.0": "want a form like",
		"redis:7.1.0=redis:7.0": "please use '7.1'", "redis:7.1=redis:7.0.15": "want a form like", "redis:7.0=redis:7.0": "both are the same",
	} {
		if _, err := ParseAlias(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
