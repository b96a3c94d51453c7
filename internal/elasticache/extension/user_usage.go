package extension

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// DescribeUserUsage is the action [own.DescribeUserUsage].
func (h Handlers) DescribeUserUsage(ctx context.Context, in *own.UserUsageInput) (*own.UserUsage, error) {
	var u *user.User
	var caches []*replication.Group
	err := h.Store.View(ctx, func(tx store.Tx) (err error) {
		if u, err = store.Get(tx, store.Users, act.Lower(in.UserId)); err != nil {
			return err
		}
		caches, err = cachesWith(tx, u, in.ReplicationGroupId)
		return err
	})
	if err != nil {
		return nil, err
	}
	known, err := act.UsageOfAll(ctx, h.Groups, caches)
	if err != nil {
		return nil, err
	}
	out := &own.UserUsage{UserId: u.ID, UserName: u.Name, AsOf: h.Now(), Complete: true, Caches: []own.UserInCache{}}
	for _, group := range known {
		found := usage.OfUser(u, group)
		in := own.UserInCache{ReplicationGroupId: found.GroupID, MissingNodes: missingNodes(found.Missing)}
		for _, password := range found.Passwords {
			in.Passwords = append(in.Passwords, credentialUsage(password))
		}
		out.Caches = append(out.Caches, in)
		out.Complete = out.Complete && len(found.Missing) == 0
	}
	return out, nil
}

// cachesWith are the caches that have a user, by their ids, or the one that is asked for.
func cachesWith(tx store.Tx, u *user.User, id *string) ([]*replication.Group, error) {
	keys, err := store.CachesOfUsers(tx, []string{u.ID}, nil)
	if err != nil {
		return nil, err
	}
	caches, err := store.Some(tx, store.Groups, keys...)
	if err != nil {
		return nil, err
	}
	if aws.ToString(id) == "" {
		return caches, nil
	}
	g, err := act.Group(id)(tx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(caches, func(c *replication.Group) bool { return c.Key() == g.Key() }) {
		return nil, cache.Errorf(cache.KindInvalid, "The user %s is not in the user group of %s.", u.ID, g.ID)
	}
	return []*replication.Group{g}, nil
}
