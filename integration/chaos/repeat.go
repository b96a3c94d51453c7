package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/integration/chaos/trial"
	"github.com/aikagi/aikagi/integration/harness"
)

// repeat runs the faults one after the other, the engines in turn, until there were so many runs.
func repeat(ctx context.Context, setups []trial.Setup, faults []trial.Fault, runs int, report *report) {
	for i := range runs {
		if ctx.Err() != nil {
			return
		}
		setup, fault := setups[i%len(setups)], faults[i/len(setups)%len(faults)]
		s := &harness.Stage{}
		r := trial.Run(ctx, s, setup, fault)
		s.Close()
		if ctx.Err() != nil { // broken off by the limit of all: it says nothing
			return
		}
		report.Results = append(report.Results, r)
		fmt.Fprintf(os.Stderr, "%s  %s %d/%d  %-34s %s\n", time.Now().Format(time.TimeOnly), setup.Engine, i+1, runs, fault.Name, summary(r))
	}
}

// total is what all runs come to.
type total struct {
	runs, failed, unjudged, acknowledged, lost, wrongly, early int
	primaries, replicas                                        int // writes that were looked for there
	late                                                       []float64
}

func (r *report) total() total {
	var t total
	for _, result := range r.Results {
		switch result.Verdict {
		case trial.Skipped:
			continue
		case trial.Failed:
			t.failed++
		}
		t.runs++
		t.acknowledged += result.Acknowledged
		t.lost += result.Lost
		t.wrongly += result.LostWrongly
		t.early += result.TooEarly
		if len(result.Nodes) == 0 {
			t.unjudged++
		}
		for _, n := range result.Nodes {
			if n.Primary {
				t.primaries += n.Judged
				continue
			}
			t.replicas += n.Judged
			t.late = append(t.late, n.Late)
		}
	}
	slices.Sort(t.late)
	return t
}

// err is an error if anything was lost, anybody too early, or a run came to no judgement. Other problems are shown:
// some checks are of times that a busy machine does not keep.
func (t total) err() error {
	if t.wrongly+t.early+t.unjudged == 0 && t.runs > 0 {
		return nil
	}
	return fmt.Errorf("%d writes are lost, %d replicas were read too early, %d of %d runs came to no judgement", t.wrongly, t.early, t.unjudged, t.runs)
}

// share is the value that so much of a sorted list does not exceed.
func share(sorted []float64, part float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

// printRuns prints the verdict on many runs.
func (r *report) printRuns(out io.Writer, busy int) {
	t := r.total()
	fmt.Fprintf(out, "# Nothing lost, nobody too early: %d runs, %s\n\n", t.runs, r.Date.Format(time.DateOnly))
	fmt.Fprintf(out, "With %s, on %d cores, beside %d busy loops. Each run is a group of one primary and two replicas, with clients that\n"+
		"write all the time, and one fault. What is lost is judged on the primary at once, and on each replica when it has all\n"+
		"that the primary had. A replica is too early if it can be read when the group is whole, and has what its primary had\n"+
		"more than %s later.\n\n", strings.Join(r.Engines, " and "), runtime.NumCPU(), busy, trial.TooLate)
	fmt.Fprintf(out, "| what | |\n|---|---:|\n")
	fmt.Fprintf(out, "| **lost** | **%d** |\n| **too early** | **%d** |\n| runs that failed, for whatever reason | %d of %d |\n", t.wrongly, t.early, t.failed, t.runs)
	fmt.Fprintf(out, "| acknowledged writes | %d |\n| judged on primaries, on replicas | %d, %d |\n", t.acknowledged, t.primaries, t.replicas)
	fmt.Fprintf(out, "| the last moments before an unplanned loss of the primary, which replication does not save | %d |\n", t.lost-t.wrongly)
	fmt.Fprintf(out, "| how late a replica was, p50 / p99 / longest | %.0f / %.0f / %.0f ms |\n", share(t.late, 0.5), share(t.late, 0.99), share(t.late, 1))
	fmt.Fprintf(out, "\n| run | fault | engine | verdict | acknowledged | judged on (late, ms) | lost | too early |\n|---:|---|---|---|---:|---|---:|---:|\n")
	for i, result := range r.Results {
		var nodes []string
		for _, n := range result.Nodes {
			text := ending(n.Node) + " primary"
			if !n.Primary {
				text = fmt.Sprintf("%s (%.0f)", ending(n.Node), n.Late)
			}
			nodes = append(nodes, text)
		}
		fmt.Fprintf(out, "| %d | %s | %s | %s | %d | %s | %d | %d |\n", i+1, result.Fault, result.Engine, result.Verdict, result.Acknowledged,
			strings.Join(nodes, ", "), result.LostWrongly, result.TooEarly)
	}
	r.printRemarks(out)
}

// writeRuns leaves the verdict on many runs in a directory.
func (r *report) writeRuns(dir string, busy int) error {
	var text strings.Builder
	r.printRuns(&text, busy)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "runs.md"), []byte(text.String()), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
