package act

import (
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// NodeStatus is the node's own, and its group's while the group is being changed.
func NodeStatus(g *replication.Group, node *replication.Node) cache.Status {
	if node.Status == cache.StatusAvailable {
		return g.Status
	}
	return node.Status
}

// TokenStatus says what a token change is doing; it is empty when none is under way.
func TokenStatus(g *replication.Group) types.AuthTokenUpdateStatus {
	switch g.TokenChange {
	case token.StrategyRotate:
		return types.AuthTokenUpdateStatusRotating
	case token.StrategySet:
		return types.AuthTokenUpdateStatusSetting
	}
	return ""
}

// TransitMode is how clients of the group connect; empty without encryption.
func TransitMode(g *replication.Group) types.TransitEncryptionMode {
	return types.TransitEncryptionMode(g.TransitInForce())
}

// PendingTransit is how they will, while that is being changed; nothing, if it is not.
func PendingTransit(g *replication.Group) (enabled *bool, mode types.TransitEncryptionMode) {
	if g.TransitFrom == nil {
		return nil, ""
	}
	return aws.Bool(g.Transit.TLS()), types.TransitEncryptionMode(g.Transit)
}

// Optional is a text that is absent when it is empty.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Endpoint is where clients reach one of the group's addresses; nil if it has none.
func (d Groups) Endpoint(g *replication.Group, at netip.AddrPort) *types.Endpoint {
	if !at.IsValid() {
		return nil
	}
	return &types.Endpoint{Address: aws.String(d.Host(g, at)), Port: aws.Int32(int32(at.Port()))}
}

// Host is what clients connect to: the name of one of the group's addresses where
// it has one, else the address.
func (d Groups) Host(g *replication.Group, at netip.AddrPort) string {
	if d.HostName == nil {
		return at.Addr().String()
	}
	return d.HostName(g, at)
}

// PendingVersion is the engine version that the group is to have, while it is brought to the nodes or waits for the maintenance window;
// nil if there is none.
func PendingVersion(g *replication.Group) *string {
	switch waits := g.Deferred.Version.To.Asked.Version; {
	case waits != "":
		return &waits
	case g.Upgrade != nil:
		return aws.String(g.Asked().Version)
	}
	return nil
}
