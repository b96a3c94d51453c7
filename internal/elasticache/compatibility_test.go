package elasticache

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/compatibility.md anew")

// TestCompatibilityPage keeps the page in step with the table.
func TestCompatibilityPage(t *testing.T) {
	t.Parallel()
	const page = "../../docs/compatibility.md"
	want := compatibility()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is out of date; run: go test ./internal/elasticache -run CompatibilityPage -update", page)
	}
}

// TestReadmeCountsActions keeps the README's figure in step with the table.
func TestReadmeCountsActions(t *testing.T) {
	t.Parallel()
	have, withdrawn, lack := 0, 0, 0
	for _, a := range actions {
		switch {
		case a.service != serviceElastiCache || a.extension:
		case a.honoured != nil:
			have++
		case a.withdrawn:
			withdrawn++
		default:
			lack++
		}
	}
	text, err := os.ReadFile("../../README.md")
	for _, want := range []string{fmt.Sprintf("%d of %d: create", have, have+withdrawn+lack), fmt.Sprintf("the %d of cache security groups", withdrawn), fmt.Sprintf("the other %d answer", lack)} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("the README does not say %q (%v)", want, err)
		}
	}
}

// compatibility renders the page of the documentation that says what of the
// original's API is there. It is made from the table of actions, so it cannot be
// out of date.
func compatibility() string {
	var b strings.Builder
	var have, lack, withdrawn, own []action
	for _, a := range actions {
		switch {
		case a.service != serviceElastiCache || a.extension:
			own = append(own, a)
		case a.honoured != nil:
			have = append(have, a)
		case a.withdrawn:
			withdrawn = append(withdrawn, a)
		default:
			lack = append(lack, a)
		}
	}
	fmt.Fprintf(&b, `# Which parts of the ElastiCache API work

API version %s. %d of the original's %d actions work, and %d answer with the original's own refusal. The others decode and
validate their input in the same way, and then answer `+"`NotImplemented`"+` (HTTP 501).

A parameter that aikagi does not honour is refused with the same code, unless it changes
nothing: false, zero, an empty list, or what aikagi does anyway (`+"`ClusterMode=disabled`"+`).
It is never ignored. One refusal names all such parameters of a call, and everything else that is wrong with the call.

## Actions that work

| action | parameters honoured | parameters refused |
|---|---|---|
`, versionElastiCache, len(have), len(have)+len(withdrawn)+len(lack), len(withdrawn))
	for _, a := range have {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", a.name, strings.Join(sorted(a.honoured), ", "), strings.Join(unhonoured(a), ", "))
	}
	fmt.Fprintf(&b, `
## Actions that the original refuses, too

Cache security groups are of the time before VPCs. Their actions, and the parameter `+"`CacheSecurityGroupNames`"+` of others, get the answer that every
account of today gets: `+"`InvalidParameterValue`"+`, %s

`, noCacheSecurityGroups)
	for _, a := range withdrawn {
		fmt.Fprintf(&b, "- %s\n", a.name)
	}
	b.WriteString("\n## Actions that do not work yet\n\n")
	for _, a := range lack {
		fmt.Fprintf(&b, "- %s\n", a.name)
	}
	b.WriteString("\n## Actions that the original lacks or has elsewhere\n\n")
	for _, a := range own {
		fmt.Fprintf(&b, "- %s (%s)\n", a.name, a.service)
	}
	b.WriteString(answers)
	b.WriteString(valkeyTests)
	return b.String()
}

// answers is what the table cannot tell.
const answers = `
## Answers that depend on where aikagi runs

- **Versions.** ` + "`EngineVersion`" + ` is asked for without the patch number (` + "`7.0`" + `; ` + "`6.x`" + ` for the newest Redis 6), and answered with it for a cache (` + "`7.0.15`" + `);
  ` + "`CacheEngineVersionDescription`" + ` in DescribeCacheEngineVersions has the installed patch, or what serves a version
  that is not installed ([versions.md](versions.md)).
- **Node types.** aikagi knows all 112 of the original, including those that it no longer creates. Three quarters of a type's memory
  are the limit of a node's data (` + "`maxmemory`" + `), unless its [parameter group](parameters.md#memory) reserves another part. No memory is set aside: if the machine has less, it runs out of memory
  before its nodes evict anything. With ` + "`aikagi serve --node-memory 24GiB`" + ` (or ` + "`machine`" + `) the node types of all caches may add up to so much, and what would take more is refused
  with ` + "`InsufficientCacheClusterCapacity`" + `, which tells the sum.
- **Availability zones** are only names, made from aikagi's region (` + "`us-east-1a`" + `, ` + "`-1b`" + `, ` + "`-1c`" + `).
  Groups that an earlier release created keep ` + "`local-1a`" + ` and so on.
- **Cache clusters** on their own run Redis, as in the original; Valkey needs a replication group.
- **The reader endpoint** of a group without replicas is served by its primary.
- **A reboot** of a primary with automatic failover hands its role over first.
`

func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return names
}

// unhonoured are the parameters of the original's action that are refused.
func unhonoured(a action) []string {
	var names []string
	t := reflect.TypeOf(a.input()).Elem()
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && !slices.Contains(a.honoured, f.Name) {
			names = append(names, f.Name)
		}
	}
	return sorted(names)
}
