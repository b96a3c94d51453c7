package group

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
)

// This file notices that clients have all the connections of a node that they may have. Nothing is done about it: the
// service has places of its own, and people decide which clients have to go.

const (
	// crowdLookEvery is how often a node is looked at whose connections are full; otherwise package history
	// notices, which asks every node once a minute.
	crowdLookEvery = 5 * time.Second
	// crowdAskEvery is how often it is asked who has them, for a list of all connections.
	crowdAskEvery = time.Minute
	// busiestClients is how many addresses are named.
	busiestClients = 3
)

// crowds has it written down when a node's connections are full, and when a twentieth of them is free again,
// so that a crowd that comes and goes is one crowd.
func (p *planner) crowds() {
	for i := range p.shard.Nodes {
		node := &p.shard.Nodes[i]
		o := p.observed[node.ID]
		if !o.Serving || o.View.ClientLimit == 0 || p.group.Leaving(node) || node.Status == cache.StatusCreating {
			continue
		}
		limit, was := o.View.ClientLimit, node.Crowd
		switch full := o.View.Crowded(); {
		case full && (was == nil || p.now.Sub(was.AskedAt) >= crowdAskEvery):
			p.add(Step{Kind: StepNoteCrowd, NodeID: node.ID, Crowd: &replication.Crowd{Connections: o.View.Clients, Limit: limit}})
		case was != nil && o.View.Clients < limit-limit/20:
			p.add(Step{Kind: StepNoteCrowd, NodeID: node.ID})
		case was != nil:
			p.lookAgain(crowdLookEvery)
		}
	}
}

// crowdLimit is for the list of a node's clients: with 65,000 of them it takes an engine a fifth of a second, and more where the machine is as busy as such a crowd
// makes it.
const crowdLimit = 5 * time.Second

// noteCrowd asks who has a node's connections. If that cannot be found out, the crowd is noted all the same.
func (s *session) noteCrowd(ctx context.Context, node *replication.Node, crowd *replication.Crowd) note {
	now := s.Now()
	if crowd != nil {
		ctx, cancel := context.WithTimeout(ctx, crowdLimit)
		defer cancel()
		crowd.AskedAt = now
		err := s.withAdmin(ctx, node, func(admin *engine.Admin) (err error) {
			crowd.From, err = admin.BusiestClients(ctx, busiestClients)
			return err
		})
		if err != nil {
			s.Logger.Warn("node does not say who its clients are", "node", node.ID, "error", err)
		}
	}
	return func(g *replication.Group) []cache.Event { return g.NoteCrowd(node.ID, crowd, now) }
}
