package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// report prints a table of the units, and what differs.
func report(w io.Writer, units []string, bare, node map[string]result) {
	fmt.Fprintf(w, "\n| unit | bare: ok | failed | node: ok | failed |\n|---|---|---|---|---|\n")
	var sums [4]int
	for _, u := range units {
		b, n := bare[u], node[u]
		counts := [4]int{total(b.passed), total(b.failed), total(n.passed), total(n.failed)}
		for i := range sums {
			sums[i] += counts[i]
		}
		fmt.Fprintf(w, "| %s | %d | %d | %d | %d |\n", u, counts[0], counts[1], counts[2], counts[3])
	}
	fmt.Fprintf(w, "| all | %d | %d | %d | %d |\n", sums[0], sums[1], sums[2], sums[3])
	fmt.Fprintln(w, "\nDifferences:")
	for _, u := range units {
		b, n := bare[u], node[u]
		for _, line := range differences(b, n) {
			fmt.Fprintf(w, "- %s: %s\n", u, line)
		}
	}
}

// differences says what a node did otherwise than a bare server, a line for each test.
func differences(bare, node result) []string {
	var lines []string
	if bare.early != node.early {
		lines = append(lines, fmt.Sprintf("ended early: bare %q, node %q", bare.early, node.early))
	}
	names := map[string]bool{}
	for _, counts := range []map[string]int{bare.passed, bare.failed, node.passed, node.failed} {
		for name := range counts {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		b, n := [2]int{bare.passed[name], bare.failed[name]}, [2]int{node.passed[name], node.failed[name]}
		if b != n {
			lines = append(lines, fmt.Sprintf("%s: bare %d ok %d failed %q, node %d ok %d failed %q", name, b[0], b[1], bare.why[name], n[0], n[1], node.why[name]))
		}
	}
	return lines
}
