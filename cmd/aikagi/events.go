package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
)

type eventsCommand struct {
	clientFlags
	outputFlag
	Group  string        `arg:"" optional:"" help:"Replication group whose events, and its nodes', to show; it may have been deleted. Default: all." predictor:"group"`
	Since  time.Duration `help:"How far to look back, at most 336h (14 days)." default:"24h"`
	Number int           `short:"n" help:"Show at most this many, the newest ones." default:"100"`
	Follow bool          `short:"f" help:"Keep showing new events until interrupted. In JSON and YAML, each is a document of its own."`
}

// followEventsEvery is how often a follower of events asks; followEventsLap is by how much each
// look reaches back before the last event: of one moment not all may have been there.
const (
	followEventsEvery = time.Second
	followEventsLap   = 5 * time.Second
)

func (c *eventsCommand) group() string { return c.Group }

// Run shows events, oldest first.
func (c *eventsCommand) Run(ctx context.Context) error {
	if c.Since <= 0 || c.Since > cache.EventRetention || c.Number < 1 {
		return fmt.Errorf("want --since up to %s and --number of 1 or more", cache.EventRetention)
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	events, err := api.Events(ctx, c.Group, time.Now().Add(-c.Since))
	if err != nil {
		return err
	}
	shown := events[max(0, len(events)-c.Number):]
	if c.Follow {
		return c.follow(ctx, api, events, shown)
	}
	return c.show(os.Stdout, shown, func(to io.Writer) error { return showEvents(to, shown) })
}

// follow shows further events as they come. A look that fails is told once and tried again.
func (c *eventsCommand) follow(ctx context.Context, api *client.Client, known, news []client.Event) error {
	seen := map[client.Event]bool{}
	last := time.Now()
	for _, e := range known {
		seen[e] = true
		last = e.Date
	}
	silent := false
	for {
		for _, e := range news {
			if err := c.showNext(os.Stdout, e, nil); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(followEventsEvery):
		}
		events, err := api.Events(ctx, c.Group, last.Add(-followEventsLap))
		if err != nil && ctx.Err() == nil && !silent {
			fmt.Fprintln(os.Stderr, "aikagi: trying again:", err)
		}
		silent = err != nil
		news = nil
		for _, e := range events {
			if !seen[e] {
				seen[e], last = true, e.Date
				news = append(news, e)
			}
		}
	}
}

func (c *eventsCommand) showNext(to io.Writer, e client.Event, _ func(io.Writer) error) error {
	if c.forPeople() {
		_, err := fmt.Fprintln(to, eventLine(e, "  "))
		return err
	}
	return c.outputFlag.showNext(to, e, nil)
}

func showEvents(to io.Writer, events []client.Event) error {
	if len(events) == 0 {
		_, err := fmt.Fprintln(to, "no events; --since looks back further")
		return err
	}
	table := newTable(to)
	fmt.Fprintln(table, "WHEN\tSOURCE\tEVENT")
	for _, e := range events {
		fmt.Fprintln(table, eventLine(e, "\t"))
	}
	return table.Flush()
}

func eventLine(e client.Event, between string) string {
	return stamp(e.Date) + between + e.SourceID + between + e.Message
}
