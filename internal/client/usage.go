package client

import (
	"context"
	"net/url"
	"time"
)

// TokenUsage is who uses the credentials of a group, as DescribeAuthTokenUsage answers it.
type TokenUsage struct {
	ReplicationGroupID string               `xml:"DescribeAuthTokenUsageResult>ReplicationGroupId" json:"replication_group_id"`
	AsOf               time.Time            `xml:"DescribeAuthTokenUsageResult>AsOf" json:"as_of"`
	Complete           bool                 `xml:"DescribeAuthTokenUsageResult>Complete" json:"complete"` // else all figures are lower bounds
	MissingNodes       []MissingNode        `xml:"DescribeAuthTokenUsageResult>MissingNodes>member" json:"missing_nodes,omitempty"`
	Credentials        []CredentialUsage    `xml:"DescribeAuthTokenUsageResult>Credentials>member" json:"credentials"`
	OtherCredentials   int                  `xml:"DescribeAuthTokenUsageResult>OtherCredentials" json:"other_credentials"`
	OtherRefused       int64                `xml:"DescribeAuthTokenUsageResult>OtherRefused" json:"other_refused"`
	OnSet              CredentialUsageOnSet `xml:"DescribeAuthTokenUsageResult>OnSet" json:"on_set"`
}

// MissingNode is a node that could not be asked.
type MissingNode struct {
	CacheClusterID string `xml:"CacheClusterId" json:"cache_cluster_id"`
	Reason         string `json:"reason"`
}

// CredentialUsage is the use of one credential. Times that have not come are nil.
type CredentialUsage struct {
	Fingerprint     string        `json:"fingerprint"` // or NONE
	Standing        string        `json:"standing"`    // current, old, new; retired, unknown
	AddedAt         *time.Time    `json:"added_at,omitempty"`
	Connections     int           `json:"connections"`
	Authentications int64         `json:"authentications"`
	LastMinute      int64         `json:"last_minute"`
	Refused         int64         `json:"refused"`
	FirstUsed       *time.Time    `json:"first_used,omitempty"`
	LastUsed        *time.Time    `json:"last_used,omitempty"`
	FirstRefused    *time.Time    `json:"first_refused,omitempty"`
	LastRefused     *time.Time    `json:"last_refused,omitempty"`
	Clients         []TokenClient `xml:"Clients>member" json:"clients,omitempty"`
	OtherClients    *TokenClient  `json:"other_clients,omitempty"` // the sum of those that are not listed
}

// Held reports whether the credential is accepted.
func (c CredentialUsage) Held() bool {
	return c.Standing == "current" || c.Standing == "old" || c.Standing == "new"
}

// TokenClient is what is known of one client of a credential.
type TokenClient struct {
	Address        string     `json:"address,omitempty"`
	Name           string     `json:"name,omitempty"`
	Library        string     `json:"library,omitempty"`
	LibraryVersion string     `json:"library_version,omitempty"`
	Nodes          []string   `xml:"Nodes>member" json:"nodes,omitempty"`
	Connections    int        `json:"connections"`
	Closed         int64      `json:"closed"`
	Refused        int64      `json:"refused"`
	FirstSeen      *time.Time `json:"first_seen,omitempty"`
	LastSeen       *time.Time `json:"last_seen,omitempty"`
	FormerNames    []string   `xml:"FormerNames>member" json:"former_names,omitempty"` // of one that was refused before it could give its name
}

// CredentialUsageOnSet is what SET of the newest token would do.
type CredentialUsageOnSet struct {
	Guard   string `json:"guard"`
	Quiet   string `json:"quiet"`
	Ends    string `json:"ends,omitempty"`
	InUse   bool   `json:"in_use"`
	Refused bool   `json:"refused"`
	Text    string `json:"text"`
}

// TokenUsage says who uses the credentials of a group.
func (c *Client) TokenUsage(ctx context.Context, group string) (TokenUsage, error) {
	var usage TokenUsage
	err := c.call(ctx, url.Values{"Action": {"DescribeAuthTokenUsage"}, "ReplicationGroupId": {group}}, &usage)
	return usage, err
}
