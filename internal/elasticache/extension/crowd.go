package extension

import (
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

func nodeCrowd(g *replication.Group, node *replication.Node) *own.NodeCrowd {
	c := node.Crowd
	if c == nil {
		return nil
	}
	fix := g.MendCrowd(node)
	out := &own.NodeCrowd{
		Connections: min(c.Connections, c.Limit), Limit: c.Limit, // the service's own are among them
		Fix: fix.Text, FixFact: factOf(fix), Since: c.Since,
	}
	for _, from := range c.From {
		out.Addresses = append(out.Addresses, own.ClientAddress{Address: from.Address.String(), Connections: from.Connections})
	}
	return out
}
