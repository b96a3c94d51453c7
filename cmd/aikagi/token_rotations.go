package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type tokenRotationsCommand struct {
	clientFlags
	outputFlag
	Group string `arg:"" optional:"" help:"Replication group whose rotations to show; it may have been deleted. Default: all." predictor:"group"`
}

// Help explains the columns.
func (tokenRotationsCommand) Help() string {
	return `Each line is a guided rotation, under way or over, newest first. Receipts are kept for 90 days after the end.

  CAUSE     request, or schedule
  OLD, NEW  the first 12 hexadecimal digits of the tokens' SHA-256, or NONE: access without a token
  TOOK      from the request to the end, and how long each step took: until every node accepted both (both), the new one
            was delivered, the old one had ended on every node (set), and the grace time was over (end)
  REFUSED   logins with the old token after its end
  STATE     of one that is not done, with the reason`
}

func (c *tokenRotationsCommand) group() string { return c.Group }

// Run lists rotations.
func (c *tokenRotationsCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	receipts, err := api.Rotations(ctx, c.Group)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, receipts, func(to io.Writer) error { return showRotations(to, receipts) })
}

func showRotations(to io.Writer, receipts []own.Rotation) error {
	if len(receipts) == 0 {
		fmt.Fprintln(to, "no rotations")
		return nil
	}
	table := newTable(to)
	fmt.Fprintln(table, "WHEN\tGROUP\tCAUSE\tOLD → NEW\tDELIVERED TO\tTOOK\tREFUSED\tSTATE")
	for _, r := range receipts {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s → %s\t%s\t%s\t%d\t%s\n", stamp(r.StartedAt), r.ReplicationGroupId, r.Cause,
			r.OldCredential, cmp.Or(r.NewCredential, "?"), cmp.Or(r.Delivery, "-"), rotationSteps(r), r.RefusedLogins, rotationState(r))
	}
	return table.Flush()
}

func rotationState(r own.Rotation) string {
	switch {
	case !r.Over && r.Problem != "":
		return string(r.State) + ", held up: " + r.Problem
	case !r.Over || r.State == "done":
		return string(r.State)
	}
	return because(r.State, r.Reason)
}

// rotationSteps breaks the time of a rotation down.
func rotationSteps(r own.Rotation) string {
	var words []string
	before := r.StartedAt
	for _, s := range []struct {
		name string
		at   *time.Time
	}{{"both", r.RotatedAt}, {"delivered", r.DeliveredAt}, {"set", r.SetAt}, {"end", r.EndedAt}} {
		if s.at == nil || r.FinishOnly && (s.name == "both" || s.name == "delivered") {
			continue
		}
		words = append(words, fmt.Sprintf("%s +%s", s.name, brief(s.at.Sub(before))))
		before = *s.at
	}
	if len(words) == 0 {
		return "-"
	}
	if r.EndedAt == nil {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s (%s)", brief(r.EndedAt.Sub(r.StartedAt)), strings.Join(words, ", "))
}

// brief rounds a duration to what matters at its size.
func brief(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
