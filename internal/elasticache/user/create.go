package user

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Create is CreateUser.
func (h Handlers) Create(ctx context.Context, in *sdk.CreateUserInput) (*sdk.CreateUserOutput, error) {
	asked, err := login(in.NoPasswordRequired, in.Passwords, in.AuthenticationMode)
	if err != nil {
		return nil, err
	}
	u, err := user.New(user.Spec{
		ID: aws.ToString(in.UserId), Name: aws.ToString(in.UserName), Engine: aws.ToString(in.Engine), AccessString: aws.ToString(in.AccessString),
		Login: asked, Commands: h.Commands, Tags: act.Tags(in.Tags),
	}, h.Now())
	if err != nil {
		return nil, err
	}
	err = h.Store.Update(ctx, func(tx store.UpdateTx) error {
		all, err := tx.Scan(store.Users.Name, store.Range{})
		if err != nil {
			return err
		}
		if err := user.CheckCount(len(all)); err != nil {
			return err
		}
		if err := store.Put(tx, store.Users, u); err != nil {
			return err
		}
		return store.Append(tx, store.Events, u.Event(h.Now(), "User "+u.ID+" has been created"))
	})
	if err != nil {
		return nil, err
	}
	s := h.shown(u, nil)
	return &sdk.CreateUserOutput{
		ARN: s.ARN, AccessString: s.AccessString, Authentication: s.Authentication, Engine: s.Engine, MinimumEngineVersion: s.MinimumEngineVersion,
		Status: s.Status, UserGroupIds: s.UserGroupIds, UserId: s.UserId, UserName: s.UserName,
	}, nil
}
