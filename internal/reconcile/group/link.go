package group

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/health"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/reach"
)

// link is a session's connection to one node. It is cut when the node is found to hang:
// whoever waits for an answer then need not wait any longer.
type link struct {
	*engine.Admin
	cut context.CancelFunc
}

func (l *link) close() {
	l.cut()
	l.Close()
}

// ConnectHealth returns what a health monitor connects to nodes with.
func ConnectHealth(nodes reach.Nodes) func(context.Context, provider.NodeName) (health.Pinger, error) {
	return func(ctx context.Context, node provider.NodeName) (health.Pinger, error) {
		return nodes.Connect(ctx, node)
	}
}

func (r *Reconciler) nodes() reach.Nodes {
	return reach.Nodes{Provider: r.Provider, Keyring: r.Keyring}
}

// link returns the connection to a node, opening it if there is none.
func (s *session) link(ctx context.Context, node *replication.Node) (*link, error) {
	s.mu.Lock()
	l := s.links[node.ID]
	s.mu.Unlock()
	if l != nil {
		return l, nil
	}
	name := provider.NameOf(node)
	life, cut := s.Health.Guard(context.WithoutCancel(ctx), name)
	defer context.AfterFunc(ctx, cut)() // until it stands
	admin, err := s.nodes().Connect(life, name)
	if err != nil {
		cut()
		return nil, err
	}
	l = &link{Admin: admin, cut: cut}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links[node.ID] = l
	return l, nil
}

// hangUp drops the connection to a node, whose process may be another one next time.
func (s *session) hangUp(node *replication.Node) {
	s.mu.Lock()
	l := s.links[node.ID]
	delete(s.links, node.ID)
	s.mu.Unlock()
	if l != nil {
		l.close()
	}
}

// withAdmin hands out the connection to a node, until ctx ends, and drops it after an
// error that is not the engine's own answer.
func (s *session) withAdmin(ctx context.Context, node *replication.Node, fn func(*engine.Admin) error) error {
	l, err := s.link(ctx, node)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, l.cut)()
	if err := fn(l.Admin); err != nil {
		if !engine.IsRefused(err) {
			s.hangUp(node)
		}
		return err
	}
	return nil
}
