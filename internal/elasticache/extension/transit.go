package extension

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// DescribeTransitEncryptionUsage is the action [own.DescribeTransitEncryptionUsage].
func (h Handlers) DescribeTransitEncryptionUsage(ctx context.Context, in *own.GroupInput) (*own.TransitUsage, error) {
	g, err := act.ReadGroup(ctx, h.Groups, act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	usage, err := act.UsageOf(ctx, h.Groups, g)
	if err != nil {
		return nil, err
	}
	forecast := g.ForecastRequired(&usage, usage.At)
	p := usage.Plaintext
	out := &own.TransitUsage{
		ReplicationGroupId: g.ID, AsOf: usage.At, Mode: g.TransitInForce().String(), Complete: len(usage.Missing) == 0 && len(usage.Gateless) == 0,
		MissingNodes: missingNodes(usage.Missing), GatelessNodes: usage.Gateless, TlsConnections: int32(usage.OverTLS),
		Plaintext: own.PlaintextUse{
			Connections: int32(p.Connections), Opened: p.Authentications, LastMinute: p.LastMinute,
			FirstUsed: instant(p.FirstUsed), LastUsed: instant(p.LastUsed), OtherClients: otherClients(p.OtherClients),
		},
		OnRequired: own.RequiredForecast{
			Guard: string(forecast.Mode), Quiet: forecast.Quiet.String(), InUse: forecast.InUse, Refused: forecast.Refused,
			Text: forecast.Text.Text, Fact: factOf(forecast.Text),
		},
	}
	for _, client := range p.Clients {
		out.Plaintext.Clients = append(out.Plaintext.Clients, tokenClient(client))
	}
	return out, nil
}
