package own

import "time"

// DescribeUserUsage tells who uses which password of a user, which no action of the original does.
const DescribeUserUsage Action[UserUsageInput, UserUsage] = "DescribeUserUsage"

// UserUsageInput names a user.
type UserUsageInput struct {
	UserId             *string
	ReplicationGroupId *string // the only cache that is asked; default: all that have the user
}

// UserUsage is who uses the passwords of a user.
type UserUsage struct {
	UserId   string        `json:"user_id"`
	UserName string        `json:"user_name"`
	AsOf     time.Time     `json:"as_of"`
	Complete bool          `json:"complete"` // every node was asked; otherwise all figures are lower bounds
	Caches   []UserInCache `json:"caches"`   // by their ids
}

// UserInCache is the same of one cache.
type UserInCache struct {
	ReplicationGroupId string        `json:"replication_group_id"`
	MissingNodes       []MissingNode `json:"missing_nodes,omitempty"` // that could not be asked
	// Passwords are those that are accepted, then those that are not. Besides fingerprints there are NONE, for a user that needs no
	// password; either, for connections of which engines before 7.2 do not tell by which password they came; and unknown, for all that were
	// never the user's.
	Passwords []CredentialUsage `json:"passwords"`
}
