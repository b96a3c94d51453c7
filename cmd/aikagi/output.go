package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/term"
)

// outputFlag is the form in which a command shows data. JSON and YAML have the same fields
// (docs/commands.md); text is what table was called once.
type outputFlag struct {
	Output string `short:"o" help:"Output format: table, json or yaml." enum:"table,json,yaml,text" default:"table"`
}

// show writes data for programs, or what table writes for people.
func (f outputFlag) show(to io.Writer, data any, table func(io.Writer) error) error {
	if f.forPeople() {
		return table(to)
	}
	text, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return fmt.Errorf("show as %s: %w", f.Output, err)
	}
	return f.print(to, text)
}

// showNext is show for one document of several: of JSON each is a line.
func (f outputFlag) showNext(to io.Writer, data any, table func(io.Writer) error) error {
	if f.forPeople() {
		err := table(to)
		fmt.Fprintln(to)
		return err
	}
	text, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("show as %s: %w", f.Output, err)
	}
	if f.Output == "yaml" {
		fmt.Fprintln(to, "---")
	}
	return f.print(to, text)
}

func (f outputFlag) forPeople() bool { return f.Output != "json" && f.Output != "yaml" }

func (f outputFlag) print(to io.Writer, text []byte) (err error) {
	text = append(text, '\n')
	if f.Output == "yaml" {
		if text, err = yaml.JSONToYAML(text); err != nil {
			return fmt.Errorf("show as yaml: %w", err)
		}
	}
	_, err = to.Write(text)
	return err
}

// sentence is a table of one line.
func sentence(format string, args ...any) func(io.Writer) error {
	return func(to io.Writer) error {
		_, err := fmt.Fprintf(to, format+"\n", args...)
		return err
	}
}

// newTable lines up what is written with tabs, when it is flushed.
func newTable(to io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(to, 0, 0, 2, ' ', 0) }

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// stamp and clock are a time for people, in their own zone, which is said.
func stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 MST") }
func clock(t time.Time) string { return t.Local().Format("15:04:05 MST") }
