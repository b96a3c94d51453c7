package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/client"
)

// userGroupCommand is what is about user groups.
type userGroupCommand struct {
	Create   userGroupCreateCommand   `cmd:"" help:"Make a user group, for caches that let its users log in."`
	List     userGroupListCommand     `cmd:"" help:"List user groups, their users, and the caches that have them."`
	Describe userGroupDescribeCommand `cmd:"" help:"Show the users of a group, and what each may do."`
	Modify   userGroupModifyCommand   `cmd:"" help:"Add users, or take users out, and wait until all caches have it."`
	Delete   userGroupDeleteCommand   `cmd:"" help:"Delete a user group that no cache has; its users stay."`
}

// userGroupFlags are those of a command about one user group.
type userGroupFlags struct {
	clientFlags
	UserGroup string `arg:"" help:"Id of the user group." predictor:"user-group"`
}

func (f userGroupFlags) userGroup() string { return f.UserGroup }

type userGroupCreateCommand struct {
	userGroupFlags
	outputFlag
	Engine string   `help:"valkey, or redis: for caches of both engines; it needs a user whose name is default." enum:"valkey,redis" default:"valkey"`
	Users  []string `arg:"" optional:"" name:"user" help:"Ids of its users." predictor:"user"`
}

// Help has examples.
func (userGroupCreateCommand) Help() string {
	return `A cache has one user group; clients log in as its users then, and in no other way (docs/users.md).

Examples:

  aikagi user-group create shop-users app reporter
  aikagi create shop --user-group-ids shop-users
  aikagi modify orders --auth-token-update-strategy DELETE --user-group-ids-to-add shop-users`
}

// Run makes the group.
func (c *userGroupCreateCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	_, err = api.ElastiCache.CreateUserGroup(ctx, &elasticache.CreateUserGroupInput{UserGroupId: &c.UserGroup, Engine: &c.Engine, UserIds: c.Users})
	if err != nil {
		return err
	}
	return showUserGroup(ctx, os.Stdout, api, c.UserGroup, c.outputFlag)
}

type userGroupListCommand struct {
	clientFlags
	outputFlag
}

// Run lists all of them.
func (c *userGroupListCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	groups, err := api.UserGroups(ctx)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, groups, func(to io.Writer) error {
		if len(groups) == 0 {
			_, err := fmt.Fprintln(to, "no user groups; make one: aikagi user-group create NAME USER…")
			return err
		}
		table := newTable(to)
		fmt.Fprintln(table, "USER GROUP\tENGINE\tSTATUS\tUSERS\tCACHES")
		for _, g := range groups {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", g.UserGroupID, g.Engine, g.Status, members(g), names(g.ReplicationGroups))
		}
		return table.Flush()
	})
}

type userGroupDescribeCommand struct {
	userGroupFlags
	outputFlag
}

// Run shows one group.
func (c *userGroupDescribeCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	return showUserGroup(ctx, os.Stdout, api, c.UserGroup, c.outputFlag)
}

type userGroupModifyCommand struct {
	userGroupFlags
	outputFlag
	waitFlags
	UserIDsToAdd    []string `name:"user-ids-to-add" aliases:"add" help:"Users to add. May be repeated." placeholder:"USER"`
	UserIDsToRemove []string `name:"user-ids-to-remove" aliases:"remove" help:"Users to take out, which ends their connections. May be repeated." placeholder:"USER"`
}

// Help has examples.
func (userGroupModifyCommand) Help() string {
	return `The flags have the names of ModifyUserGroup's parameters.

Examples:

  aikagi user-group modify shop-users --add auditor
  aikagi user-group modify shop-users --add app-2027 --remove app-2026

Exit codes: 0 all of its caches have it, or accepted with --no-wait; 1 refused or failed; 2 interrupted or timed out, while the change
goes on.`
}

// Run changes the group and waits until all caches have the change.
func (c *userGroupModifyCommand) Run(ctx context.Context) error {
	if len(c.UserIDsToAdd)+len(c.UserIDsToRemove) == 0 {
		return errors.New("say what to change; see aikagi user-group modify --help")
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	_, err = api.ElastiCache.ModifyUserGroup(ctx, &elasticache.ModifyUserGroupInput{
		UserGroupId: &c.UserGroup, UserIdsToAdd: c.UserIDsToAdd, UserIdsToRemove: c.UserIDsToRemove,
	})
	if err != nil {
		return err
	}
	if !c.NoWait {
		err := c.until(ctx, c.UserGroup, "aikagi user-group describe "+c.UserGroup, func(ctx context.Context) (string, bool, error) {
			g, err := api.UserGroup(ctx, c.UserGroup)
			return c.UserGroup + " is " + g.Status, g.Status == statusActive, err
		})
		if err != nil {
			return err
		}
	}
	return showUserGroup(ctx, os.Stdout, api, c.UserGroup, c.outputFlag)
}

type userGroupDeleteCommand struct{ userGroupFlags }

// Run deletes one.
func (c *userGroupDeleteCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	if _, err := api.ElastiCache.DeleteUserGroup(ctx, &elasticache.DeleteUserGroupInput{UserGroupId: &c.UserGroup}); err != nil {
		return err
	}
	fmt.Printf("%s is deleted\n", c.UserGroup)
	return nil
}

// members names the users of a group, and those of whom caches are being told.
func members(g client.UserGroup) string {
	all := append([]string{}, g.Users...)
	for i, id := range all {
		for _, leaving := range g.Removing {
			if id == leaving {
				all[i] += " (leaving)"
			}
		}
	}
	for _, id := range g.Adding {
		all = append(all, id+" (joining)")
	}
	return names(all)
}

func showUserGroup(ctx context.Context, to io.Writer, api *client.Client, id string, output outputFlag) error {
	g, err := api.UserGroup(ctx, id)
	if err != nil {
		return err
	}
	users, err := api.Users(ctx)
	if err != nil {
		return err
	}
	return output.show(to, g, func(to io.Writer) error { return describeUserGroup(to, g, users) })
}

func describeUserGroup(to io.Writer, g client.UserGroup, users []client.User) error {
	table := newTable(to)
	for _, line := range [][2]string{
		{"user group", g.UserGroupID}, {"engine", g.Engine}, {"status", g.Status}, {"users", members(g)}, {"caches", names(g.ReplicationGroups)},
	} {
		fmt.Fprintf(table, "%s\t%s\n", line[0], line[1])
	}
	for _, u := range users {
		for _, id := range append(g.Users, g.Adding...) {
			if u.UserID == id {
				fmt.Fprintf(table, "user %s\t%s\n", u.UserID, userInWords(u))
			}
		}
	}
	fmt.Fprintf(table, "ARN\t%s\n", g.ARN)
	return table.Flush()
}

// userInWords is a line about a user.
func userInWords(u client.User) string {
	parts := []string{"logs in as " + printable(u.UserName) + " with " + loginOf(u)}
	for _, line := range accessInWords(u.AccessString) {
		parts = append(parts, line[0]+": "+printable(line[1]))
	}
	return strings.Join(parts, "; ")
}
