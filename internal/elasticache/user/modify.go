package user

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Modify is ModifyUser. Passwords take the place of all that there were.
func (h Handlers) Modify(ctx context.Context, in *sdk.ModifyUserInput) (*sdk.ModifyUserOutput, error) {
	asked, err := login(in.NoPasswordRequired, in.Passwords, in.AuthenticationMode)
	if err != nil {
		return nil, err
	}
	var u *user.User
	var groups []*user.Group
	err = act.ChangeUsers(ctx, h.Groups, []string{act.Lower(in.UserId)}, nil, func(tx store.UpdateTx) error {
		if u, err = store.Get(tx, store.Users, act.Lower(in.UserId)); err != nil {
			return err
		}
		if groups, err = store.GroupsOfUser(tx, u.ID); err != nil {
			return err
		}
		caches, err := store.CachesOf(tx, groups...)
		if err != nil {
			return err
		}
		err = u.Modify(user.Change{
			Engine: in.Engine, AccessString: in.AccessString, Append: in.AppendAccessString, Login: asked, Commands: h.Commands, Groups: groups, InUse: len(caches) > 0,
		})
		if err != nil {
			return err
		}
		if err := store.Put(tx, store.Users, u); err != nil {
			return err
		}
		return store.Append(tx, store.Events, u.Event(h.Now(), "User "+u.ID+" has been modified"))
	})
	if err != nil {
		return nil, err
	}
	s := h.shown(u, groups)
	return &sdk.ModifyUserOutput{
		ARN: s.ARN, AccessString: s.AccessString, Authentication: s.Authentication, Engine: s.Engine, MinimumEngineVersion: s.MinimumEngineVersion,
		Status: s.Status, UserGroupIds: s.UserGroupIds, UserId: s.UserId, UserName: s.UserName,
	}, nil
}
