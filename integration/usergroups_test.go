package integration

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

const (
	appPassword  = "app-password-0123456789"
	app2Password = "another-password-0123456789"
	ownPassword  = "default-password-0123456789"
)

// TestUserGroups takes a group from tokens to the users of a user group and back, changes users under open connections, and asks every node what
// who logs in may do.
func TestUserGroups(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		u := people{s, t}
		u.make("app", "app", "on ~app:* +@read +set +ping +acl|whoami", appPassword)
		u.make("audit", "audit", "on ~* +@read +ping", app2Password)
		u.make("closed", "default", "off -@all", ownPassword)
		u.group("team", engine, "app", "closed")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AuthToken: aws.String(token1)})
		old := dial(t, g.primary(), g.ca)
		says(t, old, "OK", "AUTH", token1)

		u.refused(g.join("team", ""), invalidCombi, "User group can't be associated with auth token enabled. Pass AuthStrategy delete to proceed.")
		u.allowed(g, g.join("team", remove))
		if d := g.describe(); !slices.Equal(d.UserGroupIds, []string{"team"}) || aws.ToBool(d.AuthTokenEnabled) || d.PendingModifiedValues.UserGroups != nil {
			t.Errorf("with a user group it is shown as %v, token %v, pending %+v", d.UserGroupIds, aws.ToBool(d.AuthTokenEnabled), d.PendingModifiedValues.UserGroups)
		}
		says(t, old, "OK", "SET", "x", "1") // who has logged in stays
		for _, at := range g.addresses() {
			refuseLogin(t, at, g.ca, "AUTH", token1)
			refuseLogin(t, at, g.ca, "AUTH", ownPassword)
			refuseLogin(t, at, g.ca, "AUTH", "audit", app2Password)
			refuseLogin(t, at, g.ca, "AUTH", "app", app2Password)
			w := dial(t, at, g.ca)
			says(t, w, "-NOAUTH", "GET", "app:1")
			says(t, w, "OK", "AUTH", "app", appPassword)
			says(t, w, "app", "ACL", "WHOAMI")
			says(t, w, "-NOPERM", "GET", "x")
			says(t, w, "-NOPERM", "FLUSHALL")
			says(t, w, "-ERR unknown command", "CONFIG", "GET", "*")
		}
		u.refused(g.ask(&elasticache.ModifyReplicationGroupInput{AuthToken: aws.String(token2), AuthTokenUpdateStrategy: set}), invalidCombi,
			"Auth tokens can't be enabled with a user group already associated. Pass RemoveUserGroups to proceed.")

		app := dial(t, g.primary(), g.ca)
		says(t, app, "OK", "AUTH", "app", appPassword)
		says(t, app, "OK", "SET", "app:1", "1")
		says(t, app, "-NOPERM", "DEL", "app:1")
		u.modify(&elasticache.ModifyUserInput{UserId: aws.String("app"), AppendAccessString: aws.String("+del"), Passwords: []string{app2Password}})
		says(t, app, "1", "DEL", "app:1") // the connection stays, and has the new rights
		refuseLogin(t, g.primary(), g.ca, "AUTH", "app", appPassword)
		says(t, dial(t, g.primary(), g.ca), "OK", "AUTH", "app", app2Password)

		u.change(&elasticache.ModifyUserGroupInput{UserGroupId: aws.String("team"), UserIdsToAdd: []string{"audit"}})
		audit := dial(t, g.primary(), g.ca)
		says(t, audit, "OK", "AUTH", "audit", app2Password)
		s.Kill()
		s.Start()
		g.AwaitStatus(g.id, "available")
		u.change(&elasticache.ModifyUserGroupInput{UserGroupId: aws.String("team"), UserIdsToRemove: []string{"audit"}})
		if answer, err := audit.try("PING"); err == nil {
			t.Errorf("who is not in the user group any more is answered %q", answer)
		}
		says(t, app, "PONG", "PING")

		u.modify(&elasticache.ModifyUserInput{UserId: aws.String("closed"), AccessString: aws.String("on ~d:* +set +ping")})
		some := dial(t, g.primary(), g.ca)
		says(t, some, "OK", "AUTH", ownPassword)
		u.modify(&elasticache.ModifyUserInput{UserId: aws.String("closed"), Passwords: []string{appPassword}})
		refuseLogin(t, g.primary(), g.ca, "AUTH", ownPassword)
		says(t, some, "OK", "SET", "d:1", "1") // it stays, and gets no more rights by that
		says(t, some, "-NOPERM", "SET", "x", "1")
		u.modify(&elasticache.ModifyUserInput{UserId: aws.String("closed"), AccessString: aws.String("on ~d:* +ping")})
		says(t, some, "-NOPERM", "SET", "d:1", "1")

		// Another default with the same password, and more rights, which who has logged in before does not get.
		u.make("closed2", "default", "on ~* +@all", appPassword)
		before := dial(t, g.primary(), g.ca)
		says(t, before, "OK", "AUTH", appPassword)
		u.change(&elasticache.ModifyUserGroupInput{UserGroupId: aws.String("team"), UserIdsToAdd: []string{"closed2"}, UserIdsToRemove: []string{"closed"}})
		for _, w := range []*wire{some, before} {
			if answer, err := w.try("PING"); err == nil {
				t.Errorf("who was another default is answered %q", answer)
			}
		}
		says(t, app, "PONG", "PING")
		after := dial(t, g.primary(), g.ca)
		says(t, after, "OK", "AUTH", appPassword)
		says(t, after, "OK", "SET", "x", "1")

		u.allowed(g, g.ask(&elasticache.ModifyReplicationGroupInput{RemoveUserGroups: aws.Bool(true), AuthToken: aws.String(token2), AuthTokenUpdateStrategy: set}))
		g.checkAccess(token2)
		for _, w := range []*wire{after, app} { // nobody keeps what tokens give from now on
			if answer, err := w.try("PING"); err == nil {
				t.Errorf("who was a user is answered %q", answer)
			}
		}
		refuseLogin(t, g.primary(), g.ca, "AUTH", "app", app2Password)
		if _, err := s.API().DeleteUserGroup(t.Context(), &elasticache.DeleteUserGroupInput{UserGroupId: aws.String("team")}); err != nil {
			t.Error(err)
		}
	})
}

// people makes and changes users.
type people struct {
	*harness.Server
	t *testing.T
}

func (p people) make(id, name, access string, passwords ...string) {
	p.t.Helper()
	_, err := p.API().CreateUser(p.t.Context(), &elasticache.CreateUserInput{
		UserId: &id, UserName: &name, Engine: aws.String("redis"), AccessString: &access, Passwords: passwords,
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p people) group(id, engine string, users ...string) {
	p.t.Helper()
	_, err := p.API().CreateUserGroup(p.t.Context(), &elasticache.CreateUserGroupInput{UserGroupId: &id, Engine: &engine, UserIds: users})
	if err != nil {
		p.t.Fatal(err)
	}
}

// modify changes a user, and waits until every node has the change.
func (p people) modify(in *elasticache.ModifyUserInput) {
	p.t.Helper()
	out, err := p.API().ModifyUser(p.t.Context(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	if aws.ToString(out.Status) != "modifying" {
		p.t.Errorf("a user of a cache is %s at once", aws.ToString(out.Status))
	}
	harness.Await(p.t, harness.Patience, "the user to be active", func() (bool, error) {
		out, err := p.API().DescribeUsers(p.t.Context(), &elasticache.DescribeUsersInput{UserId: in.UserId})
		return err == nil && aws.ToString(out.Users[0].Status) == "active", err
	})
}

// change changes a user group, and waits until every node has the change.
func (p people) change(in *elasticache.ModifyUserGroupInput) {
	p.t.Helper()
	if _, err := p.API().ModifyUserGroup(p.t.Context(), in); err != nil {
		p.t.Fatal(err)
	}
	harness.Await(p.t, harness.Patience, "the user group to be active", func() (bool, error) {
		out, err := p.API().DescribeUserGroups(p.t.Context(), &elasticache.DescribeUserGroupsInput{UserGroupId: in.UserGroupId})
		return err == nil && aws.ToString(out.UserGroups[0].Status) == "active", err
	})
}

func (p people) refused(err error, code, message string) {
	p.t.Helper()
	checkRefusal(p.t, err, code, message)
}

func (p people) allowed(g *group, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	g.AwaitStatus(g.id, "available")
}

// join asks for a user group; the strategy is that of the token that the group may have.
func (g *group) join(userGroup string, strategy types.AuthTokenUpdateStrategyType) error {
	return g.ask(&elasticache.ModifyReplicationGroupInput{UserGroupIdsToAdd: []string{userGroup}, AuthTokenUpdateStrategy: strategy})
}

func (g *group) ask(in *elasticache.ModifyReplicationGroupInput) error {
	in.ReplicationGroupId, in.ApplyImmediately = &g.id, aws.Bool(true)
	_, err := g.API().ModifyReplicationGroup(g.t.Context(), in)
	return err
}

// says sees how the answer to a command begins.
func says(t *testing.T, w *wire, prefix string, words ...string) {
	t.Helper()
	if answer := w.do(words...); !strings.HasPrefix(answer, prefix) {
		t.Errorf("%s was answered %q, want %q", words[0], answer, prefix)
	}
}

// refuseLogin sees a login refused.
func refuseLogin(t *testing.T, at string, ca *x509.CertPool, words ...string) {
	t.Helper()
	if answer := dial(t, at, ca).do(words...); !strings.HasPrefix(answer, "-WRONGPASS") {
		t.Errorf("%s was answered %q", words[0], answer)
	}
}
