package usage

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
)

// Guests asks all nodes of a group who came through which of its places, since they are to watch that.
func (c *Collector) Guests(ctx context.Context, g *replication.Group) usage.Guests {
	now := c.Now()
	nodes := g.Nodes()
	reports := make([]*gate.Report, len(nodes))
	asked := make([]bool, len(nodes))
	all := usage.Guests{At: now}
	all.Missing = c.each(ctx, nodes, func(ctx context.Context, i int, admin *engine.Admin) (err error) {
		reports[i], err = admin.Gate(ctx)
		asked[i] = err == nil
		return err
	})
	var guests [][]usage.Guest
	for i, report := range reports {
		if asked[i] && (report == nil || !report.Watches) {
			all.Gateless = append(all.Gateless, nodes[i].ID)
		} else if report != nil {
			guests = append(guests, guestsOf(report, now))
		}
	}
	all.Guests = usage.MergeGuests(guests...)
	return all
}

func guestsOf(report *gate.Report, now time.Time) (all []usage.Guest) {
	for _, g := range report.Guests {
		all = append(all, usage.Guest{At: g.At, From: g.From.Unmap(), Connections: g.Open, Opened: int64(g.Opened), LastAt: now.Add(-g.Age)})
	}
	return all
}
