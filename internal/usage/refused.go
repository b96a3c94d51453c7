package usage

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
)

// Refusals asks all nodes of a group whom they did not let in. Nodes without a gate, which an earlier release has started, refuse
// nobody.
func (c *Collector) Refusals(ctx context.Context, g *replication.Group) usage.Refusals {
	now := c.Now()
	nodes := g.Nodes()
	reports := make([]*gate.Report, len(nodes))
	all := usage.Refusals{At: now, ByNode: map[string]usage.Refused{}, Gates: map[string]usage.Gate{}}
	all.Missing = c.each(ctx, nodes, func(ctx context.Context, i int, admin *engine.Admin) (err error) {
		reports[i], err = admin.Gate(ctx)
		return err
	})
	var sources [][]usage.RefusedSource
	for i, report := range reports {
		if report != nil {
			all.ByNode[nodes[i].ID] = refused(report.Refused)
			all.Gates[nodes[i].ID] = gateOf(report)
			all.Total = all.Total.Plus(all.ByNode[nodes[i].ID])
			sources = append(sources, knocking(report, now))
		}
	}
	all.Sources = usage.MergeSources(sources...)
	return all
}

// gateOf is what a gate lets in, and how busy it is.
func gateOf(report *gate.Report) usage.Gate {
	g := usage.Gate{Listeners: len(report.Listeners), Waiting: report.Waiting, QueuedMost: report.QueuedMost}
	for _, l := range report.Listeners {
		g.Plaintext, g.TLS = g.Plaintext+l.Plaintext, g.TLS+l.TLS
	}
	return g
}

func knocking(report *gate.Report, now time.Time) (sources []usage.RefusedSource) {
	for _, k := range report.Knocking {
		sources = append(sources, usage.RefusedSource{From: k.From.Unmap(), LastAt: now.Add(-k.Age), Refused: refused(k.Refused)})
	}
	return sources
}

func refused(by map[gate.Why]uint64) usage.Refused {
	return usage.Refused{
		Rules: int64(by[gate.ByRules]), Mode: int64(by[gate.ByMode]), Silence: int64(by[gate.BySilence]), Clients: int64(by[gate.ByClients]), Queue: int64(by[gate.ByQueue]), Source: int64(by[gate.BySource]),
	}
}
