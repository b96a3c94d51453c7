package group

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// session is what one call of Reconcile keeps between its plans: the connections
// to the nodes. Each node is touched by one goroutine at a time.
type session struct {
	*Reconciler
	uses Uses // of the group, as it was read last

	mu    sync.Mutex // guards links
	links map[string]*link

	suspecting bool // an address is occupied, and it is not certain yet that it is taken
}

func newSession(r *Reconciler) *session {
	return &session{Reconciler: r, links: map[string]*link{}}
}

func (s *session) close() {
	for _, l := range s.links {
		l.close()
	}
}

// observe looks at every node of a group at the same time. A node that cannot be
// reached is not serving; that is an observation, not an error.
func (s *session) observe(ctx context.Context, g *replication.Group) Observed {
	observed := make(Observed, len(g.Nodes()))
	limit, settings := s.observeLimit(g), s.settings(g)
	var mu sync.Mutex // guards observed
	_ = s.each(g, func(node *replication.Node) error {
		o := s.observeNode(ctx, g, node, limit, settings)
		mu.Lock()
		defer mu.Unlock()
		observed[node.ID] = o
		return nil
	})
	s.measure(ctx, g, observed)
	return observed
}

// How long a node's answer is waited for; the second while nobody takes writes. A node
// that is busy for longer is not serving; whether it hangs is for package health to say.
const (
	observeLimit = 500 * time.Millisecond
	hurriedLimit = 100 * time.Millisecond
)

func (s *session) observeLimit(g *replication.Group) time.Duration {
	for i := range g.Shards {
		f := g.Shards[i].Failover
		promoting := f != nil && f.GivenUp.Empty() && f.PromotedAt.IsZero()
		if promoting || g.AutomaticFailover && s.Provider.Inspect(provider.NameOf(g.Shards[i].Primary())).Phase == provider.PhaseStopped {
			return hurriedLimit
		}
	}
	return observeLimit
}

func (s *session) observeNode(ctx context.Context, g *replication.Group, node *replication.Node, limit time.Duration, settings []engine.Setting) NodeObserved {
	name := provider.NameOf(node)
	o := NodeObserved{Process: s.Provider.Inspect(name)}
	if g.DataKey != nil && o.Process.Phase == provider.PhaseStopped && g.Status != cache.StatusDeleting && s.opensAtOnce(g) && s.seal(ctx, g, node) == nil {
		o.Process = s.Provider.Inspect(name) // what its files say is known now. That they stay closed, its start will say.
	}
	if o.Process.Phase != provider.PhaseRunning || g.Status == cache.StatusDeleting {
		o.LastOffset = s.Health.Verdict(name).Offset
		s.observeEnd(name, &o)
		s.hangUp(node)
		return o
	}
	if verdict := s.Health.Verdict(name); verdict.Hung {
		o.HungSince, o.LastOffset = verdict.Since, verdict.Offset
		s.hangUp(node)
		return o
	}
	o.ShareDue = provider.Shares(s.Provider) && o.Process.VCPUs != cache.NodeVCPUs(g.NodeType)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) (err error) {
		o.AskedAt = time.Now()
		o.View, err = admin.Observe(ctx, settings...)
		o.HeardAt = time.Now()
		return err
	})
	if err != nil {
		return o
	}
	view := o.View
	o.Serving = true
	if view.CertificateFile != "" {
		certificate, err := s.Provider.ReadFile(name, view.CertificateFile)
		names, addresses := s.certificateNames(g, node)
		o.CertificateDue = err != nil || s.Authority.NeedsRenewal(certificate, s.Now(), names, addresses)
	}
	return o
}

// watchSilent is the age from which a process is watched that has not answered yet: one
// that was taken over may have been hanging for long.
const watchSilent = 5 * time.Second

// watch has the nodes' health looked after, a primary's closely if a replica is to
// take its place.
func (s *session) watch(g *replication.Group, observed Observed) {
	for _, node := range g.Nodes() {
		o := observed[node.ID]
		switch {
		case o.Serving && !o.View.Loading, running(o) && s.Now().Sub(o.Process.StartedAt) > watchSilent:
			s.Health.Watch(provider.NameOf(node), g.AutomaticFailover && g.IsPrimary(node.ID))
		case o.Process.Phase == provider.PhaseAbsent:
			s.Health.Forget(provider.NameOf(node))
		}
	}
}

// each calls fn for every node at the same time and returns all errors.
func (s *session) each(g *replication.Group, fn func(*replication.Node) error) error {
	nodes := g.Nodes()
	errs := make([]error, len(nodes))
	var all sync.WaitGroup
	for i, node := range nodes {
		all.Go(func() { errs[i] = fn(node) })
	}
	all.Wait()
	return errors.Join(errs...)
}
