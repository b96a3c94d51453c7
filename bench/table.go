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

// newestResults returns, for each engine, the newest of each measurement: they may be
// from several runs.
func newestResults(dir string) ([]*Result, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	var all []*Result
	for _, path := range paths {
		r, err := readResult(path)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b *Result) int { return a.Date.Compare(b.Date) })
	var newest []*Result
	for _, r := range all {
		i := slices.IndexFunc(newest, func(n *Result) bool { return n.Engine == r.Engine })
		if i < 0 {
			newest = append(newest, r)
			continue
		}
		newest[i] = r.over(newest[i])
	}
	slices.SortFunc(newest, func(a, b *Result) int { return strings.Compare(a.Engine, b.Engine) })
	if len(newest) == 0 {
		return nil, fmt.Errorf("there are no results in %s", dir)
	}
	return newest, nil
}

// over returns an older result with what this one measured anew.
func (r *Result) over(older *Result) *Result {
	merged := *r
	merged.Measurements = slices.Clone(older.Measurements)
	for _, m := range r.Measurements {
		if i := slices.IndexFunc(merged.Measurements, func(o Measurement) bool { return o.Name == m.Name }); i >= 0 {
			merged.Measurements[i] = m
		} else {
			merged.Measurements = append(merged.Measurements, m)
		}
	}
	return &merged
}

// table renders results side by side, in Markdown.
func table(results []*Result) string {
	var b strings.Builder
	b.WriteString("| what | target |")
	for _, r := range results {
		fmt.Fprintf(&b, " %s |", r.name())
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(results)) + "\n")
	for _, m := range rows(results) {
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

// rows are the measurements that any result has, by the first that has each.
func rows(results []*Result) []Measurement {
	var all []Measurement
	for _, r := range results {
		for _, m := range r.Measurements {
			if !slices.ContainsFunc(all, func(o Measurement) bool { return o.Name == m.Name }) {
				all = append(all, m)
			}
		}
	}
	return all
}

func (r *Result) cell(name string) string {
	for _, m := range r.Measurements {
		if m.Name == name {
			return m.String()
		}
	}
	return ""
}
