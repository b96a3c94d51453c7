package store

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
)

// SecurityGroups are the security groups whose rules are known here: our own, and those of EC2 that caches name. Caches may name others.
var SecurityGroups = Kind[string, security.Group]{
	Name:     "security-group",
	ID:       func(g *security.Group) string { return g.ID },
	Revision: func(g *security.Group) *int64 { return &g.Revision },
	Version:  1,
	Missing: func(id string) error {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceSecurityGroup, "The security group %s does not exist.", id)
	},
	Exists: func(id string) error {
		return cache.ResourceErrorf(cache.KindExists, cache.ResourceSecurityGroup, "The security group %s already exists.", id)
	},
}

// SecurityGroupUsers returns the groups of caches that name a security group, known or not, in no order that means anything.
func SecurityGroupUsers(tx Tx, id string) ([]cache.Key, error) {
	held, err := tx.Holdings(spaceSecurity, Range{Prefix: id + "/"})
	if err != nil {
		return nil, err
	}
	keys := make([]cache.Key, len(held))
	for i, h := range held {
		keys[i] = cache.Key(h.Holder.ID)
	}
	return keys, nil
}

// DeleteSecurityGroup removes a security group that no cache names. Errors are of [cache.KindNotFound] and [cache.KindInUse]: without it
// everybody could connect to those caches.
func DeleteSecurityGroup(tx UpdateTx, id string) error {
	users, err := SecurityGroupUsers(tx, id)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return cache.ResourceErrorf(cache.KindInUse, cache.ResourceSecurityGroup, "The security group %s is in use by %s.", id, users[0].ID())
	}
	return Delete(tx, SecurityGroups, id)
}

// AdmissionOf returns who may connect to a group of caches.
func AdmissionOf(tx Tx, g *replication.Group) (security.Admission, error) {
	if len(g.SecurityGroupIDs) == 0 {
		return security.Admission{}, nil
	}
	known, err := Some(tx, SecurityGroups, g.SecurityGroupIDs...)
	return g.Admits(known), err
}

// CheckSecurityPlace refuses security groups that a group of caches cannot have, because of where they are. Errors are those of
// [security.CheckPlace].
func CheckSecurityPlace(tx Tx, g *replication.Group) error {
	known, err := Some(tx, SecurityGroups, g.SecurityGroupIDs...)
	if err != nil {
		return err
	}
	subnets, err := SubnetGroupOf(tx, g)
	if err != nil {
		return err
	}
	return security.CheckPlace(subnets.Name, subnets.VPC, known)
}

// SecurityGroupsInUse returns the ids of all security groups that caches name, known or not, in order.
func SecurityGroupsInUse(tx Tx) ([]string, error) {
	held, err := tx.Holdings(spaceSecurity, Range{})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(held))
	for i, h := range held {
		ids[i], _, _ = strings.Cut(h.Name, "/")
	}
	slices.Sort(ids) // "-" is before "/", so they are not quite in order
	return slices.Compact(ids), nil
}

// Readings are when the EC2 APIs were read that there have been, by their endpoints.
var Readings = Kind[string, security.Reading]{
	Name:     "ec2-reading",
	ID:       func(r *security.Reading) string { return r.Endpoint },
	Revision: func(r *security.Reading) *int64 { return &r.Revision },
	Version:  1,
}

// PutReading writes when an API was read, over what was written before.
func PutReading(tx UpdateTx, endpoint string, at time.Time) error {
	r, err := Get(tx, Readings, endpoint)
	if errors.Is(err, ErrNotFound) {
		r, err = &security.Reading{Endpoint: endpoint}, nil
	}
	if err != nil {
		return err
	}
	r.ReadAt = at
	return Put(tx, Readings, r)
}
