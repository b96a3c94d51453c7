package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type canCommand struct {
	userFlags
	outputFlag
	AccessString       string   `help:"Try this access string instead of the one that the user has." placeholder:"RULES"`
	AppendAccessString string   `help:"Try these rules behind those that it has." placeholder:"RULES"`
	Group              string   `help:"Ask an engine of this group. Default: of one that has the user, or of any." placeholder:"GROUP" predictor:"group"`
	Command            []string `arg:"" passthrough:"" help:"Command of the engine, and its arguments."`
}

// Help has examples.
func (canCommand) Help() string {
	return `Asks an engine whether a user may run a command, without running it. With another access string it shows what a change would do,
before it is made.

Examples:

  aikagi can reporter get app:1
  aikagi can reporter --append-access-string=-hgetall hgetall app:1

Exit codes: 0 the user may; 1 it may not, or that could not be found out.`
}

// Run asks.
func (c *canCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	out, err := api.TestUserAccess(ctx, own.TestUserAccessInput{
		UserId: &c.User, AccessString: given(c.AccessString), AppendAccessString: given(c.AppendAccessString), Command: c.Command, ReplicationGroupId: given(c.Group),
	})
	if err != nil {
		return err
	}
	words := printable(strings.Join(c.Command, " "))
	may := func(to io.Writer) error {
		_, err := fmt.Fprintf(to, "%s may run %s, says %s of %s\n", c.User, words, out.EngineVersion, out.CacheClusterId)
		return err
	}
	if !out.Allowed {
		may = func(io.Writer) error { return nil }
	}
	if err := c.show(os.Stdout, out, may); err != nil || out.Allowed {
		return err
	}
	by := ""
	if out.CacheClusterId != "" {
		by = fmt.Sprintf(", says %s of %s", out.EngineVersion, out.CacheClusterId)
	}
	return fmt.Errorf("%s may not run %s%s: %s", c.User, words, by, printable(out.Reason))
}

// printable keeps what somebody typed, or an engine says, from changing the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
