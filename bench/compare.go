package main

import (
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// compare prints the results of two commits side by side, which took turns: what each measured, with the 95 % interval of its
// median, and the one over the other.
func compare(out io.Writer, before, after string) error {
	was, err := pooled(before)
	if err != nil {
		return err
	}
	is, err := pooled(after)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "| what | before | after | after / before | |\n|---|---|---|---|---|\n")
	for _, b := range rows(was) {
		for _, r := range is {
			if i := slices.IndexFunc(r.Measurements, func(m Measurement) bool { return m.Name == b.Name }); i >= 0 {
				writeComparison(out, b, r.Measurements[i])
			}
		}
	}
	fmt.Fprintf(out, "\nA figure is the median of all samples, with its 95 %% interval. **Slower**, or faster, is what two intervals that do not touch say.\n\n")
	for _, r := range is {
		fmt.Fprintf(out, "%s: %s  \n", r.name(), r.Machine)
	}
	return nil
}

func writeComparison(out io.Writer, before, after Measurement) {
	verdict := ""
	low, high := before.interval()
	afterLow, afterHigh := after.interval()
	worse, better := afterLow > high, afterHigh < low
	if before.moreIsBetter() {
		worse, better = better, worse
	}
	switch {
	case worse:
		verdict = "**slower**"
	case better:
		verdict = "faster"
	}
	change := "–"
	if before.Median != 0 {
		change = fmt.Sprintf("%.2f", after.Median/before.Median)
	}
	fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n", before.Name, before.ranged(), after.ranged(), change, verdict)
}

// moreIsBetter: a ratio is of throughput or of connections, unless its name says that it is of processor time. All else is time,
// memory or losses.
func (m Measurement) moreIsBetter() bool {
	return m.Unit == Ratio && !strings.Contains(m.Name, "processor time")
}

// ranged is a measurement with the interval of its median and the number of its samples.
func (m Measurement) ranged() string {
	low, high := m.interval()
	unit := " " + string(m.Unit)
	if m.Unit == Ratio {
		return fmt.Sprintf("%.3f [%.3f, %.3f] of %d", m.Median, low, high, len(m.Samples))
	}
	return fmt.Sprintf("%s [%s, %s]%s of %d", short(m.Median), short(low), short(high), unit, len(m.Samples))
}

// pooled reads all results below a directory, and puts the samples of all turns of an engine together. The names of the
// measurements begin with the engine's.
func pooled(dir string) ([]*Result, error) {
	var all []*Result
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		r, err := readResult(path)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(o *Result) bool { return o.Engine == r.Engine })
		if i < 0 {
			all = append(all, &Result{Date: r.Date, Engine: r.Engine, EngineVersion: r.EngineVersion, Machine: r.Machine})
			i = len(all) - 1
		}
		all[i].pool(r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there are no results below %s", dir)
	}
	slices.SortFunc(all, func(a, b *Result) int { return strings.Compare(a.Engine, b.Engine) })
	for _, r := range all {
		for i := range r.Measurements {
			r.Measurements[i].summarize()
		}
	}
	return all, nil
}

func (r *Result) pool(turn *Result) {
	for _, m := range turn.Measurements {
		m.Name, m.Arms = r.Engine+": "+m.Name, nil
		if i := slices.IndexFunc(r.Measurements, func(o Measurement) bool { return o.Name == m.Name }); i >= 0 {
			r.Measurements[i].Samples = append(r.Measurements[i].Samples, m.Samples...)
		} else {
			r.Measurements = append(r.Measurements, m)
		}
	}
}
