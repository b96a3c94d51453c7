package client

import (
	"context"
	"net/url"
	"time"
)

// Access is what DescribeReplicationGroupAccess answers: how a group is reached, and which
// credentials it accepts.
type Access struct {
	ReplicationGroupID string            `xml:"ReplicationGroupId" json:"id"`
	Status             string            `json:"status"`
	StatusReason       string            `json:"status_reason,omitempty"`
	EngineVersion      string            `json:"engine_version"`
	PasswordlessOpen   bool              `json:"passwordless_open"`
	AutomaticFailover  bool              `json:"automatic_failover"`
	MultiAZ            bool              `json:"multi_az"`
	PrimaryEndpoint    string            `json:"primary_endpoint,omitempty"`
	ReaderEndpoint     string            `json:"reader_endpoint,omitempty"`
	Failover           *Failover         `json:"failover,omitempty"`          // under way
	Rotation           *Rotation         `json:"rotation,omitempty"`          // under way
	LastRotation       *Rotation         `json:"last_rotation,omitempty"`     // the newest that is over
	RotationSchedule   *RotationSchedule `json:"rotation_schedule,omitempty"` // nil: none
	Credentials        []Credential      `xml:"Credentials>member" json:"credentials"`
	Nodes              []Node            `xml:"Nodes>member" json:"nodes"`
}

// Credential is one way into a group.
type Credential struct {
	Fingerprint string    `json:"fingerprint"` // or NONE
	AddedAt     time.Time `json:"added_at"`
}

// NeedsToken reports whether nobody gets in without a token.
func (a Access) NeedsToken() bool {
	for _, c := range a.Credentials {
		if c.Fingerprint == "NONE" {
			return false
		}
	}
	return len(a.Credentials) > 0
}

// Node is one node of a group.
type Node struct {
	CacheClusterID string `xml:"CacheClusterId" json:"cache_cluster_id"`
	Role           string `json:"role"`
	Status         string `json:"status"`
	Address        string `json:"address"`
	Zone           string `json:"zone"`

	BehindSince *time.Time `json:"behind_since,omitempty"` // a replica that is too late to be read; nil: it is not
	Fault       *NodeFault `json:"fault,omitempty"`        // nil: nothing is known to keep it from starting
	Crowd       *NodeCrowd `json:"crowd,omitempty"`        // nil: clients have not all connections that they can have
}

// NodeCrowd is who has all connections that a node has for clients.
type NodeCrowd struct {
	Connections int64     `json:"connections"`
	Limit       int64     `json:"limit"`
	Addresses   []Address `xml:"Addresses>member" json:"addresses"` // that most come from, most first
	Fix         string    `json:"fix"`
	Since       time.Time `json:"since"`
}

// Address is one that clients connect from.
type Address struct {
	Address     string `json:"address"`
	Connections int64  `json:"connections"`
}

// Access says which credentials a group accepts.
func (c *Client) Access(ctx context.Context, group string) (Access, error) {
	var out struct {
		Access Access `xml:"DescribeReplicationGroupAccessResult"`
	}
	err := c.call(ctx, url.Values{"Action": {"DescribeReplicationGroupAccess"}, "ReplicationGroupId": {group}}, &out)
	return out.Access, err
}

// allAccess says it of every group.
func (c *Client) allAccess(ctx context.Context) (map[string]Access, error) {
	form := url.Values{"Action": {"ListReplicationGroupAccess"}}
	all := map[string]Access{}
	for {
		var page struct {
			Groups []Access `xml:"ListReplicationGroupAccessResult>ReplicationGroups>member"`
			Marker string   `xml:"ListReplicationGroupAccessResult>Marker"`
		}
		if err := c.call(ctx, form, &page); err != nil {
			return nil, err
		}
		for _, a := range page.Groups {
			all[a.ReplicationGroupID] = a
		}
		if page.Marker == "" {
			return all, nil
		}
		form.Set("Marker", page.Marker)
	}
}
