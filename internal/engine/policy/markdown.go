package policy

import (
	"fmt"
	"slices"
	"strings"
)

// The lines of docs/security.md between which the table is.
const (
	MarkdownBegin = "<!-- made by: go test ./internal/engine/policy -update -->\n"
	MarkdownEnd   = "<!-- end of what is made -->\n"
)

// Markdown renders the table for the documentation, a row for each rule.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| commands | clients | why |\n|---|---|---|\n")
	for _, rule := range Table() {
		shown := make([]string, len(rule.Commands))
		for i, name := range rule.Commands {
			shown[i] = strings.ToUpper(strings.ReplaceAll(name, "|", " "))
		}
		slices.Sort(shown)
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Join(shown, ", "), rule.Verdict, rule.Why)
	}
	return b.String()
}
