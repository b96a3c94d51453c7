package group

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/lag"
	"github.com/aikagi/aikagi/internal/provider"
)

// measure finds out how late the replicas are, once all nodes were looked at. The times are of the
// machine's own clock, which is not the one that decides.
func (s *session) measure(ctx context.Context, g *cache.ReplicationGroup, observed Observed) {
	p := planner{group: g, observed: observed, now: s.Now()}
	if len(g.NodeGroup.Nodes) < 2 || !p.primaryServes() {
		return
	}
	primary, key := g.Primary(), g.Key()
	var names []provider.NodeName
	for _, node := range g.Replicas() {
		names = append(names, provider.NameOf(node))
	}
	s.Lags.Follow(key, provider.NameOf(primary), names)
	s.Lags.Wrote(key, observed[primary.ID].answer())
	var waiting []*cache.Node
	for _, node := range g.Replicas() {
		o := observed[node.ID]
		if !p.stays(node) || o.View.PrimaryAt != p.at(primary) {
			continue
		}
		o.Lag = s.Lags.Judge(key, provider.NameOf(node), o.answer())
		observed[node.ID] = o
		closed := node.Behind() || !slices.Contains(o.View.Listen, node.Address)
		if (closed || p.returns(node)) && o.View.LinkUp && p.fed(node) {
			waiting = append(waiting, node)
		}
	}
	if len(waiting) > 0 {
		s.measureClosely(ctx, g, waiting, observed)
	}
}

func (o NodeObserved) answer() lag.Answer {
	a := lag.Answer{Offset: o.View.Offset, Asked: o.AskedAt, Heard: o.HeardAt}
	if o.View.Role == engine.RoleReplica && !o.View.LinkUp && a.Offset <= 1 {
		a.Offset = -1 // it copies all data anew; the engines say 1 meanwhile
	}
	return a
}

// measureClosely asks the primary first, and then the replicas that are waited for: one that is in sync is found to
// be so at once, unless somebody writes all the time, when it is at the next look.
func (s *session) measureClosely(ctx context.Context, g *cache.ReplicationGroup, replicas []*cache.Node, observed Observed) {
	ctx, cancel := context.WithTimeout(ctx, observeLimit)
	defer cancel()
	each := func(fn func(*cache.Node)) {
		var all sync.WaitGroup
		for _, node := range replicas {
			all.Go(func() { fn(node) })
		}
		all.Wait()
	}
	each(func(node *cache.Node) {
		if err := s.nodes().Acknowledge(ctx, provider.NameOf(node)); err != nil {
			s.Logger.Debug("have replica acknowledge", "node", node.ID, "error", err)
		}
	})
	a, err := s.askOffset(ctx, g.Primary())
	if err != nil {
		return // as if nothing were known: the doors stay closed
	}
	s.Lags.Wrote(g.Key(), a)
	var mu sync.Mutex // guards observed
	each(func(node *cache.Node) {
		a, err := s.askOffset(ctx, node)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		o := observed[node.ID]
		o.Lag = s.Lags.Judge(g.Key(), provider.NameOf(node), a)
		observed[node.ID] = o
	})
}

func (s *session) askOffset(ctx context.Context, node *cache.Node) (a lag.Answer, err error) {
	a.Asked = time.Now()
	err = s.withAdmin(ctx, node, func(admin *engine.Admin) (err error) {
		a.Offset, err = admin.Offset(ctx)
		return err
	})
	a.Heard = time.Now()
	return a, err
}
