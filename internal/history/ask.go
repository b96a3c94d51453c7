package history

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// answer is what a node said, or that it did not.
type answer struct {
	at       time.Time
	counters *engine.Counters // nil: it did not answer
}

// sampleGroup asks all nodes of a group and keeps their answers, unless ctx ended.
func (h *History) sampleGroup(ctx context.Context, g *replication.Group) bool {
	answers := h.askAll(ctx, g)
	if ctx.Err() != nil {
		return false
	}
	h.keep(g, newSamples(g, answers))
	if slices.ContainsFunc(answers, func(a answer) bool { return a.counters != nil && a.counters.Crowded() }) {
		h.Crowded(g.Key())
	}
	return true
}

// askAll asks all nodes of a group at once.
func (h *History) askAll(ctx context.Context, g *replication.Group) []answer {
	nodes := g.Nodes()
	answers := make([]answer, len(nodes))
	var all sync.WaitGroup
	for i := range nodes {
		all.Go(func() { answers[i] = h.ask(ctx, nodes[i]) })
	}
	all.Wait()
	return answers
}

// ask asks a node, for [Timeout] at the most.
func (h *History) ask(ctx context.Context, node *replication.Node) answer {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	counters, err := h.Nodes.Counters(ctx, provider.NameOf(node))
	if err != nil {
		h.Logger.Debug("node not sampled", "node", node.ID, "error", err)
		return answer{at: h.Now()}
	}
	return answer{at: h.Now(), counters: &counters}
}
