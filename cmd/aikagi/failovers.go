package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/client"
)

type failoversCommand struct {
	clientFlags
	outputFlag
	Group string `arg:"" optional:"" help:"Replication group whose failovers to show, which may be deleted by now. Default: all." predictor:"group"`
}

// Help explains the columns.
func (failoversCommand) Help() string {
	return `Each line is a receipt of one change of primary, newest first; receipts are kept for 90 days.

  CAUSE   crash or hang (of the primary), or what was asked for: test (TestFailover), promote (PrimaryClusterId) or reboot
  WRITE   microseconds from the failure (or the request) until the new primary, at the primary endpoint, took a write
  STEPS   what they were spent on, one after the other: until writes were held back (paused, if it was asked for), the old
          primary could not write any more (fenced), the new one was chosen (elected), had its role (promoted) and the
          endpoint's address, and had taken a write
  STATUS  with "resumed", aikagi was killed after the promotion; the times from there on are when it saw it again
  LOST    writes that the old primary is known to have had and the new one has not

JSON and YAML have every field, with times in microseconds since the failure was detected.`
}

func (c *failoversCommand) group() string { return c.Group }

// Run shows receipts.
func (c *failoversCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	receipts, err := api.Failovers(ctx, c.Group)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, receipts, func(to io.Writer) error { return showFailovers(to, receipts) })
}

func showFailovers(to io.Writer, receipts []client.Failover) error {
	if len(receipts) == 0 {
		fmt.Fprintln(to, "no failovers")
		return nil
	}
	table := newTable(to)
	fmt.Fprintln(table, "WHEN\tGROUP\tCAUSE\tFROM → TO\tSTATUS\tWRITE µs\tSTEPS µs\tLOST")
	for _, f := range receipts {
		write := "-"
		if f.WriteAcceptedMicroseconds != nil {
			write = fmt.Sprint(*f.WriteAcceptedMicroseconds)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s → %s\t%s\t%s\t%s\t%s\n", stamp(f.DetectedAt), f.ReplicationGroupID, f.Cause,
			f.From, cmp.Or(f.To, "?"), statusOf(f), write, cmp.Or(failoverSteps(f), "-"), cmp.Or(f.Loss, "-"))
	}
	return table.Flush()
}

func statusOf(f client.Failover) string {
	switch {
	case f.GivenUpReason != "":
		return f.Status + ": " + f.GivenUpReason
	case f.Resumed:
		return f.Status + ", resumed"
	}
	return f.Status
}

// failoverSteps breaks the way to the first write down, in the order in which it was
// gone.
func failoverSteps(f client.Failover) string {
	type step struct {
		name string
		at   *int64
	}
	steps := []step{
		{"paused", f.PausedMicroseconds}, {"fenced", f.FencedMicroseconds}, {"elected", f.ElectedMicroseconds}, {"promoted", f.PromotedMicroseconds},
		{"endpoint", f.EndpointMovedMicroseconds}, {"write", f.WriteAcceptedMicroseconds},
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return s.at == nil })
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(*a.at, *b.at) })
	var words []string
	var before int64
	for _, s := range steps {
		words = append(words, fmt.Sprintf("%s %+d", s.name, *s.at-before))
		before = *s.at
	}
	return strings.Join(words, ", ")
}
