package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type maintenanceCommand struct {
	clientFlags
	outputFlag
	waitFlags
	Group  string `arg:"" optional:"" help:"One group. Default: all." predictor:"group"`
	Now    bool   `help:"Do what waits now, and wait until it is done." xor:"what"`
	Cancel bool   `help:"Take back what waits: the group stays as it is." xor:"what"`
}

// Help says what waits.
func (maintenanceCommand) Help() string {
	return `Another node type and another engine version wait for the maintenance window, unless they were asked for with ApplyImmediately. This
shows what waits, and when each window opens next. With a group and --now it is done at once: replica by replica, as in the window
(docs/versions.md). With --cancel it is taken back; to take back one of two things, ask for what the group has: aikagi modify.

A smaller node type for which there is too much data when the window opens is given up, and an event says so; with --now it is refused.

Examples:

  aikagi maintenance
  aikagi maintenance shop --now
  aikagi maintenance shop --cancel

Exit codes: 0 shown, done, taken back, or accepted with --no-wait; 1 refused or failed; 2 interrupted or timed out, while the change goes on.`
}

// Run shows what waits, has it done, or takes it back.
func (c *maintenanceCommand) Run(ctx context.Context) error {
	if (c.Now || c.Cancel) && c.Group == "" {
		return errors.New("--now and --cancel need a group; see aikagi maintenance")
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	if c.Now || c.Cancel {
		return c.change(ctx, api)
	}
	all, err := api.Maintenance(ctx)
	if err != nil {
		return err
	}
	if c.Group != "" {
		all = slices.DeleteFunc(all, func(m own.Maintenance) bool { return m.CacheId != strings.ToLower(c.Group) })
		if len(all) == 0 {
			return fmt.Errorf("there is no group %s; see aikagi list", c.Group)
		}
	}
	return c.show(os.Stdout, all, func(to io.Writer) error { return showMaintenance(to, all, time.Now()) })
}

// change does what waits, or takes it back.
func (c *maintenanceCommand) change(ctx context.Context, api *client.Client) error {
	g, err := api.Group(ctx, c.Group)
	if err != nil {
		return err
	}
	if c.Now {
		if _, err := api.StartMaintenance(ctx, g.CacheInput()); err != nil {
			return err
		}
		return settle(ctx, os.Stdout, api, c.Group, c.waitFlags, c.outputFlag)
	}
	left, err := api.CancelMaintenance(ctx, g.CacheInput())
	if err != nil {
		return err
	}
	all := []own.Maintenance{left}
	return c.show(os.Stdout, all, func(to io.Writer) error { return showMaintenance(to, all, time.Now()) })
}

func showMaintenance(to io.Writer, all []own.Maintenance, now time.Time) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(to, "no groups; make one: aikagi create NAME")
		return err
	}
	table := newTable(to)
	fmt.Fprintln(table, "GROUP\tSTATUS\tWINDOW (UTC)\tOPENS\tWAITS FOR IT")
	for _, m := range all {
		opens := "in " + cache.ShortDuration(m.OpensAt.Sub(now).Truncate(time.Minute))
		if m.Open {
			opens = "OPEN NOW"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", m.CacheId, m.Status, m.Window, opens, waits(m))
	}
	return table.Flush()
}

// waits is what waits for a window, in words.
func waits(m own.Maintenance) string {
	var all []string
	if m.EngineVersion != "" {
		all = append(all, m.Engine+" "+m.EngineVersion)
	}
	if m.NodeType != "" {
		all = append(all, "node type "+m.NodeType)
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}
