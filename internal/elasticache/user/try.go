package user

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// TestAccess is the action [own.TestUserAccess].
func (h Handlers) TestAccess(ctx context.Context, in *own.TestUserAccessInput) (*own.TestUserAccessOutput, error) {
	refusal, err := h.Commands.CheckTrial(in.Command)
	if err != nil {
		return nil, err
	}
	var u *user.User
	var caches []*replication.Group
	err = h.Store.View(ctx, func(tx store.Tx) error {
		if u, err = store.Get(tx, store.Users, act.Lower(in.UserId)); err != nil {
			return err
		}
		caches, err = cachesToAsk(tx, u, in.ReplicationGroupId)
		return err
	})
	if err != nil {
		return nil, err
	}
	access, err := u.AccessWith(in.AccessString, in.AppendAccessString, h.Commands)
	if err != nil {
		return nil, err
	}
	out := &own.TestUserAccessOutput{UserId: u.ID, AccessString: access.String()}
	switch {
	case refusal != "":
		out.Reason = refusal
	case !access.On():
		out.Reason = "the user is off, so it cannot log in"
	default:
		err = h.try(ctx, caches, access, in.Command, out)
	}
	out.Allowed = out.Reason == ""
	return out, err
}

// strangersAsked is how many caches are asked that do not have the user: each that does not answer takes a second.
const strangersAsked = 10

// cachesToAsk are that of the given id; or those that have the user; or some others.
func cachesToAsk(tx store.Tx, u *user.User, id *string) ([]*replication.Group, error) {
	if aws.ToString(id) != "" {
		g, err := act.Group(id)(tx)
		return []*replication.Group{g}, err
	}
	keys, err := store.CachesOfUsers(tx, []string{u.ID}, nil)
	if err != nil {
		return nil, err
	}
	if len(keys) > 0 {
		return store.Some(tx, store.Groups, keys...)
	}
	return store.Page(tx, store.Groups, store.Range{Limit: strangersAsked})
}

// try asks one cache after the other, until one answers.
func (h Handlers) try(ctx context.Context, caches []*replication.Group, access user.Access, words []string, out *own.TestUserAccessOutput) error {
	var err error = cache.Errorf(cache.KindUnavailable, "An engine has to be asked, and there is none yet.")
	if h.Try == nil {
		return err
	}
	for _, g := range caches {
		trial, failed := h.Try(ctx, g, access, words)
		if failed == nil {
			out.Reason, out.CacheClusterId, out.EngineVersion = trial.Refusal, trial.NodeID, trial.Version.String()
			return nil
		}
		if err = failed; !cache.IsKind(err, cache.KindUnavailable) {
			return err
		}
	}
	return err
}
