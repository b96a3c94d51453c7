package store

import (
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
)

// SecurityGroups are the security groups whose rules are known here. Caches may name others.
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
