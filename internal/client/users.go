package client

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// User is a user of caches. Its JSON is what commands print with -o json (docs/commands.md).
type User struct {
	UserID         string   `json:"user_id"`
	UserName       string   `json:"user_name"`
	Engine         string   `json:"engine"`
	Status         string   `json:"status"`
	AccessString   string   `json:"access_string"`
	Authentication string   `json:"authentication"` // password, no-password or iam
	Passwords      int32    `json:"passwords"`
	UserGroups     []string `json:"user_groups"`
	ARN            string   `json:"arn"`
}

// UserGroup is a user group. Its JSON is what commands print with -o json (docs/commands.md).
type UserGroup struct {
	UserGroupID       string   `json:"user_group_id"`
	Engine            string   `json:"engine"`
	Status            string   `json:"status"`
	Users             []string `json:"users"`           // ids of those that it has
	Adding            []string `json:"users_to_add"`    // that caches are being told of
	Removing          []string `json:"users_to_remove"` // likewise
	ReplicationGroups []string `json:"replication_groups"`
	ARN               string   `json:"arn"`
}

// Users returns all users, in the order of the service.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	users := []User{}
	pages := elasticache.NewDescribeUsersPaginator(c.ElastiCache, &elasticache.DescribeUsersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, u := range page.Users {
			users = append(users, userOf(u))
		}
	}
	return users, nil
}

// User returns one of them. The error has the code UserNotFound if there is none of that id.
func (c *Client) User(ctx context.Context, id string) (User, error) {
	out, err := c.ElastiCache.DescribeUsers(ctx, &elasticache.DescribeUsersInput{UserId: &id})
	if err != nil {
		return User{}, err
	}
	return userOf(out.Users[0]), nil
}

// UserGroups returns all user groups, in the order of the service.
func (c *Client) UserGroups(ctx context.Context) ([]UserGroup, error) {
	groups := []UserGroup{}
	pages := elasticache.NewDescribeUserGroupsPaginator(c.ElastiCache, &elasticache.DescribeUserGroupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.UserGroups {
			groups = append(groups, userGroupOf(g))
		}
	}
	return groups, nil
}

// UserGroup returns one of them. The error has the code UserGroupNotFound if there is none of that id.
func (c *Client) UserGroup(ctx context.Context, id string) (UserGroup, error) {
	out, err := c.ElastiCache.DescribeUserGroups(ctx, &elasticache.DescribeUserGroupsInput{UserGroupId: &id})
	if err != nil {
		return UserGroup{}, err
	}
	return userGroupOf(out.UserGroups[0]), nil
}

// TestUserAccess asks an engine whether a user's access would let a command through.
func (c *Client) TestUserAccess(ctx context.Context, in own.TestUserAccessInput) (own.TestUserAccessOutput, error) {
	return ask(ctx, c, own.TestUserAccess, in)
}

func userOf(u types.User) User {
	user := User{
		UserID: aws.ToString(u.UserId), UserName: aws.ToString(u.UserName), Engine: aws.ToString(u.Engine), Status: aws.ToString(u.Status),
		AccessString: aws.ToString(u.AccessString), UserGroups: list(u.UserGroupIds), ARN: aws.ToString(u.ARN),
	}
	if a := u.Authentication; a != nil {
		user.Authentication, user.Passwords = string(a.Type), aws.ToInt32(a.PasswordCount)
	}
	return user
}

func userGroupOf(g types.UserGroup) UserGroup {
	group := UserGroup{
		UserGroupID: aws.ToString(g.UserGroupId), Engine: aws.ToString(g.Engine), Status: aws.ToString(g.Status), Users: list(g.UserIds),
		Adding: []string{}, Removing: []string{}, ReplicationGroups: list(g.ReplicationGroups), ARN: aws.ToString(g.ARN),
	}
	if p := g.PendingChanges; p != nil {
		group.Adding, group.Removing = list(p.UserIdsToAdd), list(p.UserIdsToRemove)
	}
	return group
}

// list is empty in JSON, and not null, where there is nothing.
func list(of []string) []string { return append([]string{}, of...) }

// UserUsage says who uses the passwords of a user, in all of its caches.
func (c *Client) UserUsage(ctx context.Context, user string) (own.UserUsage, error) {
	return ask(ctx, c, own.DescribeUserUsage, own.UserUsageInput{UserId: &user})
}
