package engine

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/parameter"
)

var update = flag.Bool("update", false, "write the table into docs/parameters.md")

const (
	pageBegin = "<!-- made by: go test ./internal/engine -run ParametersPage -update -->\n"
	pageEnd   = "<!-- end of what is made -->\n"
)

func TestParametersPage(t *testing.T) {
	t.Parallel()
	const page = "../../docs/parameters.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), pageBegin)
	table, after, ends := strings.Cut(rest, pageEnd)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table", page)
	}
	switch want := parametersTable(); {
	case *update:
		if err := os.WriteFile(page, []byte(before+pageBegin+want+pageEnd+after), 0o600); err != nil {
			t.Fatal(err)
		}
	case table != want:
		t.Errorf("%s is out of date; run: go test ./internal/engine -run ParametersPage -update", page)
	}
}

// effectWords say what becomes of a parameter.
var effectWords = map[Effect]string{
	EffectSetting: "the engine's setting of the same name", EffectPart: "part of the engine's `client-output-buffer-limit`",
	EffectModule: "aikagi's engine module honours it, see above",
	EffectStart:  "in force from the creation of a cache", EffectMemory: "makes the engine's `maxmemory`, with the type of the node",
	EffectOwn: "aikagi's own: the same for all caches, see above", EffectCluster: "none without cluster mode",
	EffectAccess: "none: aikagi writes the rules of all users itself", EffectNotYet: "none yet, see above",
}

// parametersTable has a row for each parameter of a family that can run here. Rows that differ between families are there once for each.
func parametersTable() string {
	type row struct{ name, access, value, allowed, effect string }
	families := map[row][]string{}
	for _, f := range parameter.Families() {
		if f.IsMemcached() || !slices.Contains([]string{"redis7", "valkey7", "valkey8", "valkey9"}, f.Name) {
			continue
		}
		for _, p := range f.Parameters {
			value := ""
			if p.Default != nil && *p.Default != "" {
				value = "`" + *p.Default + "`"
			}
			allowed := string(p.Allowed)
			if p.Name == "rename-commands" {
				allowed = ""
			}
			r := row{p.Name, string(p.Access), value, strings.ReplaceAll(allowed, ",", ", "), effectWords[EffectOf(f, p.Name)]}
			families[r] = append(families[r], f.Name)
		}
	}
	rows := slices.SortedFunc(maps.Keys(families), func(a, b row) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(families[a][0], families[b][0]))
	})
	var b strings.Builder
	b.WriteString("| parameter | families | default | allowed | can be set | what it does |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		in := strings.Join(families[r], ", ")
		if len(families[r]) == 4 {
			in = "all"
		}
		access := map[string]string{"free": "yes", "fixed": "no", "once": "while no cache uses the group"}[r.access]
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", r.name, in, r.value, r.allowed, access, r.effect)
	}
	return b.String()
}
