package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const tableFile = "latest.md"

// printTable prints the table of the newest result of each engine.
func printTable(out io.Writer, dir string) error {
	results, err := newestResults(dir)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, table(results))
	return err
}

func writeTable(dir string) error {
	results, err := newestResults(dir)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, tableFile), []byte(table(results)), 0o644); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

func newestResults(dir string) ([]*Result, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json")) // sorted, so by date
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	newest := map[string]*Result{}
	for _, path := range paths {
		r, err := readResult(path)
		if err != nil {
			return nil, err
		}
		newest[r.Engine] = r
	}
	var results []*Result
	for _, r := range newest {
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b *Result) int { return strings.Compare(a.Engine, b.Engine) })
	if len(results) == 0 {
		return nil, fmt.Errorf("there are no results in %s", dir)
	}
	return results, nil
}

// table renders results side by side, in Markdown.
func table(results []*Result) string {
	var b strings.Builder
	b.WriteString("| what | target |")
	for _, r := range results {
		fmt.Fprintf(&b, " %s |", r.name())
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(results)) + "\n")
	for _, m := range results[0].Measurements {
		target := ""
		if m.Target != nil {
			target = m.Target.String()
		}
		fmt.Fprintf(&b, "| %s | %s |", m.Name, target)
		for _, r := range results {
			fmt.Fprintf(&b, " %s |", r.cell(m.Name))
		}
		b.WriteString("\n")
	}
	b.WriteString("\nA ratio is the median of neighbouring turns, with its 95 % interval.\n\n")
	for _, r := range results {
		fmt.Fprintf(&b, "%s, %s: %s  \n", r.name(), r.Date.Format(time.DateOnly), r.Machine)
	}
	return b.String()
}

func (r *Result) cell(name string) string {
	for _, m := range r.Measurements {
		if m.Name == name {
			return m.String()
		}
	}
	return ""
}
