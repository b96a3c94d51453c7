package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type tokenRotationsCommand struct {
	receiptsFlags `set:"receipts=rotations"`
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

// Run lists rotations.
func (c *tokenRotationsCommand) Run(ctx context.Context) error {
	return showReceipts(ctx, c.receiptsFlags, (*client.Client).Rotations, rotationTable)
}

var rotationTable = receiptTable[own.Rotation]{
	none:    "no rotations",
	columns: "WHEN\tGROUP\tCAUSE\tOLD → NEW\tDELIVERED TO\tTOOK\tREFUSED\tSTATE",
	line: func(r own.Rotation) string {
		return fmt.Sprintf("%s\t%s\t%s\t%s → %s\t%s\t%s\t%d\t%s", stamp(r.StartedAt), r.ReplicationGroupId, r.Cause,
			r.OldCredential, cmp.Or(r.NewCredential, "?"), cmp.Or(r.Delivery, "-"), rotationSteps(r), r.RefusedLogins, rotationState(r))
	},
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
