package own

import "time"

// Security groups: who may connect to the caches that name them. The original has those of EC2; these are our own, and those of EC2
// that caches name, if aikagi serves with an EC2 API. Those are changed there.
const (
	// CreateSecurityGroup makes a group. One without rules lets nobody in.
	CreateSecurityGroup    Action[CreateSecurityGroupInput, SecurityGroupOutput]             = "CreateSecurityGroup"
	DescribeSecurityGroups Action[DescribeSecurityGroupsInput, DescribeSecurityGroupsOutput] = "DescribeSecurityGroups"
	// AuthorizeSecurityGroupIngress adds a rule. It holds for all caches that name the group, at once.
	AuthorizeSecurityGroupIngress Action[SecurityGroupIngressInput, SecurityGroupOutput] = "AuthorizeSecurityGroupIngress"
	// RevokeSecurityGroupIngress removes a rule, and ends the connections that no other rule allows.
	RevokeSecurityGroupIngress Action[SecurityGroupIngressInput, SecurityGroupOutput] = "RevokeSecurityGroupIngress"
	// DeleteSecurityGroup removes a group that no cache names.
	DeleteSecurityGroup Action[SecurityGroupInput, SecurityGroupOutput] = "DeleteSecurityGroup"

	// DescribeRefusedConnections tells who tried to connect to a group of caches and was not let in.
	DescribeRefusedConnections Action[GroupInput, RefusedConnections] = "DescribeRefusedConnections"
)

// SecurityGroupInput names the security group that an action is about.
type SecurityGroupInput struct {
	SecurityGroupId *string
}

// CreateSecurityGroupInput says what the group is called.
type CreateSecurityGroupInput struct {
	GroupName       *string
	Description     *string
	SecurityGroupId *string  // that caches name already; default: a new one
	Sources         []string // networks or addresses that may connect from the start, on all ports
}

// DescribeSecurityGroupsInput asks for one security group, or for all of them.
type DescribeSecurityGroupsInput struct {
	SecurityGroupId *string
	MaxRecords      *int32
	Marker          *string
}

// DescribeSecurityGroupsOutput is the answer, in the order of the groups' ids.
type DescribeSecurityGroupsOutput struct {
	SecurityGroups []SecurityGroup
	EC2            *EC2Link // absent: there is no EC2 API
	Marker         *string
}

// EC2Link is how it goes with the EC2 API that security groups are read from.
type EC2Link struct {
	Endpoint     string     `json:"endpoint"`
	ReadAt       *time.Time `json:"read_at,omitempty"`       // when all groups were read last; absent: never
	FailingSince *time.Time `json:"failing_since,omitempty"` // absent: the last time it worked
	Failure      string     `json:"failure,omitempty" query:"omitempty"`
}

// SecurityGroupIngressInput names a rule of a security group.
type SecurityGroupIngressInput struct {
	SecurityGroupId *string
	Source          *string // a network like 10.0.0.0/8, or an address
	FromPort        *int32  // the first of the ports; default: all
	ToPort          *int32  // the last; default: FromPort
	Description     *string
}

// SecurityGroupOutput answers with the group as it is now; with the one that was, after DeleteSecurityGroup.
type SecurityGroupOutput struct {
	SecurityGroup SecurityGroup
}

// SecurityGroup is a security group; see [security.Group].
type SecurityGroup struct {
	SecurityGroupId string              `json:"id"`
	GroupName       string              `json:"name"`
	Description     string              `json:"description,omitempty" query:"omitempty"`
	Rules           []SecurityGroupRule `json:"rules"`      // oldest first; none: nobody may connect
	CreatedAt       time.Time           `json:"created_at"` // of one of EC2: when it came to be known
	Origin          string              `json:"origin"`     // own or ec2
	VpcId           string              `json:"vpc_id,omitempty" query:"omitempty"`
	ReadAt          *time.Time          `json:"read_at,omitempty"`    // of one of EC2: its rules are as of then at least
	GoneSince       *time.Time          `json:"gone_since,omitempty"` // of one of EC2 that EC2 does not have any more: its last rules stay in force
	Twice           bool                `json:"twice,omitempty"`      // EC2 has a group of this id, too; the rules here are in force
	UsedBy          []string            `json:"used_by"`              // ids of the replication groups, and of the cache clusters that stand alone, that name it
}

// SecurityGroupRule lets a network connect.
type SecurityGroupRule struct {
	Source      string `json:"source"`
	FromPort    *int32 `json:"from_port,omitempty"` // absent: all ports
	ToPort      *int32 `json:"to_port,omitempty"`
	Description string `json:"description,omitempty" query:"omitempty"`
}

// RefusedConnections are the connections that a group's nodes did not let in, since each was started.
type RefusedConnections struct {
	ReplicationGroupId string        `json:"replication_group_id"`
	AsOf               time.Time     `json:"as_of"`
	Complete           bool          `json:"complete"`                // every node was asked; otherwise all figures are lower bounds
	MissingNodes       []MissingNode `json:"missing_nodes,omitempty"` // that could not be asked
	Refused            Refused       `json:"refused"`
	Sources            []RefusedFrom `json:"sources"`         // the addresses that were refused last, the latest first
	Gates              []NodeGate    `json:"gates,omitempty"` // what each node that was asked does with who connects
}

// NodeGate is what a node does with those who connect: since its start, but whom it let in since its listeners were opened.
type NodeGate struct {
	CacheClusterId string  `json:"cache_cluster_id"`
	Listeners      int32   `json:"listeners"` // addresses that it listens on
	TLS            int64   `json:"tls"`       // connections that were let in
	Plaintext      int64   `json:"plaintext"`
	Waiting        int32   `json:"waiting"`     // sockets that have said nothing yet
	QueuedMost     int32   `json:"queued_most"` // sockets that were on their way to the engine at a time, at most
	Refused        Refused `json:"refused"`
}

// Refused are connections that were refused, by the reason.
type Refused struct {
	Rules   int64 `json:"rules"`   // no security group lets the address in
	Mode    int64 `json:"mode"`    // plaintext where TLS is required
	Silence int64 `json:"silence"` // they said nothing
	Clients int64 `json:"clients"` // there were as many clients as there may be
	Queue   int64 `json:"queue"`   // the engine was too busy to accept them
	Source  int64 `json:"source"`  // there were as many from their address as the tags aikagi:source-connections and aikagi:source-rate allow
}

// RefusedFrom is an address that was refused.
type RefusedFrom struct {
	Address string    `json:"address"`
	LastAt  time.Time `json:"last_at"`
	Refused Refused   `json:"refused"`
}
