package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestHelpSaysEveryDefault walks all commands: each has help, and each flag that takes a value
// says its default, or what happens without it.
func TestHelpSaysEveryDefault(t *testing.T) {
	t.Parallel()
	parser := newParser(t.Context())
	seen := 0
	err := kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		command, ok := node.(*kong.Node)
		if !ok {
			return next(nil)
		}
		if command.Help == "" && command.Type == kong.CommandNode {
			t.Errorf("%s has no help", command.FullPath())
		}
		for _, flag := range command.Flags {
			seen++
			help := withDefault(flag.Value)
			if flag.Help == "" || flag.Default != "" && !strings.Contains(help, flag.Default) && !strings.Contains(help, "Default: ") {
				t.Errorf("%s --%s: %q does not say its default, %s", command.FullPath(), flag.Name, help, flag.Default)
			}
		}
		return next(nil)
	})
	if err != nil || seen < 100 {
		t.Errorf("%d flags, %v", seen, err)
	}
}

// An environment variable that only looks like one of a flag does nothing.
func TestFlagsThatAreNotInTheEnvironment(t *testing.T) {
	for _, name := range []string{"AIKAGI_VERSION", "AIKAGI_YES", "AIKAGI_UNSET", "AIKAGI_AUTH_TOKEN", "AIKAGI_HELP"} {
		t.Setenv(name, "true")
	}
	var commands cli
	parser := newParserOf(t.Context(), &commands)
	if _, err := parser.Parse([]string{"delete", "g"}); err != nil || commands.Delete.Yes {
		t.Errorf("delete: %v, %+v", err, commands.Delete)
	}
	if _, err := parser.Parse([]string{"node", "repair", "g/g-001"}); err != nil || commands.Node.Repair.Yes {
		t.Errorf("node repair: %v, %+v", err, commands.Node.Repair)
	}
	if _, err := parser.Parse([]string{"create", "g"}); err != nil || commands.Create.AuthToken {
		t.Errorf("create: %v, %+v", err, commands.Create)
	}
	if _, err := parser.Parse([]string{"env"}); err != nil || commands.Env.Unset {
		t.Errorf("env: %v, %+v", err, commands.Env)
	}
}
