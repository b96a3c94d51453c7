package group

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// session is what one call of Reconcile keeps between its plans: the connections
// to the nodes. Each node is touched by one goroutine at a time.
type session struct {
	*Reconciler
	mu     sync.Mutex // guards admins
	admins map[string]*engine.Admin
}

func newSession(r *Reconciler) *session {
	return &session{Reconciler: r, admins: map[string]*engine.Admin{}}
}

func (s *session) close() {
	for _, admin := range s.admins {
		admin.Close()
	}
}

// admin returns the connection to a node, opening it if there is none.
func (s *session) admin(ctx context.Context, node *cache.Node) (*engine.Admin, error) {
	s.mu.Lock()
	admin := s.admins[node.ID]
	s.mu.Unlock()
	if admin != nil {
		return admin, nil
	}
	dial := func(ctx context.Context) (net.Conn, error) { return s.Provider.Dial(ctx, NodeName(node)) }
	admin, err := engine.ConnectAdmin(ctx, dial, s.Keyring, node.UID)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.admins[node.ID] = admin
	return admin, nil
}

// hangUp drops the connection to a node, whose process may be another one next time.
func (s *session) hangUp(node *cache.Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if admin := s.admins[node.ID]; admin != nil {
		admin.Close()
		delete(s.admins, node.ID)
	}
}

// observe looks at every node of a group at the same time. A node that cannot be
// reached is not serving; that is an observation, not an error.
func (s *session) observe(ctx context.Context, g *cache.ReplicationGroup) Observed {
	observed := make(Observed, len(g.NodeGroup.Nodes))
	var mu sync.Mutex // guards observed
	_ = s.each(g, func(node *cache.Node) error {
		o := s.observeNode(ctx, g, node)
		mu.Lock()
		defer mu.Unlock()
		observed[node.ID] = o
		return nil
	})
	return observed
}

func (s *session) observeNode(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node) NodeObserved {
	name := NodeName(node)
	o := NodeObserved{Process: s.Provider.Inspect(name)}
	if o.Process.Phase != provider.PhaseRunning || g.Status == cache.StatusDeleting {
		s.hangUp(node)
		return o
	}
	admin, err := s.admin(ctx, node)
	if err != nil {
		return o
	}
	view, err := admin.Observe(ctx)
	if err != nil {
		s.hangUp(node)
		return o
	}
	o.Serving, o.View = true, view
	if g.TransitEncryption && view.CertificateFile != "" {
		certificate, err := s.Provider.ReadFile(name, view.CertificateFile)
		names, addresses := certificateNames(g, node)
		o.CertificateDue = err != nil || s.Authority.NeedsRenewal(certificate, s.Now(), names, addresses)
	}
	return o
}

// each calls fn for every node at the same time and returns all errors.
func (s *session) each(g *cache.ReplicationGroup, fn func(*cache.Node) error) error {
	errs := make([]error, len(g.NodeGroup.Nodes))
	var all sync.WaitGroup
	for i := range g.NodeGroup.Nodes {
		all.Go(func() { errs[i] = fn(&g.NodeGroup.Nodes[i]) })
	}
	all.Wait()
	return errors.Join(errs...)
}
