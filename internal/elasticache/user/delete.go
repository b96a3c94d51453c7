package user

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Delete is DeleteUser. As in the original, the answer has the groups that the user was in.
func (h Handlers) Delete(ctx context.Context, in *sdk.DeleteUserInput) (*sdk.DeleteUserOutput, error) {
	var u *user.User
	var groups []*user.Group
	id := act.Lower(in.UserId)
	err := act.ChangeUsers(ctx, h.Groups, []string{id}, nil, func(tx store.UpdateTx) (err error) {
		if groups, err = store.GroupsOfUser(tx, id); err != nil {
			return err
		}
		u, err = store.DeleteUser(tx, id, h.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	s := h.shown(u, groups)
	return &sdk.DeleteUserOutput{
		ARN: s.ARN, AccessString: s.AccessString, Authentication: s.Authentication, Engine: s.Engine, MinimumEngineVersion: s.MinimumEngineVersion,
		Status: s.Status, UserGroupIds: s.UserGroupIds, UserId: s.UserId, UserName: s.UserName,
	}, nil
}
