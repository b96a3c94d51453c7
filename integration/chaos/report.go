package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/integration/chaos/trial"
	"github.com/aikagi/aikagi/internal/engine"
)

// report is one run of the program.
type report struct {
	Date    time.Time      `json:"date"`
	Engines []string       `json:"engines"`
	Python  bool           `json:"redis_py"`
	Results []trial.Result `json:"results"`
}

func newReport(engines []engine.Installed) *report {
	r := &report{Date: time.Now().UTC().Truncate(time.Second), Python: trial.Python() != ""}
	for _, e := range engines {
		r.Engines = append(r.Engines, e.EngineVersion.String())
	}
	return r
}

// verdict is an error if a trial has failed.
func (r *report) verdict() error {
	failed := 0
	for _, result := range r.Results {
		if result.Verdict == trial.Failed {
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d trials have failed", failed, len(r.Results))
	}
	return nil
}

// summary is a result on one line.
func summary(r trial.Result) string {
	line := fmt.Sprintf("%s  %d acknowledged, %d lost, %d double primaries, gap %.0f ms (%.1f s)",
		r.Verdict, r.Acknowledged, r.Lost, r.DoublePrimaries, r.RefereeGap, r.Took/1000)
	for _, p := range r.Problems {
		line += "\n          " + p
	}
	return line
}

// write leaves the report and the raw figures in a directory.
func (r *report) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	var text strings.Builder
	r.print(&text)
	for name, content := range map[string]string{"latest.json": string(raw) + "\n", "latest.md": text.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	return nil
}

const legend = `Every trial is a group of one primary and two replicas, with TLS, a token and automatic failover. go-redis,
valkey-go and redis-py write through the primary endpoint with their default settings; a referee writes through every
address. The times are milliseconds.

- **gap**: the longest time without an acknowledged write at the primary endpoint, of a client that connects again at once.
- **writers**: the same for each library (go-redis / valkey-go / redis-py), with the errors that it gave to the application.
- **lost**: acknowledged, and not there afterwards. Unplanned faults may lose the last moments: replication is
  asynchronous. In brackets: how long before the fault the oldest of them was acknowledged.
- **double**: writes that a process acknowledged although they were sent after a later primary had acknowledged one.
- **receipt**: the gap as DescribeFailovers tells it, from the detection of a failure, or the pause of a planned failover,
  to the first accepted write; and the loss.

Nodes keep snapshots (RDB) and no append-only file.
`

func (r *report) print(out io.Writer) {
	fmt.Fprintf(out, "# Chaos, %s\n\nWith %s.\n\n%s\n", r.Date.Format(time.DateOnly), strings.Join(r.Engines, " and "), legend)
	fmt.Fprintln(out, "| fault | engine | verdict | acknowledged | lost | double | gap | writers (errors) | primary | receipt |")
	fmt.Fprintln(out, "|---|---|---|---:|---|---:|---:|---|---|---|")
	for _, result := range r.Results {
		fmt.Fprintln(out, row(result))
	}
	r.printRemarks(out)
	r.printErrors(out)
	fmt.Fprint(out, "\n## The faults\n\n")
	seen := map[string]bool{}
	for _, result := range r.Results {
		if !seen[result.Fault] {
			fmt.Fprintf(out, "- **%s**: %s. Allowed loss: %s.\n", result.Fault, result.What, result.AllowedLoss)
		}
		seen[result.Fault] = true
	}
}

func row(r trial.Result) string {
	lost := fmt.Sprint(r.Lost)
	if r.Lost > 0 {
		lost += fmt.Sprintf(" (%.1f)", r.LostOldest)
	}
	var writers []string
	for _, w := range r.Writers {
		writers = append(writers, fmt.Sprintf("%s %.0f (%d)", w.Name, w.Gap, w.Errors))
	}
	primary := "stays"
	if r.PrimaryBefore != r.PrimaryAfter {
		primary = fmt.Sprintf("%s → %s", ending(r.PrimaryBefore), ending(r.PrimaryAfter))
	}
	var receipts []string
	for _, f := range r.Receipts {
		gap := "unseen"
		if d, ok := f.Gap(); ok {
			gap = fmt.Sprintf("%.1f", float64(d.Microseconds())/1000)
		}
		receipts = append(receipts, fmt.Sprintf("%s: %s, loss %s", f.Cause, gap, f.Loss))
	}
	return fmt.Sprintf("| %s | %s | %s | %d | %s | %d | %.1f | %s | %s | %s |", r.Fault, r.Engine, r.Verdict, r.Acknowledged, lost,
		r.DoublePrimaries, r.RefereeGap, strings.Join(writers, ", "), primary, strings.Join(receipts, "; "))
}

// ending is the number in a node's id.
func ending(node string) string { return node[max(0, len(node)-3):] }

// printRemarks prints what does not fit the table.
func (r *report) printRemarks(out io.Writer) {
	fmt.Fprint(out, "\n## Problems and notes\n\n")
	for _, result := range r.Results {
		if len(result.Problems)+len(result.Notes) == 0 {
			continue
		}
		fmt.Fprintf(out, "- **%s** (%s)\n", result.Fault, result.Engine)
		for _, p := range result.Problems {
			fmt.Fprintf(out, "  - PROBLEM: %s\n", oneLine(p))
		}
		for _, n := range result.Notes {
			fmt.Fprintf(out, "  - %s\n", oneLine(n))
		}
	}
}

// printErrors prints which errors the libraries gave, in how many trials.
func (r *report) printErrors(out io.Writer) {
	trials := map[string]int{}
	for _, result := range r.Results {
		for _, w := range result.Writers {
			for _, text := range w.Texts {
				trials[w.Name+": "+oneLine(text)]++
			}
		}
	}
	fmt.Fprint(out, "\n## Errors that the libraries gave\n\n")
	for _, text := range slices.Sorted(maps.Keys(trials)) {
		fmt.Fprintf(out, "- %s (in %d trials)\n", text, trials[text])
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
