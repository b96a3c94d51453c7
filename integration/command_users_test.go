package integration

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/client"
)

// TestCommandsOfUsers takes a cache from a token to users by our own commands, changes what a user may do, and gives the cache a token again.
func TestCommandsOfUsers(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		w := newShop(t, harness.Start(t))
		w.must("printf '" + appPassword + "\\n" + app2Password + "\\n' | bin/aikagi user create app --engine " + engine + " --access-string 'on ~app:* +@all' --passwords 2")
		w.may("can app ping", false, "there is none yet")
		made := w.must("AIKAGI_USER_PASSWORD=" + ownPassword + " bin/aikagi user create reporter --engine " + engine + " --access-string 'on %R~* &* +@read +info'")
		for _, want := range []string{"reads all", "@read, info", "a password", "off"} {
			if strings.Contains(made, want) == (want == "off") {
				t.Errorf("a new user is shown without %q: %s", want, made)
			}
		}
		users := []string{"app", "reporter"}
		if engine == "redis" {
			w.must("AIKAGI_USER_PASSWORD=" + ownPassword + " bin/aikagi user create closed --user-name default --engine redis --access-string 'off -@all'")
			users = append(users, "closed")
		}
		w.must("bin/aikagi user-group create team --engine " + engine + " " + strings.Join(users, " "))
		w.must("AIKAGI_AUTH_TOKEN=" + token1 + " bin/aikagi create shop --engine " + engine + " --auth-token")
		w.must("bin/aikagi modify shop --auth-token-update-strategy DELETE --user-group-ids-to-add team")
		w.answers("app", appPassword, "set app:1 x", "OK")
		w.answers("app", app2Password, "set other x", "NOPERM")
		w.answers("reporter", ownPassword, "get app:1", "x")
		w.answers("reporter", ownPassword, "del app:1", "NOPERM")
		w.may("can reporter del app:1", false, "'del'")
		w.may("can reporter --append-access-string=-get get app:1", false, "'get'")
		w.may("can reporter --append-access-string '+del ~*' del app:1", true, engine)
		w.must("bin/aikagi user modify reporter --append-access-string '+del ~*'")
		w.may("can reporter del app:1", true, "shop-001")
		w.answers("reporter", ownPassword, "del app:1", "1")
		w.may("can app --access-string 'on ~* +@read' set app:1 x", false, "'set'")
		w.must("bin/aikagi user modify app --access-string 'on ~* +@read'")
		w.answers("app", appPassword, "set app:1 x", "NOPERM")

		var u client.User
		w.decode("bin/aikagi user describe app -o json", &u)
		if u.Status != "active" || u.Passwords != 2 || strings.Join(u.UserGroups, ",") != "team" || u.AccessString != "on ~* -@all +@read" {
			t.Errorf("app is %+v", u)
		}
		shown := w.must("bin/aikagi user describe app; bin/aikagi user list; bin/aikagi user-group list; bin/aikagi user-group describe team; bin/aikagi status shop")
		for _, want := range []string{"2 passwords", "reads and writes all", "shop", "app, reporter", "users of user group team"} {
			if !strings.Contains(shown, want) {
				t.Errorf("%q is not shown:\n%s", want, shown)
			}
		}
		if engine == "redis" { // a group of engine valkey cannot have a user without a password
			w.must("bin/aikagi user-group modify team --add default --remove closed")
			if out := w.must("bin/aikagi connect shop ping; bin/aikagi status shop; bin/aikagi list"); !strings.HasPrefix(out, "PONG\n") || !strings.Contains(out, "EVERYBODY GETS IN WITHOUT A PASSWORD, as user default") {
				t.Errorf("with an open user: %s", out)
			}
			w.must("bin/aikagi user-group modify team --remove default --add closed")
			if out := w.must("bin/aikagi connect shop ping 2>&1; bin/aikagi status shop"); !strings.Contains(out, "NOAUTH") || strings.Contains(out, "WITHOUT A PASSWORD") {
				t.Errorf("without it again: %s", out)
			}
		}
		w.must("bin/aikagi user-group modify team --remove reporter")
		w.answers("reporter", ownPassword, "ping", "WRONGPASS")
		w.must("bin/aikagi user delete reporter")
		w.must("AIKAGI_AUTH_TOKEN=" + token1 + " bin/aikagi modify shop --remove-user-groups --auth-token-update-strategy SET && bin/aikagi user-group delete team")
		if out := w.must("REDISCLI_AUTH=" + token1 + " bin/aikagi connect shop get app:1; bin/aikagi user-group list"); out != "\nno user groups; make one: aikagi user-group create NAME USER…\n" {
			t.Errorf("with a token again: %q", out)
		}
		w.refusesUsers()
	})
}

// answers logs in as a user and looks for what it is answered.
func (w *shop) answers(user, password, command, want string) {
	w.t.Helper()
	said := w.sh("REDISCLI_AUTH=" + password + " bin/aikagi connect shop --user " + user + " " + command)
	if !strings.Contains(said.out+said.problems, want) {
		w.t.Errorf("%s: %s: %s%s, want %s", user, command, said.out, said.problems, want)
	}
}

// may asks whether a user may run a command.
func (w *shop) may(question string, allowed bool, want string) {
	w.t.Helper()
	said := w.sh("bin/aikagi " + question)
	if (said.code == 0) != allowed || !strings.Contains(said.out+said.problems, want) {
		w.t.Errorf("%s: exit code %d, %s%s, want %v, %s", question, said.code, said.out, said.problems, allowed, want)
	}
}

func (w *shop) decode(script string, to any) {
	w.t.Helper()
	if err := json.Unmarshal([]byte(w.must(script)), to); err != nil {
		w.t.Fatal(err)
	}
}

// refusesUsers tries what cannot be done; no answer has a password.
func (w *shop) refusesUsers() {
	w.t.Helper()
	secret := "no-such-password-0123"
	for script, want := range map[string]string{
		"bin/aikagi user describe ap":                                                               "Did you mean app?",
		"bin/aikagi user-group describe ap":                                                         "To see all: aikagi user-group list",
		"bin/aikagi user modify app":                                                                "say what to change",
		"bin/aikagi user modify app --passwords 1 </dev/null":                                       "0 of 1 passwords are there",
		"bin/aikagi user modify app --passwords 3 </dev/null":                                       "a user has 1 or 2 passwords",
		"echo " + secret + " | bin/aikagi user create x --access-string 'on +config'":               "+config",
		"echo short | bin/aikagi user modify app --passwords 1":                                     "16-128",
		"printf '" + secret + "\\n\\n' | bin/aikagi user create x --passwords 2 --access-string on": "1 of 2 passwords are there",
		"bin/aikagi can app nosuch a":                                                               "The engine cannot try this command",
		"bin/aikagi can app config get x":                                                           "clients are never offered",
		"bin/aikagi can app --access-string 'off ~*' ping":                                          "the user is off",
		"bin/aikagi can app --access-string '~* +@no' ping":                                         "+@no",
		"bin/aikagi can ap ping":                                                                    "Did you mean app?",
		"bin/aikagi can app --group nowhere ping":                                                   "ReplicationGroupNotFound",
		"bin/aikagi user-group modify team":                                                         "say what to change",
	} {
		if said := w.sh(script); said.code == 0 || !strings.Contains(said.problems, want) || strings.Contains(said.out+said.problems, secret) {
			w.t.Errorf("%s: exit code %d, %q, want %q", script, said.code, said.out+said.problems, want)
		}
	}
}
