package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command, for example: token rotate. Default: all commands, one per line."`
}

// Run prints the help and ends the program.
func (c *helpCommand) Run(k *kong.Context) error {
	_, err := k.Kong.Parse(append(c.Command, "--help"))
	return err
}

// tellUsage says in one line what is wrong with the command line, and then how it should look.
func tellUsage(err *kong.ParseError) {
	fmt.Fprintln(os.Stderr, "aikagi:", err)
	path, summary := "aikagi", "aikagi <command> [flags]"
	if k := err.Context; k != nil {
		if selected := k.Selected(); selected != nil {
			path, summary = selected.FullPath(), "aikagi "+selected.Summary()
		}
	}
	fmt.Fprintf(os.Stderr, "Usage: %s; see %s --help\n", summary, path)
}

// withDefault is the help of a flag with its default, unless its words say that already.
func withDefault(value *kong.Value) string {
	help := kong.DefaultHelpValueFormatter(value)
	if value.Default == "" || strings.Contains(value.Help, "Default:") {
		return help
	}
	text := value.Default
	if value.IsBool() {
		text = map[string]string{"true": "yes", "false": "no"}[text]
	}
	return help + " Default: " + text + "."
}
