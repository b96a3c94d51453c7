package health

import (
	"context"
	"errors"

	"github.com/aikagi/aikagi/internal/provider"
)

// ErrHung is why a context of [Monitor.Guard] ended.
var ErrHung = errors.New("node does not answer")

// guard is a context that a verdict ends.
type guard struct{ end context.CancelCauseFunc }

// Guard returns a ctx for work that needs the node: it ends with the cause [ErrHung]
// when the verdict falls, at once if it has fallen, so that nobody waits for a node that is
// given up. The node need not be watched yet. The caller calls the CancelFunc when
// the work is done.
func (m *Monitor) Guard(ctx context.Context, node provider.NodeName) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	g := &guard{end: end}
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.nodes[node]; w != nil && w.verdict.Hung {
		end(ErrHung)
		return ctx, func() {}
	}
	if m.guards[node] == nil {
		m.guards[node] = make(map[*guard]struct{})
	}
	m.guards[node][g] = struct{}{}
	return ctx, func() { m.release(node, g) }
}

func (m *Monitor) release(node provider.NodeName, g *guard) {
	g.end(nil)
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.guards[node], g)
	if len(m.guards[node]) == 0 {
		delete(m.guards, node)
	}
}

// endGuards needs m.mu.
func (m *Monitor) endGuards(node provider.NodeName) {
	for g := range m.guards[node] {
		g.end(ErrHung)
	}
	delete(m.guards, node)
}
