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

// CreateGroup is CreateUserGroup.
func (h Handlers) CreateGroup(ctx context.Context, in *sdk.CreateUserGroupInput) (*sdk.CreateUserGroupOutput, error) {
	var s types.UserGroup
	err := h.Store.Update(ctx, func(tx store.UpdateTx) error {
		users, err := store.Some(tx, store.Users, lower(in.UserIds)...)
		if err != nil {
			return err
		}
		g, err := user.NewGroup(user.GroupSpec{ID: aws.ToString(in.UserGroupId), Engine: aws.ToString(in.Engine), UserIDs: in.UserIds, Users: users, Tags: act.Tags(in.Tags)}, h.Now())
		if err != nil {
			return err
		}
		all, err := tx.Scan(store.UserGroups.Name, store.Range{})
		if err != nil {
			return err
		}
		if err := user.CheckGroupCount(len(all)); err != nil {
			return err
		}
		if err := h.putGroup(tx, g, "created"); err != nil {
			return err
		}
		s, err = h.shownGroup(tx, g)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &sdk.CreateUserGroupOutput{
		ARN: s.ARN, Engine: s.Engine, MinimumEngineVersion: s.MinimumEngineVersion, PendingChanges: s.PendingChanges, ReplicationGroups: s.ReplicationGroups,
		ServerlessCaches: s.ServerlessCaches, Status: s.Status, UserGroupId: s.UserGroupId, UserIds: s.UserIds,
	}, nil
}

// putGroup stores a group, and tells what was done to it.
func (h Handlers) putGroup(tx store.UpdateTx, g *user.Group, what string) error {
	if err := store.Put(tx, store.UserGroups, g); err != nil {
		return err
	}
	return store.Append(tx, store.Events, g.Event(h.Now(), "User group "+g.ID+" has been "+what))
}

func lower(ids []string) []string {
	all := make([]string, len(ids))
	for i := range ids {
		all[i] = act.Lower(&ids[i])
	}
	return all
}
