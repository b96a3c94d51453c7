package user

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// ModifyGroup is ModifyUserGroup.
func (h Handlers) ModifyGroup(ctx context.Context, in *sdk.ModifyUserGroupInput) (*sdk.ModifyUserGroupOutput, error) {
	var s types.UserGroup
	err := act.ChangeUsers(ctx, h.Groups, nil, []string{act.Lower(in.UserGroupId)}, func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.UserGroups, act.Lower(in.UserGroupId))
		if err != nil {
			return err
		}
		users, err := store.Some(tx, store.Users, append(lower(in.UserIdsToAdd), g.UserIDs...)...)
		if err != nil {
			return err
		}
		caches, err := store.CachesOf(tx, g)
		if err != nil {
			return err
		}
		err = g.Modify(user.GroupChange{Engine: in.Engine, Add: in.UserIdsToAdd, Remove: in.UserIdsToRemove, Users: users, Caches: caches})
		if err != nil {
			return err
		}
		if err := h.putGroup(tx, g, "modified"); err != nil {
			return err
		}
		s, err = h.shownGroup(tx, g)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &sdk.ModifyUserGroupOutput{
		ARN: s.ARN, Engine: s.Engine, MinimumEngineVersion: s.MinimumEngineVersion, PendingChanges: s.PendingChanges, ReplicationGroups: s.ReplicationGroups,
		ServerlessCaches: s.ServerlessCaches, Status: s.Status, UserGroupId: s.UserGroupId, UserIds: s.UserIds,
	}, nil
}
