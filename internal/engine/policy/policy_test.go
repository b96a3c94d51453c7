package policy

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table into docs/security.md")

const page = "../../../docs/security.md"

// TestDocumentation sees that the page for users has the table that decides.
func TestDocumentation(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), MarkdownBegin)
	table, after, ends := strings.Cut(rest, MarkdownEnd)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table", page)
	}
	switch {
	case *update:
		if err := os.WriteFile(page, []byte(before+MarkdownBegin+Markdown()+MarkdownEnd+after), 0o600); err != nil {
			t.Fatal(err)
		}
	case table != Markdown():
		t.Errorf("the table in %s is not that of the policy: go test ./internal/engine/policy -update writes it", page)
	}
}

// TestTableSaysEachThingOnce: two verdicts about one name would leave it to chance which one holds.
func TestTableSaysEachThingOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, rule := range Table() {
		if rule.Why == "" {
			t.Errorf("no reason for %v", rule.Commands)
		}
		for _, name := range rule.Commands {
			container, _, inside := strings.Cut(name, "|")
			if seen[name] || inside && seen[container] && container != "command" {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
	for name := range newer {
		if !seen[name] {
			t.Errorf("%s is newer, and not in the table", name)
		}
	}
}

// Access strings can name what clients have, by its own name and by that of what it is in.
func TestCommands(t *testing.T) {
	t.Parallel()
	commands := Commands()
	for name, want := range map[string]bool{
		"get": true, "client": true, "client|id": true, "client|pause": false, "acl": true, "acl|setuser": false, "config": false, "restore": true, "command": true,
	} {
		if got, known := commands[name]; got != want || !known {
			t.Errorf("%s: %t (known: %t)", name, got, known)
		}
	}
}
