package user

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// DeleteGroup is DeleteUserGroup. The users stay.
func (h Handlers) DeleteGroup(ctx context.Context, in *sdk.DeleteUserGroupInput) (*sdk.DeleteUserGroupOutput, error) {
	var s types.UserGroup
	err := h.Store.Update(ctx, func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.UserGroups, act.Lower(in.UserGroupId))
		if err != nil {
			return err
		}
		if s, err = h.shownGroup(tx, g); err != nil {
			return err
		}
		if err := store.Delete(tx, store.UserGroups, g.ID); err != nil {
			return err
		}
		return store.Append(tx, store.Events, g.Event(h.Now(), "User group "+g.ID+" has been deleted"))
	})
	if err != nil {
		return nil, err
	}
	return &sdk.DeleteUserGroupOutput{
		ARN: s.ARN, Engine: s.Engine, MinimumEngineVersion: s.MinimumEngineVersion, PendingChanges: s.PendingChanges, ReplicationGroups: s.ReplicationGroups,
		ServerlessCaches: s.ServerlessCaches, Status: aws.String(string(user.StatusDeleting)), UserGroupId: s.UserGroupId, UserIds: s.UserIds,
	}, nil
}
