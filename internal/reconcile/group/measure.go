package group

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/lag"
	"github.com/aikagi/aikagi/internal/provider"
)

// measure finds out how late the replicas are, once all nodes were looked at. The times are of the
// machine's own clock, which is not the one that decides.
func (s *session) measure(ctx context.Context, g *replication.Group, observed Observed) {
	for i := range g.Shards {
		p := planner{group: g, shard: &g.Shards[i], observed: observed, now: s.Now()}
		if waiting := s.measureShard(&p); len(waiting) > 0 {
			s.measureClosely(ctx, &p, waiting)
		}
	}
}

// measureShard finds out how late the replicas of a shard are, as far as their answers tell. It returns those that are worth
// another look.
func (s *session) measureShard(p *planner) (waiting []*replication.Node) {
	if len(p.shard.Nodes) < 2 || !p.primaryServes() {
		return nil
	}
	primary, key := p.shard.Primary(), p.stream()
	var names []provider.NodeName
	for _, node := range p.shard.Replicas() {
		names = append(names, provider.NameOf(node))
	}
	s.Lags.Follow(key, provider.NameOf(primary), names)
	s.Lags.Wrote(key, p.observed[primary.ID].answer())
	for _, node := range p.shard.Replicas() {
		o := p.observed[node.ID]
		if !p.stays(node) || o.View.PrimaryAt != p.at(primary) {
			continue
		}
		o.Lag = s.Lags.Judge(key, provider.NameOf(node), o.answer())
		p.observed[node.ID] = o
		closed := node.Behind() || !slices.Contains(o.View.Listen, node.Address)
		if (closed || p.returns(node)) && o.View.LinkUp && p.fed(node) {
			waiting = append(waiting, node)
		}
	}
	return waiting
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
func (s *session) measureClosely(ctx context.Context, p *planner, replicas []*replication.Node) {
	ctx, cancel := context.WithTimeout(ctx, observeLimit)
	defer cancel()
	each := func(fn func(*replication.Node)) {
		var all sync.WaitGroup
		for _, node := range replicas {
			all.Go(func() { fn(node) })
		}
		all.Wait()
	}
	each(func(node *replication.Node) {
		if err := s.nodes().Acknowledge(ctx, provider.NameOf(node)); err != nil {
			s.Logger.Debug("have replica acknowledge", "node", node.ID, "error", err)
		}
	})
	a, err := s.askOffset(ctx, p.shard.Primary())
	if err != nil {
		return // as if nothing were known: the doors stay closed
	}
	s.Lags.Wrote(p.stream(), a)
	var mu sync.Mutex // guards observed
	each(func(node *replication.Node) {
		a, err := s.askOffset(ctx, node)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		o := p.observed[node.ID]
		o.Lag = s.Lags.Judge(p.stream(), provider.NameOf(node), a)
		p.observed[node.ID] = o
	})
}

func (s *session) askOffset(ctx context.Context, node *replication.Node) (a lag.Answer, err error) {
	a.Asked = time.Now()
	err = s.withAdmin(ctx, node, func(admin *engine.Admin) (err error) {
		a.Offset, err = admin.Offset(ctx)
		return err
	})
	a.Heard = time.Now()
	return a, err
}
