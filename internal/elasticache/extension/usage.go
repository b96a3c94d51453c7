package extension

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// DescribeAuthTokenUsage is the action [own.DescribeAuthTokenUsage].
func (h Handlers) DescribeAuthTokenUsage(ctx context.Context, in *own.GroupInput) (*own.Usage, error) {
	g, err := act.ReadGroup(ctx, h.Groups, act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	usage, err := act.UsageOf(ctx, h.Groups, g)
	if err != nil {
		return nil, err
	}
	forecast := g.ForecastSet(&usage, usage.At)
	out := &own.Usage{
		ReplicationGroupId: g.ID, AsOf: usage.At, Complete: len(usage.Missing) == 0, MissingNodes: missingNodes(usage.Missing),
		OtherCredentials: int32(usage.OtherCredentials), OtherRefused: usage.OtherRefused,
		OnSet: own.SetForecast{
			Guard: string(forecast.Mode), Quiet: forecast.Quiet.String(), Ends: forecast.Ends,
			InUse: forecast.InUse, Refused: forecast.Refused, Text: forecast.Text.Text, Fact: factOf(forecast.Text),
		},
	}
	for _, c := range usage.Credentials {
		out.Credentials = append(out.Credentials, credentialUsage(c))
	}
	return out, nil
}

func missingNodes(missing []usage.MissingNode) []own.MissingNode {
	var nodes []own.MissingNode
	for _, m := range missing {
		nodes = append(nodes, own.MissingNode{CacheClusterId: m.NodeID, Reason: m.Reason.Text, Fact: factOf(m.Reason)})
	}
	return nodes
}

func credentialUsage(c usage.Known) own.CredentialUsage {
	out := own.CredentialUsage{
		Fingerprint: c.Credential, Standing: c.Standing, AddedAt: instant(c.AddedAt),
		Connections: int32(c.Connections), Authentications: c.Authentications, LastMinute: c.LastMinute,
		Refused: c.Refused, FirstUsed: instant(c.FirstUsed), LastUsed: instant(c.LastUsed),
		FirstRefused: instant(c.FirstRefused), LastRefused: instant(c.LastRefused),
	}
	for _, client := range c.Clients {
		out.Clients = append(out.Clients, tokenClient(client))
	}
	out.OtherClients = otherClients(c.OtherClients)
	return out
}

// otherClients renders the sum of clients that are not listed; nil if there are none.
func otherClients(o usage.Client) *own.Client {
	if o.Connections == 0 && o.Closed == 0 && o.Refused == 0 {
		return nil
	}
	others := tokenClient(o)
	return &others
}

func tokenClient(c usage.Client) own.Client {
	return own.Client{
		Address: c.Address, Name: c.Name, Library: c.Library, LibraryVersion: c.LibraryVersion, FormerNames: c.Formerly,
		Nodes: c.Nodes, Connections: int32(c.Connections), Closed: c.Closed, Refused: c.Refused,
		FirstSeen: instant(c.FirstSeen), LastSeen: instant(c.LastSeen),
	}
}

// instant is a time that may not have come.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
