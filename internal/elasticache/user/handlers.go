package user

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Handlers are the actions of users and user groups.
type Handlers struct {
	act.Groups
	Commands user.Commands // that access strings can name
	Try      act.Try
}

// login is what a request asks for. The error is of [cache.KindNotImplemented], for what no node could check.
func login(noPassword *bool, passwords []string, mode *types.AuthenticationMode) (user.LoginAsked, error) {
	asked := user.LoginAsked{NoPasswordRequired: noPassword, Passwords: passwords}
	if mode != nil {
		asked.Mode, asked.ModePasswords = user.Authentication(mode.Type), mode.Passwords
		if asked.Mode == "" && len(asked.ModePasswords) > 0 {
			asked.Mode = user.AuthenticationPassword
		}
	}
	if asked.Mode == user.AuthenticationIAM {
		return asked, cache.Errorf(cache.KindNotImplemented, "aikagi cannot check IAM's tokens yet, so nobody could log in as a user of authentication type iam. Use passwords.")
	}
	return asked, nil
}

// shown is a user as all answers have it.
func (h Handlers) shown(u *user.User, groups []*user.Group) types.User {
	out := types.User{
		ARN: h.ARN(cache.ResourceUser, u.ID), AccessString: aws.String(u.Access.String()), Engine: aws.String(string(u.Engine)),
		MinimumEngineVersion: aws.String(u.MinimumEngineVersion()), Status: aws.String(string(u.Status)), UserGroupIds: []string{},
		UserId: aws.String(u.ID), UserName: aws.String(u.Name), Authentication: &types.Authentication{Type: types.AuthenticationType(u.Login.Shown())},
	}
	if u.Login.Authentication == user.AuthenticationPassword {
		out.Authentication.PasswordCount = aws.Int32(int32(len(u.Login.Passwords)))
	}
	for _, g := range groups {
		if slices.Contains(g.UserIDs, u.ID) {
			out.UserGroupIds = append(out.UserGroupIds, g.ID)
		}
	}
	return out
}

// shownGroup is a group as all answers have it.
func (h Handlers) shownGroup(tx store.Tx, g *user.Group) (types.UserGroup, error) {
	users, err := store.Some(tx, store.Users, g.Members()...)
	if err != nil {
		return types.UserGroup{}, err
	}
	caches, err := store.CachesOf(tx, g)
	out := types.UserGroup{
		ARN: h.ARN(cache.ResourceUserGroup, g.ID), Engine: aws.String(string(g.Engine)), MinimumEngineVersion: aws.String(g.MinimumEngineVersion(users)),
		ReplicationGroups: []string{}, ServerlessCaches: []string{}, Status: aws.String(string(g.Status)), UserGroupId: aws.String(g.ID), UserIds: slices.Concat([]string{}, g.UserIDs),
	}
	if len(g.Pending.Add)+len(g.Pending.Remove) > 0 {
		out.PendingChanges = &types.UserGroupPendingChanges{UserIdsToAdd: g.Pending.Add, UserIdsToRemove: g.Pending.Remove}
	}
	for _, c := range caches {
		out.ReplicationGroups = append(out.ReplicationGroups, c.ID)
	}
	return out, err
}
