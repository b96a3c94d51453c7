package cache

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Key names a group in the store and in queues: "replicationgroup:ID", or
// "cluster:ID" for a cache cluster that stands alone. It is the resource part of
// the group's ARN.
type Key string

// NewKey makes the key of the group that a resource name means.
func NewKey(resource Resource, id string) Key { return Key(string(resource) + ":" + id) }

// Resource returns the first half of the key.
func (k Key) Resource() Resource {
	resource, _, _ := strings.Cut(string(k), ":")
	return Resource(resource)
}

// ID returns the second half of the key.
func (k Key) ID() string {
	_, id, _ := strings.Cut(string(k), ":")
	return id
}

// Longest ids in characters.
//
// Source: API reference, CreateReplicationGroup and CreateCacheCluster.
const (
	replicationGroupIDMax = 40
	cacheClusterIDMax     = 50
)

var identifier = regexp.MustCompile(`^[a-z](-?[a-z0-9])*$`)

// ParseID checks the id of a new group or cache cluster and returns it in lower
// case, as the original stores it.
func ParseID(resource Resource, id string) (string, error) {
	limit, parameter := replicationGroupIDMax, "ReplicationGroupId"
	if resource == ResourceCacheCluster {
		limit, parameter = cacheClusterIDMax, "CacheClusterId"
	}
	lower := strings.ToLower(id)
	if len(lower) > limit || !identifier.MatchString(lower) {
		return "", Errorf(KindInvalid, "The parameter %s is not a valid identifier: 1 to %d letters, digits and hyphens, "+
			"beginning with a letter, without two hyphens in a row or one at the end.", parameter, limit)
	}
	return lower, nil
}

// MemberID names the n-th node of a group, from 1 on.
//
// Source: ElastiCache User Guide; members of a group with cluster mode disabled
// are called <group>-001, <group>-002, …
func MemberID(group string, n int) string { return fmt.Sprintf("%s-%03d", group, n) }

// ARN is the Amazon resource name of something that aikagi serves.
type ARN struct {
	Region, Account string
	Resource        Resource
	ID              string
}

func (a ARN) String() string {
	return fmt.Sprintf("arn:aws:elasticache:%s:%s:%s:%s", a.Region, a.Account, a.Resource, a.ID)
}

// ParseARN reads an ARN of this service. The error is of [KindARN].
func ParseARN(s string) (ARN, error) {
	parts := strings.Split(s, ":")
	if len(parts) != 7 || parts[0] != "arn" || parts[2] != "elasticache" || parts[6] == "" {
		return ARN{}, Errorf(KindARN, "The ARN %q is not of the form arn:aws:elasticache:REGION:ACCOUNT:RESOURCE:ID.", s)
	}
	return ARN{Region: parts[3], Account: parts[4], Resource: Resource(parts[5]), ID: parts[6]}, nil
}

// NewUID returns 64 random bits, in hexadecimal digits.
func NewUID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return strings.ToLower(hex.EncodeToString(b[:]))
}
