package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type tokenScheduleCommand struct {
	groupFlags
	rotationFlags
	outputFlag
	Every string `help:"Rotate the token after this many days, for example 28d, in the group's maintenance window." placeholder:"DAYS" xor:"schedule"`
	Off   bool   `help:"End the schedule. A rotation that is under way goes on." xor:"schedule"`
}

// Help tells when a rotation is due.
func (tokenScheduleCommand) Help() string {
	return `Without --every and --off it shows the schedule.

A rotation is due at the start of the first maintenance window (UTC) at least this many days after the last rotation, whether
scheduled or by hand; if there was none, after now. Maintenance windows are weekly, so the days are
rounded up to whole weeks: 7d means every 7 days, but 30d every 35; use 28d if no token should get older than 30 days.
A missed date is made up for once, as soon as possible. A rotation that failed or was rolled back is retried
in the next window; until one succeeds, or the schedule is set again, aikagi status shows it and exits with 1. It also does so
while a scheduled rotation is held up, or takes longer than the time between two.

Examples:

  aikagi token schedule sessions --every 28d --deliver file:.aikagi/deliveries/sessions
  aikagi token schedule sessions
  aikagi token schedule sessions --off`
}

// Run sets, ends or shows a schedule.
func (c *tokenScheduleCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	switch {
	case c.Every != "":
		return c.set(ctx, api)
	case c.Deliver != "":
		return errors.New("--deliver needs --every DAYS")
	case c.Off:
		if err := api.DeleteRotationSchedule(ctx, c.Group); err != nil {
			return err
		}
		fmt.Printf("%s no longer has a rotation schedule\n", c.Group)
		return nil
	}
	access, err := api.Access(ctx, c.Group)
	if err != nil {
		return err
	}
	return c.showSchedule(access.RotationSchedule)
}

func (c *tokenScheduleCommand) set(ctx context.Context, api *client.Client) error {
	days, err := rotation.ParseEvery(c.Every)
	if err != nil {
		return err
	}
	how, err := c.how()
	if err != nil {
		return err
	}
	if how.Delivery == nil {
		return c.noDelivery(c.Group)
	}
	schedule, err := api.PutRotationSchedule(ctx, c.Group, own.PutAuthTokenRotationScheduleInput{
		EveryDays: new(int32(days)), Delivery: how.Delivery, Finish: how.Finish,
		Brownout: how.Brownout, EvictOver: how.EvictOver, Grace: how.Grace, RollBackOver: how.RollBackOver,
	})
	if err != nil {
		return err
	}
	return c.showSchedule(schedule)
}

func (c *tokenScheduleCommand) showSchedule(s *own.RotationSchedule) error {
	return c.show(os.Stdout, s, func(to io.Writer) error { return showSchedule(to, c.Group, s) })
}

func showSchedule(to io.Writer, group string, s *own.RotationSchedule) error {
	if s == nil {
		fmt.Fprintf(to, "%s has no rotation schedule\n", group)
		return nil
	}
	fmt.Fprintf(to, "The token of %s is rotated every %d days.\n\n", group, s.EveryDays)
	table := newTable(to)
	fmt.Fprintf(table, "next\t%s\n", nextText(s, time.Now()))
	if s.LastAt != nil {
		fmt.Fprintf(table, "last\t%s\n", stamp(*s.LastAt))
	}
	fmt.Fprintf(table, "delivered to\t%s\nfinish\t%s\n", s.Delivery, s.Finish)
	fmt.Fprintf(table, "brownout\t%s\nevict over\t%s\ngrace\t%s\nroll back over\t%s\n", s.Brownout, s.EvictOver, s.Grace, rollBackText(s.RollBackOver))
	if s.Failed != "" {
		fmt.Fprintf(table, "FAILED\t%s\n", failureText(s))
	}
	return table.Flush()
}

func nextText(s *own.RotationSchedule, now time.Time) string {
	if s.NextAt.Before(now) {
		return "due since " + stamp(s.NextAt)
	}
	return stamp(s.NextAt)
}

func failureText(s *own.RotationSchedule) string {
	if s.FailedAt == nil {
		return s.Failed
	}
	return stamp(*s.FailedAt) + ": " + s.Failed
}

func rollBackText(over int64) string {
	if over < 0 {
		return "never"
	}
	return cache.Counted(over, "refused login")
}
