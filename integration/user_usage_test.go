package integration

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// TestUserUsage: who uses which password of a user is seen before the old one is taken away, and who is refused for it afterwards.
func TestUserUsage(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		u := people{s, t}
		u.make("app", "worker", "on ~app:* +@read +set +ping +client|setname", appPassword, app2Password)
		u.make("closed", "default", "on ~d:* +ping", ownPassword)
		u.group("team", engine, "app", "closed")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), UserGroupIds: []string{"team"}})
		enter := func(at string, words ...string) *wire {
			w := dial(t, at, g.ca)
			says(t, w, "OK", words...)
			return w
		}
		old := enter(g.primary(), "AUTH", "worker", appPassword)
		says(t, old, "OK", "CLIENT", "SETNAME", "worker-old")
		places := g.addresses()
		n := int64(len(places))
		for _, at := range places {
			w := dial(t, at, g.ca)
			if answer := w.do("HELLO", "2", "AUTH", "worker", app2Password, "SETNAME", "worker-new"); strings.HasPrefix(answer, "-") {
				t.Fatal(answer)
			}
		}
		enter(g.primary(), "AUTH", ownPassword)
		refuseLogin(t, g.primary(), g.ca, "AUTH", "worker", ownPassword)
		refuseLogin(t, g.primary(), g.ca, "AUTH", "nobody", appPassword)

		app := u.usage("app")
		app.has(appPassword, "current", 1, 0)
		app.has(app2Password, "current", n, 0)
		app.has("unknown", "unknown", 0, 1)
		telling := engine == "valkey" // engines before 7.2 do not tell by which password a connection came
		if telling {
			app.connected(appPassword, 1, "worker-old")
			app.connected(app2Password, n, "worker-new")
		} else {
			app.connected("either", n+1, "worker-new")
		}
		u.usage("closed").has(ownPassword, "current", 1, 0)
		for _, c := range g.usage().Credentials { // of those without a user
			if strings.HasPrefix(c.Fingerprint, "@") {
				t.Errorf("among the group's tokens: %+v", c)
			}
		}

		g.guard("refuse", "10m")
		u.guarded(g, telling)
		g.guard("warn", "10m")
		u.modify(&elasticache.ModifyUserInput{UserId: aws.String("app"), Passwords: []string{app2Password}})
		u.warned("The change ends the password " + fingerprintOf(appPassword) + " of user app in " + g.id + ", which is in use: ")
		says(t, old, "PONG", "PING")
		refuseLogin(t, g.primary(), g.ca, "AUTH", "worker", appPassword)
		app = u.usage("app")
		app.has(appPassword, "retired", 1, 1)
		app.has(app2Password, "current", n, 0)
		if telling {
			app.connected(appPassword, 1, "worker-old") // it stays
		} else {
			app.connected(app2Password, n+1, "worker-new") // there is but one
		}

		if out := command(t, s, "user", "usage", "app"); !strings.Contains(out, "app, who logs in as worker, at") || !strings.Contains(out, fingerprintOf(appPassword)+"  retired") || !strings.Contains(out, "worker-new") {
			t.Errorf("it is shown as\n%s", out)
		}
		for _, words := range [][]string{{"user", "usage", "ap"}, {"user", "usage"}} {
			if out, err := s.Aikagi(words...); err == nil {
				t.Errorf("%q: %s", words, out)
			}
		}
	})
}

// guarded tries what would take passwords away that are in use. A cache refuses it, and names who would be locked out.
func (p people) guarded(g *group, telling bool) {
	p.t.Helper()
	one, two := fingerprintOf(appPassword), fingerprintOf(app2Password)
	by := ""
	if telling {
		by = ", by worker-old (127."
	}
	for _, c := range []struct {
		what string
		says string
		err  func() error
	}{
		{"another password", "would end the password " + one + " of user app in " + g.id + ", which is in use: ", func() error {
			_, err := p.API().ModifyUser(p.t.Context(), &elasticache.ModifyUserInput{UserId: aws.String("app"), Passwords: []string{app2Password}})
			return err
		}},
		{"off", by, func() error {
			_, err := p.API().ModifyUser(p.t.Context(), &elasticache.ModifyUserInput{UserId: aws.String("app"), AccessString: aws.String("off ~* +@all")})
			return err
		}},
		{"out of the user group", "would end the password " + one, func() error {
			_, err := p.API().ModifyUserGroup(p.t.Context(), &elasticache.ModifyUserGroupInput{UserGroupId: aws.String("team"), UserIdsToRemove: []string{"app"}})
			return err
		}},
		{"gone", `aikagi user usage app" shows which do not`, func() error {
			_, err := p.API().DeleteUser(p.t.Context(), &elasticache.DeleteUserInput{UserId: aws.String("app")})
			return err
		}},
		{"the one that replaces it", "would end the password " + two, func() error {
			_, err := p.API().ModifyUser(p.t.Context(), &elasticache.ModifyUserInput{UserId: aws.String("app"), Passwords: []string{appPassword}})
			return err
		}},
	} {
		p.refused(c.err(), invalidCombi, c.says)
	}
	p.modify(&elasticache.ModifyUserInput{UserId: aws.String("app"), AppendAccessString: aws.String("+get")}) // which takes nothing away
}

// warned sees an event that begins so.
func (p people) warned(begin string) {
	p.t.Helper()
	out, err := p.API().DescribeEvents(p.t.Context(), &elasticache.DescribeEventsInput{})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range out.Events {
		if strings.HasPrefix(aws.ToString(e.Message), begin) {
			return
		}
	}
	p.t.Errorf("no event says %q", begin)
}

func fingerprintOf(password string) string {
	return token.Digest(sha256.Sum256([]byte(password))).Fingerprint()
}

// userUsage is what is shown of a user of one cache.
type userUsage struct {
	t *testing.T
	own.UserUsage
}

func (p people) usage(id string) userUsage {
	p.t.Helper()
	var u own.UserUsage
	if err := json.Unmarshal([]byte(command(p.t, p.Server, "user", "usage", id, "-o", "json")), &u); err != nil {
		p.t.Fatal(err)
	}
	if len(u.Caches) != 1 || !u.Complete {
		p.t.Fatalf("of %s: %+v", id, u)
	}
	return userUsage{p.t, u}
}

// of finds a password, or what is in the place of its fingerprint.
func (u userUsage) of(password string) own.CredentialUsage {
	u.t.Helper()
	for _, c := range u.Caches[0].Passwords {
		if c.Fingerprint == password || c.Fingerprint == fingerprintOf(password) {
			return c
		}
	}
	u.t.Errorf("%s is not among %+v", password, u.Caches[0].Passwords)
	return own.CredentialUsage{}
}

func (u userUsage) has(password, standing string, authentications, refused int64) {
	u.t.Helper()
	if c := u.of(password); string(c.Standing) != standing || c.Authentications != authentications || c.Refused != refused {
		u.t.Errorf("%s: %+v, want %s, %d logins, %d refused", password, c, standing, authentications, refused)
	}
}

// connected sees how many connections there are, and that this is one of them.
func (u userUsage) connected(password string, connections int64, name string) {
	u.t.Helper()
	c := u.of(password)
	found := false
	for _, client := range c.Clients {
		found = found || client.Name == name
	}
	if int64(c.Connections) != connections || !found {
		u.t.Errorf("%s: %+v, want %d connections, one of them %s", password, c, connections, name)
	}
}
