package main

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type consoleCommand struct {
	clientFlags
	outputFlag
}

// Help says what to be careful with. There is no option that opens a browser: its
// argument list, which every user of the machine can read, would have the link.
func (consoleCommand) Help() string {
	return `The link signs in whoever opens it first, once, within 10 minutes. It is made with the access key of the data directory
(--data-dir), and starts with --endpoint-url, so it also works through a forwarded port. The session that it begins
ends by itself (aikagi serve --console-session); sign out to end it sooner.`
}

// Run makes a link and shows it.
func (c *consoleCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	link, err := api.ConsoleLink(ctx)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, link, time.Now())
}

func (c *consoleCommand) show(to io.Writer, link own.ConsoleLink, now time.Time) error {
	return c.outputFlag.show(to, link, sentence("%s\n\nIt signs in once, and until %s (%s from now).",
		link.Url, clock(link.ExpiresAt), link.ExpiresAt.Sub(now).Round(time.Second)))
}
