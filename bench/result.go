package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/engine"
)

// Result is one run for one engine.
type Result struct {
	Date          time.Time     `json:"date"`
	Engine        string        `json:"engine"`
	EngineVersion string        `json:"engine_version"`
	Machine       Machine       `json:"machine"`
	Measurements  []Measurement `json:"measurements"`
}

func newResult(e engine.Installed) *Result {
	return &Result{
		Date: time.Now().UTC().Truncate(time.Second), Engine: string(e.Engine), EngineVersion: e.Version, Machine: describeMachine(),
	}
}

func (r *Result) name() string { return r.Engine + " " + r.EngineVersion }

// write leaves the result in a directory, as <date>-<engine>.json, with the names of the
// benchmarks behind if they were not all.
func (r *Result) write(dir string, only []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	name := strings.Join(append([]string{r.Date.Format(time.DateOnly), r.Engine}, only...), "-")
	path := filepath.Join(dir, name+".json")
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

func (r *Result) print(out io.Writer) { fmt.Fprintf(out, "%s\n", table([]*Result{r})) }

func readResult(path string) (*Result, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	r := &Result{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("read result %s: %w", filepath.Base(path), err)
	}
	return r, nil
}
