package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
)

// usersTarget is the most that a change of a user may take, in milliseconds, until all nodes have it.
const usersTarget = 100

// How many users, and user groups, there are in the end.
const (
	manyUsers      = 1000
	manyUserGroups = 100
)

// Users of the benchmark: one whose rights and password change, and one who uses the cache all along.
const (
	changingUser   = "changing"
	steadyUser     = "steady"
	steadyPassword = "steady-password-0123456789"
)

// passwordOf is the password that the changing user has after a number of changes.
func passwordOf(change int) string { return fmt.Sprintf("changing-password-%010d", change) }

// users measures how long it takes until a change of a user is felt at all of three nodes, under clients of another user of the same group: from
// the call until open connections have another right at each, and from the call until the new password is taken, and the old one refused, at
// each. Then the same once more, among a thousand users in a hundred user groups.
func users(ctx context.Context, s *session) error {
	server := s.server()
	api := server.API()
	for id, password := range map[string]string{changingUser: passwordOf(0), steadyUser: steadyPassword} {
		if err := createUser(ctx, api, id, password); err != nil {
			return err
		}
	}
	if err := createUserGroup(ctx, api, "team", changingUser, steadyUser); err != nil {
		return err
	}
	group, err := s.group(ctx, server, "users", 2, "")
	if err != nil {
		return err
	}
	if err := group.AddUserGroup(ctx, "team"); err != nil {
		return err
	}
	audience, err := gather(group, steadyUser, steadyPassword)
	if err != nil {
		return err
	}
	c := &userChanges{ctx: ctx, api: api, group: group}
	if err := c.measure(s, "of three"); err != nil {
		return errors.Join(err, audience.leave())
	}
	if err := s.fillUsers(ctx, server); err != nil {
		return errors.Join(err, audience.leave())
	}
	err = c.measure(s, fmt.Sprintf("of %d users in %d user groups", manyUsers, manyUserGroups))
	if err := errors.Join(err, audience.leave()); err != nil {
		return err
	}
	s.record(Measurement{Name: fmt.Sprintf("%d changes of a user under %d connections of another: commands that failed", c.changes, modeClients), Unit: Count,
		Target: &Target{Statistic: "max", AtMost: 0}, Samples: []float64{float64(audience.failures.Load())}})
	return nil
}

// fillUsers makes users until there are as many as the benchmark has, ten in each of their user groups.
func (s *session) fillUsers(ctx context.Context, server *harness.Server) error {
	api := server.API()
	var took []float64
	for g := range manyUserGroups - 1 {
		var members []string
		for u := range manyUsers / manyUserGroups {
			id := fmt.Sprintf("user-%d-%d", g, u)
			began := time.Now()
			if err := createUser(ctx, api, id, "password-of-"+id+"-0123456789"); err != nil {
				return err
			}
			took = append(took, milliseconds(time.Since(began)))
			members = append(members, id)
		}
		if err := createUserGroup(ctx, api, fmt.Sprintf("group-%d", g), members...); err != nil {
			return err
		}
	}
	s.record(Measurement{Name: fmt.Sprintf("CreateUser, up to %d users", manyUsers), Unit: Milliseconds, Samples: took})
	return nil
}

func createUser(ctx context.Context, api *elasticache.Client, id, password string) error {
	_, err := api.CreateUser(ctx, &elasticache.CreateUserInput{
		UserId: &id, UserName: &id, Engine: aws.String("redis"), Passwords: []string{password}, AccessString: aws.String("on ~* +get +ping"),
	})
	return err
}

// createUserGroup makes one of engine redis, for caches of both engines.
func createUserGroup(ctx context.Context, api *elasticache.Client, id string, members ...string) error {
	_, err := api.CreateUserGroup(ctx, &elasticache.CreateUserGroupInput{UserGroupId: &id, Engine: aws.String("redis"), UserIds: append(members, "default")})
	return err
}

// userChanges changes a user, and looks at its nodes.
type userChanges struct {
	ctx     context.Context
	api     *elasticache.Client
	group   *load.Group
	changes int // of all kinds
	renewed int // passwords
}

// measure changes the user's rights and passwords and records how long that took.
func (c *userChanges) measure(s *session, among string) error {
	var rights, passwords []float64
	for range s.samples(100, 5) {
		for _, granted := range []bool{true, false} {
			took, err := c.grant(granted)
			if err != nil {
				return err
			}
			rights = append(rights, milliseconds(took))
		}
		took, err := c.changePassword()
		if err != nil {
			return err
		}
		passwords = append(passwords, milliseconds(took))
	}
	target := &Target{Statistic: "p99", AtMost: usersTarget}
	s.record(Measurement{Name: "right of a user " + among + " on 3 nodes, call → open connections have it, or lost it, at each", Unit: Milliseconds, Target: target, Samples: rights})
	s.record(Measurement{Name: "password of a user " + among + " on 3 nodes, call → the new one is taken at each, and the old one refused", Unit: Milliseconds, Target: target, Samples: passwords})
	return nil
}

// grant gives the user a right, or takes it away, and returns how long it took until open connections felt it.
func (c *userChanges) grant(granted bool) (took time.Duration, err error) {
	conns, err := c.enterAll()
	defer func() { err = errors.Join(err, closeAll(conns)) }()
	if err != nil {
		return 0, err
	}
	access := "on ~* +get +ping"
	if granted {
		access += " +strlen"
	}
	began := time.Now()
	if err := c.modify(&elasticache.ModifyUserInput{UserId: aws.String(changingUser), AccessString: &access}); err != nil {
		return 0, err
	}
	for _, conn := range conns {
		if err := c.until(func() bool { _, err := conn.Do("STRLEN", "x"); return (err == nil) == granted }); err != nil {
			return 0, err
		}
	}
	took = time.Since(began)
	return took, c.settled()
}

// changePassword gives the user another password, and returns how long it took until that one alone was taken. Connections are there already: their
// handshakes, again and again, would take the processors from what is measured.
func (c *userChanges) changePassword() (took time.Duration, err error) {
	old, next := passwordOf(c.renewed), passwordOf(c.renewed+1)
	conns, err := c.enterAll()
	defer func() { err = errors.Join(err, closeAll(conns)) }()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := c.modify(&elasticache.ModifyUserInput{UserId: aws.String(changingUser), Passwords: []string{next}}); err != nil {
		return 0, err
	}
	for _, conn := range conns {
		takes := func(password string) bool { _, err := conn.Do("AUTH", changingUser, password); return err == nil }
		if err := c.until(func() bool { return takes(next) && !takes(old) }); err != nil {
			return 0, err
		}
	}
	took = time.Since(began)
	c.renewed++
	return took, c.settled()
}

// enterAll logs in to every node as the user that changes. The caller closes the connections, after an error, too.
func (c *userChanges) enterAll() (conns []*load.Conn, err error) {
	for _, node := range c.group.Nodes {
		conn, err := enter(c.group, node, changingUser, passwordOf(c.renewed))
		if err != nil {
			return conns, err
		}
		conns = append(conns, conn)
	}
	return conns, nil
}

func closeAll(conns []*load.Conn) (err error) {
	for _, conn := range conns {
		err = errors.Join(err, conn.Close())
	}
	return err
}

func (c *userChanges) modify(in *elasticache.ModifyUserInput) error {
	c.changes++
	_, err := c.api.ModifyUser(c.ctx, in)
	return err
}

// until asks again and again, until it is so.
func (c *userChanges) until(so func() bool) error {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline) && c.ctx.Err() == nil; {
		if so() {
			return nil
		}
	}
	return errors.New("a change of a user is not felt")
}

// settled waits until the user can be changed again.
func (c *userChanges) settled() error {
	return c.until(func() bool {
		out, err := c.api.DescribeUsers(c.ctx, &elasticache.DescribeUsersInput{UserId: aws.String(changingUser)})
		return err == nil && aws.ToString(out.Users[0].Status) == "active"
	})
}
