package extension

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// Refusals returns the connections that a group's nodes did not let in.
type Refusals func(context.Context, *replication.Group) usage.Refusals

// DescribeRefusedConnections is the action [own.DescribeRefusedConnections].
func (h Handlers) DescribeRefusedConnections(ctx context.Context, in *own.GroupInput) (*own.RefusedConnections, error) {
	g, err := act.ReadGroup(ctx, h.Groups, act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	known := usage.Refusals{At: h.Now()}
	if h.Refusals != nil {
		known = h.Refusals(ctx, g)
	}
	out := &own.RefusedConnections{
		ReplicationGroupId: g.ID, AsOf: known.At, Complete: len(known.Missing) == 0, MissingNodes: missingNodes(known.Missing),
		Refused: refused(known.Total), Sources: []own.RefusedFrom{},
	}
	for _, s := range known.Sources {
		out.Sources = append(out.Sources, own.RefusedFrom{Address: s.From.String(), LastAt: s.LastAt, Refused: refused(s.Refused)})
	}
	for _, node := range g.Nodes() {
		if gate, asked := known.Gates[node.ID]; asked {
			out.Gates = append(out.Gates, own.NodeGate{
				CacheClusterId: node.ID, Listeners: int32(gate.Listeners), TLS: int64(gate.TLS), Plaintext: int64(gate.Plaintext),
				Waiting: int32(gate.Waiting), QueuedMost: int32(gate.QueuedMost), Refused: refused(known.ByNode[node.ID]),
			})
		}
	}
	return out, nil
}

func refused(r usage.Refused) own.Refused {
	return own.Refused{Rules: r.Rules, Mode: r.Mode, Silence: r.Silence, Clients: r.Clients, Queue: r.Queue, Source: r.Source}
}
