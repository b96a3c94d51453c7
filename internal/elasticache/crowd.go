package elasticache

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
)

// NodeCrowd is who has all connections that a node has for clients; see [cache.Crowd].
type NodeCrowd struct {
	Connections *int64
	Limit       *int64
	Addresses   []ClientAddress // that most come from, most first
	Fix         *string         // what to do about it
	FixFact     *Fact
	Since       *time.Time
}

// ClientAddress is an address that clients connect from.
type ClientAddress struct {
	Address     *string
	Connections *int64
}

func nodeCrowd(g *cache.ReplicationGroup, node *cache.Node) *NodeCrowd {
	c := node.Crowd
	if c == nil {
		return nil
	}
	fix := g.MendCrowd(node)
	out := &NodeCrowd{
		Connections: aws.Int64(min(c.Connections, c.Limit)), Limit: aws.Int64(c.Limit), // the service's own are among them
		Fix: aws.String(fix.Text), FixFact: factOf(fix), Since: instant(c.Since),
	}
	for _, from := range c.From {
		out.Addresses = append(out.Addresses, ClientAddress{Address: aws.String(from.Address.String()), Connections: aws.Int64(from.Connections)})
	}
	return out
}
