package act

import (
	"context"
	"errors"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// Usage asks the nodes of a group who uses its credentials. It takes about a second at
// most; a node that could not be asked is named in the answer. The error is that ctx ended.
type Usage func(ctx context.Context, g *replication.Group) (usage.Group, error)

// usageAsks is how often a change asks for usage before it takes it for unknown: the
// token set would have to change each time in between.
const usageAsks = 3

// errAskFirst breaks off a transaction that has to know more.
var errAskFirst = errors.New("usage is to be asked for first")

// mustAsk reports whether the change's question has no answer yet that is about the group's token set.
func (c *groupChange) mustAsk(g *replication.Group) bool {
	return c.question != nil && c.asked < usageAsks && g.UsageWanted(*c.question)
}

// ask asks the nodes of a group. It runs between transactions, so that no other change has to wait for them.
func (c *groupChange) ask(ctx context.Context, g *replication.Group) error {
	c.asked++
	usage, err := UsageOf(ctx, c.Groups, g)
	if err != nil {
		return err
	}
	c.question.Usage = &usage
	return nil
}

// UsageOf asks who uses a group's credentials. Where nobody can ask, every node is missing in the answer. The error is that ctx
// ended.
func UsageOf(ctx context.Context, d Groups, g *replication.Group) (usage.Group, error) {
	if d.Usage != nil {
		return d.Usage(ctx, g)
	}
	var missing []usage.MissingNode
	for _, node := range g.Nodes() {
		missing = append(missing, usage.MissingNode{NodeID: node.ID, Reason: cache.Say(cache.FactNobodyAsks)})
	}
	return g.Usage(nil, missing, d.Now()), nil
}
