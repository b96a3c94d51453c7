package own

import "time"

// What credentials groups accept, and how they are reached. No action of the original tells.
const (
	DescribeReplicationGroupAccess Action[GroupInput, Access]                                                = "DescribeReplicationGroupAccess"
	ListReplicationGroupAccess     Action[ListReplicationGroupAccessInput, ListReplicationGroupAccessOutput] = "ListReplicationGroupAccess"
)

// ListReplicationGroupAccessInput asks for the access of all groups, a page at a time.
type ListReplicationGroupAccessInput struct {
	MaxRecords *int32
	Marker     *string
}

// ListReplicationGroupAccessOutput is the answer, in the order of the groups' ids.
type ListReplicationGroupAccessOutput struct {
	ReplicationGroups []Access
	Marker            *string
}

// Access is how a group is reached: the credentials that it accepts, and what changes them.
type Access struct {
	ReplicationGroupId string         `json:"id"`
	Status             string         `json:"status"`
	StatusReason       string         `json:"status_reason,omitempty" query:"omitempty"` // the reasons below in one line
	StatusReasons      []StatusReason `json:"-"`                                         // what keeps it from being as it should be; empty: nothing
	EngineVersion      string         `json:"engine_version"`                            // which the original tells of cache clusters only; with its patch, unless another one serves it
	ServedBy           string         `json:"served_by,omitempty" query:"omitempty"`     // the engine and the version that does, by an alias; empty: it is what was asked for
	// PasswordlessOpen says that clients without a token are accepted although the group has one: a rotation was begun and
	// never finished with SET.
	PasswordlessOpen  bool              `json:"passwordless_open"`
	AutomaticFailover bool              `json:"automatic_failover"`
	MultiAZ           bool              `json:"multi_az"`
	Failover          *Failover         `json:"failover,omitempty"`          // under way
	Rotation          *Rotation         `json:"rotation,omitempty"`          // under way
	LastRotation      *Rotation         `json:"last_rotation,omitempty"`     // the newest that is over
	RotationSchedule  *RotationSchedule `json:"rotation_schedule,omitempty"` // absent: none
	Undelivered       string            `json:"-" query:"omitempty"`         // fingerprint of a token that a rotation made and may not have delivered; absent: there is none
	AddressPlan       string            `json:"address_plan"`                // loopback, host, pool
	Move              *Move             `json:"move,omitempty"`              // to another plan, under way; absent: none
	// Exposure says in what ways clients on other machines can reach the group without what should protect it, in one line; empty: in none.
	Exposure        string                `json:"exposure,omitempty" query:"omitempty"`
	ExposureReasons []StatusReason        `json:"-"`                                            // the same, one by one
	PrimaryEndpoint string                `json:"primary_endpoint,omitempty" query:"omitempty"` // host:port
	ReaderEndpoint  string                `json:"reader_endpoint,omitempty" query:"omitempty"`  // host:port
	SecurityGroups  []AccessSecurityGroup `json:"security_groups"`                              // none: everybody may connect
	NetworksLeftOut int32                 `json:"networks_left_out,omitempty"`                  // that rules let in, but for which there is no room at the nodes
	UserGroup       string                `json:"user_group,omitempty" query:"omitempty"`       // whose users clients log in as; empty: the credentials are what counts
	OpenUser        string                `json:"open_user,omitempty" query:"omitempty"`        // id of one of them, who can log in without a password; absent: there is none
	Credentials     []Credential          `json:"credentials"`                                  // oldest first; none with a user group
	Nodes           []AccessNode          `json:"nodes"`
}

// StatusReason is one sentence on what keeps a group from being as it should be.
type StatusReason struct {
	Text string
	Fact *Fact // absent: the words are an engine's or the system's
}

// Credential is one way into a group.
type Credential struct {
	Fingerprint string    `json:"fingerprint"` // the first 12 hexadecimal digits of the token's SHA-256, or NONE
	AddedAt     time.Time `json:"added_at" query:"omitempty"`
}

// AccessSecurityGroup is a security group that a group of caches names.
type AccessSecurityGroup struct {
	SecurityGroupId string `json:"id"`
	GroupName       string `json:"name,omitempty" query:"omitempty"`
	Known           bool   `json:"known"` // its rules are known here; as long as one's are not, everybody may connect
}

// AccessNode is one node of a group.
type AccessNode struct {
	CacheClusterId string     `json:"cache_cluster_id"`
	Role           string     `json:"role"` // primary, replica
	Status         string     `json:"status"`
	Address        string     `json:"address" query:"omitempty"`            // empty: it has none yet
	Endpoint       string     `json:"endpoint,omitempty" query:"omitempty"` // host:port that clients connect to; empty: it has none yet
	Zone           string     `json:"zone"`
	BehindSince    *time.Time `json:"behind_since,omitempty"` // a replica that is too late to be read, and serves nobody; absent: it is not
	Fault          *NodeFault `json:"fault,omitempty"`        // why it cannot start; absent: nothing is known to keep it from that
	Crowd          *NodeCrowd `json:"crowd,omitempty"`        // who has all connections that clients can have; absent: there are some left
}
