package elasticache

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// DescribeAuthTokenUsageInput asks who uses which credential of a group. No action of
// the original tells.
type DescribeAuthTokenUsageInput struct {
	ReplicationGroupId *string
}

// DescribeAuthTokenUsageOutput is the answer; see [cache.GroupUsage].
type DescribeAuthTokenUsageOutput struct {
	ReplicationGroupId *string
	AsOf               *time.Time
	Complete           *bool                // every node was asked; otherwise all figures are lower bounds
	MissingNodes       []UsageMissingNode   // that could not be asked
	Credentials        []AuthTokenUsage     // those that are accepted, oldest first; then those that are not
	OtherCredentials   *int32               // that are not accepted and not listed
	OtherRefused       *int64               // logins with them
	OnSet              *AuthTokenUsageOnSet // what SET of the newest token would do
}

// UsageMissingNode is a node that could not be asked.
type UsageMissingNode struct {
	CacheClusterId *string
	Reason         *string
	Fact           *Fact // what the reason says
}

// AuthTokenUsage is the use of one credential.
type AuthTokenUsage struct {
	Fingerprint     *string // as in DescribeReplicationGroupAccess, or NONE
	Standing        *string // current, old, new; retired, unknown
	AddedAt         *time.Time
	Connections     *int32
	Authentications *int64
	LastMinute      *int64
	Refused         *int64
	FirstUsed       *time.Time
	LastUsed        *time.Time
	FirstRefused    *time.Time
	LastRefused     *time.Time
	Clients         []AuthTokenClient // most connections first
	OtherClients    *AuthTokenClient  // the sum of those that are not listed; absent if there are none
}

// AuthTokenClient is what is known of one client of a credential.
type AuthTokenClient struct {
	Address        *string
	Name           *string
	Library        *string
	LibraryVersion *string
	Nodes          []string
	Connections    *int32
	Closed         *int64
	Refused        *int64
	FirstSeen      *time.Time
	LastSeen       *time.Time
	FormerNames    []string // of one that was refused before it could give its name
}

// AuthTokenUsageOnSet is what SET of the newest token would do now.
type AuthTokenUsageOnSet struct {
	Guard   *string // the tag aikagi:set-guard
	Quiet   *string // the tag aikagi:set-guard-quiet
	Ends    *string // the credential; absent: there is nothing to SET
	InUse   *bool
	Refused *bool
	Text    *string
	Fact    *Fact // what the text says
}

func (a *API) describeAuthTokenUsage(ctx context.Context, in *DescribeAuthTokenUsageInput) (*DescribeAuthTokenUsageOutput, error) {
	g, err := act.ReadGroup(ctx, a.groups(), act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	usage, err := act.UsageOf(ctx, a.groups(), g)
	if err != nil {
		return nil, err
	}
	forecast := g.ForecastSet(&usage, usage.At)
	out := &DescribeAuthTokenUsageOutput{
		ReplicationGroupId: &g.ID, AsOf: &usage.At, Complete: aws.Bool(len(usage.Missing) == 0), MissingNodes: missingNodes(usage),
		OtherCredentials: aws.Int32(int32(usage.OtherCredentials)), OtherRefused: &usage.OtherRefused,
		OnSet: &AuthTokenUsageOnSet{
			Guard: aws.String(string(forecast.Mode)), Quiet: aws.String(forecast.Quiet.String()), Ends: optional(forecast.Ends),
			InUse: &forecast.InUse, Refused: &forecast.Refused, Text: &forecast.Text.Text, Fact: factOf(forecast.Text),
		},
	}
	for _, c := range usage.Credentials {
		out.Credentials = append(out.Credentials, authTokenUsage(c))
	}
	return out, nil
}

func missingNodes(usage cache.GroupUsage) []UsageMissingNode {
	var nodes []UsageMissingNode
	for _, m := range usage.Missing {
		nodes = append(nodes, UsageMissingNode{CacheClusterId: aws.String(m.NodeID), Reason: aws.String(m.Reason.Text), Fact: factOf(m.Reason)})
	}
	return nodes
}

func authTokenUsage(c cache.KnownCredential) AuthTokenUsage {
	out := AuthTokenUsage{
		Fingerprint: aws.String(c.Credential), Standing: aws.String(string(c.Standing)), AddedAt: instant(c.AddedAt),
		Connections: aws.Int32(int32(c.Connections)), Authentications: aws.Int64(c.Authentications), LastMinute: aws.Int64(c.LastMinute),
		Refused: aws.Int64(c.Refused), FirstUsed: instant(c.FirstUsed), LastUsed: instant(c.LastUsed),
		FirstRefused: instant(c.FirstRefused), LastRefused: instant(c.LastRefused),
	}
	for _, client := range c.Clients {
		out.Clients = append(out.Clients, authTokenClient(client))
	}
	out.OtherClients = otherClients(c.OtherClients)
	return out
}

// otherClients renders the sum of clients that are not listed; nil if there are none.
func otherClients(o cache.ClientUsage) *AuthTokenClient {
	if o.Connections == 0 && o.Closed == 0 && o.Refused == 0 {
		return nil
	}
	others := authTokenClient(o)
	return &others
}

func authTokenClient(c cache.ClientUsage) AuthTokenClient {
	return AuthTokenClient{
		FormerNames: c.Formerly,
		Address:     optional(c.Address), Name: optional(c.Name), Library: optional(c.Library), LibraryVersion: optional(c.LibraryVersion),
		Nodes: c.Nodes, Connections: aws.Int32(int32(c.Connections)), Closed: aws.Int64(c.Closed), Refused: aws.Int64(c.Refused),
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
