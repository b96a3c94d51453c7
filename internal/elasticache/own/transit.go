package own

import "time"

// DescribeTransitEncryptionUsage tells who connects to a group without TLS, which no action of the original does.
const DescribeTransitEncryptionUsage Action[GroupInput, TransitUsage] = "DescribeTransitEncryptionUsage"

// TransitUsage is how the clients of a group connect.
type TransitUsage struct {
	ReplicationGroupId string           `json:"replication_group_id"`
	AsOf               time.Time        `json:"as_of"`
	Mode               string           `json:"mode"`                     // none, preferred or required
	Complete           bool             `json:"complete"`                 // every node was asked; otherwise all figures are lower bounds
	MissingNodes       []MissingNode    `json:"missing_nodes,omitempty"`  // that could not be asked
	GatelessNodes      []string         `json:"gateless_nodes,omitempty"` // that cannot change the mode until they are rebooted: an earlier release has started them
	TlsConnections     int32            `json:"tls_connections"`          // of clients, open now
	Plaintext          PlaintextUse     `json:"plaintext"`
	OnRequired         RequiredForecast `json:"on_required"`
}

// PlaintextUse is the use of a group without TLS. Times that are absent have not come.
type PlaintextUse struct {
	Connections  int32      `json:"connections"` // open now
	Opened       int64      `json:"opened"`      // that asked for something, of all that there ever were
	LastMinute   int64      `json:"last_minute"` // of them, those of the last 60 seconds
	FirstUsed    *time.Time `json:"first_used,omitempty"`
	LastUsed     *time.Time `json:"last_used,omitempty"`
	Clients      []Client   `json:"clients,omitempty"`       // most connections first
	OtherClients *Client    `json:"other_clients,omitempty"` // the sum of those that are not listed; absent: there are none
}

// RequiredForecast is what TransitEncryptionMode required would do now.
type RequiredForecast struct {
	Guard   string `json:"guard"` // the tag aikagi:tls-guard
	Quiet   string `json:"quiet"` // the tag aikagi:tls-guard-quiet
	InUse   bool   `json:"in_use"`
	Refused bool   `json:"refused"`
	Text    string `json:"text"`
	Fact    *Fact  `json:"-"` // what the text says
}
