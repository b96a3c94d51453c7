package usage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/reach"
)

// Timeout bounds what a collection takes: a token change waits for it.
const Timeout = time.Second

// Options are what a collector needs. It owns none of them.
type Options struct {
	Nodes  reach.Nodes
	Logger *slog.Logger
	Now    func() time.Time
}

// Collector asks nodes about their clients. It is safe for concurrent use.
type Collector struct {
	Options
	flights singleflight.Group
}

// New makes a collector.
func New(options Options) *Collector { return &Collector{Options: options} }

// Of asks all nodes of a group. The only error is that ctx ended. Callers share the
// answer and do not change it.
func (c *Collector) Of(ctx context.Context, g *replication.Group) (usage.Group, error) {
	flight := c.flights.DoChan(fmt.Sprintf("%s@%d", g.UID, g.Revision), func() (any, error) {
		// The one who came first may leave; the others still wait.
		return c.collect(context.WithoutCancel(ctx), g), nil
	})
	select {
	case result := <-flight:
		return result.Val.(usage.Group), nil
	case <-ctx.Done():
		return usage.Group{}, fmt.Errorf("ask nodes of group %s for usage: %w", g.ID, ctx.Err())
	}
}

func (c *Collector) collect(ctx context.Context, g *replication.Group) usage.Group {
	now := c.Now()
	nodes := g.Nodes()
	known := make([][]usage.Record, len(nodes))
	gateless := make([]bool, len(nodes))
	missing := c.each(ctx, nodes, func(ctx context.Context, i int, admin *engine.Admin) (err error) {
		node := nodes[i].ID
		known[i], err = admin.Usage(ctx, node, now)
		// An engine module that cannot tell is of a release without gates, too.
		gateless[i] = engine.IsUnknown(err) || err == nil && !slices.ContainsFunc(known[i], func(r usage.Record) bool { return r.Credential == usage.Plaintext })
		for j := range known[i] {
			known[i][j].RefusedBy = map[string]int64{node: known[i][j].Refused}
		}
		return err
	})
	all := g.Usage(usage.Merge(known...), missing, now)
	for i, node := range nodes {
		if gateless[i] {
			all.Gateless = append(all.Gateless, node.ID)
		}
	}
	return all
}

// each calls ask for every node, by its index, side by side, and returns those
// for which it failed. It takes no longer than [Timeout].
func (c *Collector) each(ctx context.Context, nodes []*replication.Node, ask func(context.Context, int, *engine.Admin) error) []usage.MissingNode {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	failures := make([]error, len(nodes))
	var all sync.WaitGroup
	for i := range nodes {
		all.Go(func() {
			failures[i] = c.withNode(ctx, nodes[i], func(admin *engine.Admin) error { return ask(ctx, i, admin) })
		})
	}
	all.Wait()
	var missing []usage.MissingNode
	for i, err := range failures {
		if err == nil {
			continue
		}
		c.Logger.Debug("node not asked for usage", "node", nodes[i].ID, "error", err)
		missing = append(missing, usage.MissingNode{NodeID: nodes[i].ID, Reason: reason(ctx, err)})
	}
	return missing
}

// withNode connects to a node's admin socket for the time of fn, until ctx ends.
func (c *Collector) withNode(ctx context.Context, node *replication.Node, fn func(*engine.Admin) error) error {
	admin, err := c.Nodes.Connect(ctx, provider.NameOf(node))
	if err != nil {
		return err
	}
	defer admin.Close()
	return fn(admin)
}

// reason says for people why a node could not be asked.
func reason(ctx context.Context, err error) cache.Saying {
	switch {
	case errors.Is(err, provider.ErrNotRunning), errors.Is(err, provider.ErrAbsent):
		return cache.Say(cache.FactNotRunning)
	case engine.IsUnknown(err):
		return cache.Say(cache.FactModuleTooOld)
	case ctx.Err() != nil:
		return cache.Say(cache.FactNoAnswer, "time", Timeout)
	}
	return cache.Say(cache.FactUnreachable)
}
