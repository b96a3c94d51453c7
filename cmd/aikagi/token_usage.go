package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aikagi/aikagi/internal/client"
)

type tokenUsageCommand struct {
	clientFlags
	Group    string        `arg:"" help:"Replication group."`
	Watch    bool          `help:"Go on until interrupted: redraw on a terminal, print again elsewhere."`
	Interval time.Duration `help:"Time between two looks of --watch, at least 500ms." default:"2s"`
	Output   string        `help:"Form of the output: ${enum}. JSON has every field, one document for each look." enum:"text,json" default:"text"`
}

// intervalMin keeps a watcher from being a load.
const intervalMin = 500 * time.Millisecond

// exitPartial is the exit code of an answer that is not complete.
const exitPartial = 2

// Help explains the columns.
func (tokenUsageCommand) Help() string {
	return `Each credential that is accepted, oldest first, used or not; then those that are refused and were tried lately.

  CREDENTIAL  the first 12 hexadecimal digits of the token's SHA-256 (printf %s "$TOKEN" | sha256sum | cut -c1-12), or NONE:
              access without a token
  STANDING    current (the only one accepted); old (the next SET ends it) and new; retired (refused, was accepted once);
              unknown (all tokens that were never accepted, together)
  AGE         since it was added
  CONNS       connections that are open now
  AUTHS       logins that were accepted, of all connections ever; of NONE: connections that were opened and never logged in
  1 MIN       of them, in the last minute
  LAST USED   the last login, or "now" while there are connections
  REFUSED     logins that were refused

Below it: the clients of each credential, most connections first. Clients are told apart by address, CLIENT SETNAME and
CLIENT SETINFO. Nodes are asked anew for each look; what aikagi does itself is not counted.

The last line says what SET would do now.

Exit codes: 0 shown; 1 not shown (no control plane, no such group); 2 shown, but a node could not be asked, so figures are
lower bounds. With --watch: 0 when interrupted.`
}

// Run shows usage once, or until it is interrupted.
func (c *tokenUsageCommand) Run(ctx context.Context) error {
	if c.Interval < intervalMin {
		return fmt.Errorf("--interval %s: want at least %s", c.Interval, intervalMin)
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	if c.Watch {
		return c.watch(ctx, os.Stdout, api, isTerminal(os.Stdout))
	}
	usage, err := api.TokenUsage(ctx, c.Group)
	if err != nil {
		return err
	}
	if err := c.show(os.Stdout, usage); err != nil {
		return err
	}
	if !usage.Complete {
		return exitError{exitPartial, errors.New("not every node could be asked: figures are lower bounds")}
	}
	return nil
}

// watch shows usage again and again. A look that fails is told and does not end it: the
// control plane may be restarting just when it matters.
func (c *tokenUsageCommand) watch(ctx context.Context, to io.Writer, api *client.Client, redraw bool) error {
	tick := time.NewTicker(c.Interval)
	defer tick.Stop()
	for first := true; ; first = false {
		usage, err := api.TokenUsage(ctx, c.Group)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && first:
			return err
		case client.IsCode(err, "ReplicationGroupNotFoundFault"):
			return err
		case err != nil:
			fmt.Fprintln(os.Stderr, "aikagi:", err)
		default:
			if redraw {
				fmt.Fprint(to, "\x1b[H\x1b[2J") // top left, clear
			}
			if err := c.show(to, usage); err != nil {
				return err
			}
			if !redraw && c.Output != "json" {
				fmt.Fprintln(to)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (c *tokenUsageCommand) show(to io.Writer, usage client.TokenUsage) error {
	if c.Output == "json" {
		return json.NewEncoder(to).Encode(usage)
	}
	return showTokenUsage(to, usage)
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
