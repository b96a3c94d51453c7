package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/client"
)

// userCommand is what is about users.
type userCommand struct {
	Create   userCreateCommand   `cmd:"" help:"Make a user, which can log in to the caches of its user groups."`
	List     userListCommand     `cmd:"" help:"List users, one per line."`
	Describe userDescribeCommand `cmd:"" help:"Show what a user may do, and where."`
	Usage    userUsageCommand    `cmd:"" help:"Show who uses which password of a user."`
	Modify   userModifyCommand   `cmd:"" help:"Change what a user may do, or its passwords, and wait until all of its caches have it."`
	Delete   userDeleteCommand   `cmd:"" help:"Delete a user, which ends its connections."`
}

// userFlags are those of a command about one user.
type userFlags struct {
	clientFlags
	User string `arg:"" help:"Id of the user." predictor:"user"`
}

func (f userFlags) user() string { return f.User }

// Codes and statuses of answers about users and user groups.
const (
	userNotFound      = "UserNotFound"
	userGroupNotFound = "UserGroupNotFound"
	statusActive      = "active"
)

// passwordVariable holds the passwords for commands that set them.
const passwordVariable = "AIKAGI_USER_PASSWORD"

type userCreateCommand struct {
	userFlags
	outputFlag
	UserName           string `help:"What it logs in with. Default: its id." placeholder:"NAME"`
	Engine             string `help:"valkey, or redis: for user groups of both engines." enum:"valkey,redis" default:"valkey"`
	AccessString       string `help:"What it may do: rules of the engines' ACL, as in 'on ~app:* +@read +@write'." required:"" placeholder:"RULES"`
	Passwords          int    `env:"-" help:"How many passwords it is to have, 1 or 2; each is a line of AIKAGI_USER_PASSWORD or of standard input, or asked for on the terminal." default:"1" placeholder:"N"`
	NoPasswordRequired bool   `help:"Let everybody log in as it, without a password; for engine redis only."`
}

// Help has examples.
func (userCreateCommand) Help() string {
	return `The flags have the names of CreateUser's parameters. What an access string can say: docs/users.md. A password has 16 to 128
characters; only its digest is kept.

Examples:

  aikagi user create reporter --access-string 'on ~* -@all +@read'
  aikagi user create app --access-string 'on ~app:* &app:* +@all -@dangerous' --passwords 2
  openssl rand -hex 24 | tee app-password | aikagi user create app --access-string 'on ~app:* +@all'`
}

// Run makes the user.
func (c *userCreateCommand) Run(ctx context.Context) error {
	in := &elasticache.CreateUserInput{
		UserId: &c.User, UserName: aws.String(cmp.Or(c.UserName, c.User)), Engine: &c.Engine, AccessString: &c.AccessString,
	}
	if c.NoPasswordRequired {
		in.NoPasswordRequired = &c.NoPasswordRequired
	} else {
		passwords, err := askPasswords(ctx, c.Passwords)
		if err != nil {
			return err
		}
		in.Passwords = passwords
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	if _, err := api.ElastiCache.CreateUser(ctx, in); err != nil {
		return err
	}
	return showUser(ctx, os.Stdout, api, c.User, c.outputFlag)
}

type userListCommand struct {
	clientFlags
	outputFlag
}

// Run lists all of them.
func (c *userListCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	users, err := api.Users(ctx)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, users, func(to io.Writer) error {
		table := newTable(to)
		fmt.Fprintln(table, "USER\tNAME\tENGINE\tSTATUS\tLOGS IN WITH\tUSER GROUPS\tACCESS STRING")
		for _, u := range users {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", u.UserID, printable(u.UserName), u.Engine, u.Status, loginOf(u), names(u.UserGroups), printable(u.AccessString))
		}
		return table.Flush()
	})
}

type userDescribeCommand struct {
	userFlags
	outputFlag
}

// Run shows one user.
func (c *userDescribeCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	return showUser(ctx, os.Stdout, api, c.User, c.outputFlag)
}

type userModifyCommand struct {
	userFlags
	outputFlag
	waitFlags
	AccessString       string `help:"What it may do, instead of what it may now." placeholder:"RULES"`
	AppendAccessString string `help:"Rules to add to those that it has." placeholder:"RULES"`
	Passwords          int    `env:"-" help:"How many passwords it is to have, 1 or 2; each is a line of AIKAGI_USER_PASSWORD or of standard input, or asked for on the terminal. They take the place of those that it has: give the old one as well to let clients change. Default: they stay." placeholder:"N"`
	NoPasswordRequired bool   `help:"Let everybody log in as it, without a password; for engine redis only."`
}

// Help has examples.
func (userModifyCommand) Help() string {
	return `The flags have the names of ModifyUser's parameters. Only what you give is changed. Connections stay, and have the new rights.

Examples:

  aikagi user modify reporter --append-access-string=-hgetall
  aikagi user modify app --passwords 2

Exit codes: 0 all of its caches have it, or accepted with --no-wait; 1 refused or failed; 2 interrupted or timed out, while the change
goes on.`
}

// Run changes the user and waits until all caches have the change.
func (c *userModifyCommand) Run(ctx context.Context) error {
	in := &elasticache.ModifyUserInput{UserId: &c.User, AccessString: given(c.AccessString), AppendAccessString: given(c.AppendAccessString)}
	if c.NoPasswordRequired {
		in.NoPasswordRequired = &c.NoPasswordRequired
	}
	if c.Passwords > 0 {
		passwords, err := askPasswords(ctx, c.Passwords)
		if err != nil {
			return err
		}
		in.Passwords = passwords
	}
	if in.AccessString == nil && in.AppendAccessString == nil && in.NoPasswordRequired == nil && in.Passwords == nil {
		return errors.New("say what to change; see aikagi user modify --help")
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	if _, err := api.ElastiCache.ModifyUser(ctx, in); err != nil {
		return err
	}
	if !c.NoWait {
		if _, err := c.awaitUser(ctx, api, c.User); err != nil {
			return err
		}
	}
	return showUser(ctx, os.Stdout, api, c.User, c.outputFlag)
}

type userDeleteCommand struct {
	userFlags
	waitFlags
}

// Run deletes the user and waits until no cache has it.
func (c *userDeleteCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	if _, err := api.ElastiCache.DeleteUser(ctx, &elasticache.DeleteUserInput{UserId: &c.User}); err != nil {
		return err
	}
	if c.NoWait {
		fmt.Printf("%s is being deleted\n", c.User)
		return nil
	}
	if found, err := c.awaitUser(ctx, api, c.User); err != nil || found {
		return cmp.Or(err, fmt.Errorf("%s is still there", c.User))
	}
	fmt.Printf("%s is deleted\n", c.User)
	return nil
}

// awaitUser waits until all caches have what was changed of a user, or the user is gone: then found is false.
func (f waitFlags) awaitUser(ctx context.Context, api *client.Client, id string) (found bool, err error) {
	found = true
	err = f.until(ctx, id, "aikagi user describe "+id, func(ctx context.Context) (string, bool, error) {
		u, err := api.User(ctx, id)
		if client.IsCode(err, userNotFound) {
			found = false
			return "", true, nil
		}
		return id + " is " + u.Status, u.Status == statusActive, err
	})
	return found, err
}

func showUser(ctx context.Context, to io.Writer, api *client.Client, id string, output outputFlag) error {
	u, err := api.User(ctx, id)
	if err != nil {
		return err
	}
	groups, err := api.UserGroups(ctx)
	if err != nil {
		return err
	}
	return output.show(to, u, func(to io.Writer) error { return describeUser(to, u, cachesOf(u, groups)) })
}

// cachesOf are the caches that a user can log in to.
func cachesOf(u client.User, groups []client.UserGroup) (caches []string) {
	for _, g := range groups {
		for _, of := range u.UserGroups {
			if of == g.UserGroupID {
				caches = append(caches, g.ReplicationGroups...)
			}
		}
	}
	return caches
}

func describeUser(to io.Writer, u client.User, caches []string) error {
	table := newTable(to)
	for _, line := range [][2]string{
		{"user", u.UserID}, {"name", printable(u.UserName)}, {"engine", u.Engine}, {"status", u.Status}, {"logs in with", loginOf(u)},
		{"user groups", names(u.UserGroups)}, {"caches", names(caches)},
	} {
		fmt.Fprintf(table, "%s\t%s\n", line[0], line[1])
	}
	for _, line := range accessInWords(u.AccessString) {
		fmt.Fprintf(table, "%s\t%s\n", line[0], printable(line[1]))
	}
	fmt.Fprintf(table, "access string\t%s\nARN\t%s\n", printable(u.AccessString), u.ARN)
	return table.Flush()
}

func loginOf(u client.User) string {
	switch {
	case u.Authentication == "no-password":
		return "NO PASSWORD"
	case u.Passwords == 1:
		return "a password"
	case u.Passwords > 1:
		return fmt.Sprintf("%d passwords", u.Passwords)
	}
	return u.Authentication
}

// names are several on a line.
func names(of []string) string { return cmp.Or(strings.Join(of, ", "), "-") }
