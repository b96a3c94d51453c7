package own

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache/usage"
)

// DescribeAuthTokenUsage tells who uses which credential of a group, which no action of the original does.
const DescribeAuthTokenUsage Action[GroupInput, Usage] = "DescribeAuthTokenUsage"

// Usage is who uses the credentials of a group; see [usage.Group].
type Usage struct {
	ReplicationGroupId string            `json:"replication_group_id"`
	AsOf               time.Time         `json:"as_of"`
	Complete           bool              `json:"complete"`                // every node was asked; otherwise all figures are lower bounds
	MissingNodes       []MissingNode     `json:"missing_nodes,omitempty"` // that could not be asked
	Credentials        []CredentialUsage `json:"credentials"`             // those that are accepted, oldest first; then those that are not
	OtherCredentials   int32             `json:"other_credentials"`       // that are not accepted and not listed
	OtherRefused       int64             `json:"other_refused"`           // logins with them
	OnSet              SetForecast       `json:"on_set"`
}

// MissingNode is a node that could not be asked.
type MissingNode struct {
	CacheClusterId string `json:"cache_cluster_id"`
	Reason         string `json:"reason"`
	Fact           *Fact  `json:"-"` // what the reason says
}

// CredentialUsage is the use of one credential. Times that are absent have not come.
type CredentialUsage struct {
	Fingerprint     string         `json:"fingerprint"` // as in DescribeReplicationGroupAccess, or NONE
	Standing        usage.Standing `json:"standing"`
	AddedAt         *time.Time     `json:"added_at,omitempty"`
	Connections     int32          `json:"connections"`
	Authentications int64          `json:"authentications"`
	LastMinute      int64          `json:"last_minute"`
	Refused         int64          `json:"refused"`
	FirstUsed       *time.Time     `json:"first_used,omitempty"`
	LastUsed        *time.Time     `json:"last_used,omitempty"`
	FirstRefused    *time.Time     `json:"first_refused,omitempty"`
	LastRefused     *time.Time     `json:"last_refused,omitempty"`
	Clients         []Client       `json:"clients,omitempty"`       // most connections first
	OtherClients    *Client        `json:"other_clients,omitempty"` // the sum of those that are not listed; absent: there are none
}

// Client is what is known of one client of a credential. Connections that say the same about themselves are one.
type Client struct {
	Address        string     `json:"address,omitempty" query:"omitempty"`
	Name           string     `json:"name,omitempty" query:"omitempty"`
	Library        string     `json:"library,omitempty" query:"omitempty"`
	LibraryVersion string     `json:"library_version,omitempty" query:"omitempty"`
	Nodes          []string   `json:"nodes,omitempty"`
	Connections    int32      `json:"connections"`
	Closed         int64      `json:"closed"`
	Refused        int64      `json:"refused"`
	FirstSeen      *time.Time `json:"first_seen,omitempty"`
	LastSeen       *time.Time `json:"last_seen,omitempty"`
	FormerNames    []string   `json:"former_names,omitempty"` // of one that was refused before it could give its name
}

// SetForecast is what SET of the newest token would do now.
type SetForecast struct {
	Guard   string `json:"guard"`                            // the tag aikagi:set-guard
	Quiet   string `json:"quiet"`                            // the tag aikagi:set-guard-quiet
	Ends    string `json:"ends,omitempty" query:"omitempty"` // the credential; absent: there is nothing to SET
	InUse   bool   `json:"in_use"`
	Refused bool   `json:"refused"`
	Text    string `json:"text"`
	Fact    *Fact  `json:"-"` // what the text says
}
