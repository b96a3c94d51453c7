package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type failoversCommand struct {
	receiptsFlags `set:"receipts=failovers"`
}

// Help explains the columns.
func (failoversCommand) Help() string {
	return `Each line is the receipt of one failover, newest first. Receipts are kept for 90 days.

  CAUSE   crash or hang (of the primary), or the request: test (TestFailover), promote (PrimaryClusterId), reboot or upgrade (of the engine)
  WRITE   microseconds from the failure (or the request) until the new primary took a write at the primary endpoint
  STEPS   how long each step took: until writes were held back (paused, if it was requested), the old primary could no
          longer write (fenced), the new one was chosen (elected), had its role (promoted), had the endpoint's address
          (endpoint), and had taken a write (write)
  STATUS  with "resumed", aikagi was killed after the promotion; later times are when the next start saw each step
  LOST    writes that the old primary is known to have had, but the new one does not have

JSON and YAML have every field, with times in microseconds since the failure was detected.`
}

// Run shows receipts.
func (c *failoversCommand) Run(ctx context.Context) error {
	return showReceipts(ctx, c.receiptsFlags, (*client.Client).Failovers, failoverTable)
}

var failoverTable = receiptTable[own.Failover]{
	none:    "no failovers",
	columns: "WHEN\tGROUP\tCAUSE\tFROM → TO\tSTATUS\tWRITE µs\tSTEPS µs\tLOST",
	line: func(f own.Failover) string {
		write := "-"
		if f.WriteAcceptedMicroseconds != nil {
			write = fmt.Sprint(*f.WriteAcceptedMicroseconds)
		}
		return fmt.Sprintf("%s\t%s\t%s\t%s → %s\t%s\t%s\t%s\t%s", stamp(f.DetectedAt), f.ReplicationGroupId, f.Cause,
			f.FromCacheClusterId, cmp.Or(f.ToCacheClusterId, "?"), statusOf(f), write, cmp.Or(failoverSteps(f), "-"), cmp.Or(f.Loss, "-"))
	},
}

func statusOf(f own.Failover) string {
	switch {
	case f.GivenUpReason != "":
		return f.Status + ": " + f.GivenUpReason
	case f.Resumed:
		return f.Status + ", resumed"
	}
	return f.Status
}

// failoverSteps breaks down the way to the first write, in the order of the steps.
func failoverSteps(f own.Failover) string {
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
