package module

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestACLOfClients(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA, tokenB))
		e.client().do("AUTH", wrong) // something for the log
		for _, protocol := range []string{"2", "3"} {
			c := e.client()
			c.do("HELLO", protocol, "AUTH", "default", tokenA)
			if who := c.do("acl", "whoami"); who != tokenUser(tokenA) {
				t.Errorf("WHOAMI: %v", who)
			}
			users, _ := c.do("ACL", "USERS").([]any)
			if want := []any{"default", tokenUser(tokenA), tokenUser(tokenB)}; !sameSet(users, want) {
				t.Errorf("USERS: %q, want %q", users, want)
			}
			checkACLList(t, c)
			if categories, _ := c.do("ACL", "CAT").([]any); !slices.Contains(categories, any("dangerous")) {
				t.Errorf("CAT: %q", categories)
			}
			if commands, _ := c.do("ACL", "CAT", "string").([]any); !slices.Contains(commands, any("get")) {
				t.Errorf("CAT string: %q", commands)
			}
			if password, _ := c.do("ACL", "GENPASS", "32").(string); len(password) != 8 {
				t.Errorf("GENPASS 32: %q", password)
			}
			if log := text(c.do("ACL", "LOG")); !strings.Contains(log, "AUTH") || !strings.Contains(log, tokenUser(wrong)) {
				t.Errorf("LOG: %s", log)
			}
			if log, ok := c.do("ACL", "LOG", "0").([]any); !ok || len(log) != 0 {
				t.Errorf("LOG 0: %v", log)
			}
			if help := text(c.do("ACL", "HELP")); !strings.Contains(help, "WHOAMI") {
				t.Errorf("HELP: %s", help)
			}
		}
	})
}

func checkACLList(t *testing.T, c *conn) {
	t.Helper()
	lines, _ := c.do("ACL", "LIST").([]any)
	if len(lines) != 3 {
		t.Errorf("LIST: %q", lines)
	}
	for _, line := range lines {
		s := line.(string)
		if regexp.MustCompile(`#[0-9a-f]|aikagi:`).MatchString(s) {
			t.Errorf("LIST shows %q", s)
		}
		if !regexp.MustCompile(`^user (default|token:\w+) on .*~\* &\* \+@all`).MatchString(s) {
			t.Errorf("LIST: %q", s)
		}
	}
}

func sameSet(got, want []any) bool {
	if len(got) != len(want) {
		return false
	}
	return !slices.ContainsFunc(want, func(w any) bool { return !slices.Contains(got, w) })
}

// What a client must not do reads like a command that does not exist, and a subcommand that there is not as the
// engine has it.
func TestRefusedACL(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		c := e.client()
		for _, args := range []string{
			"SETUSER x on", "setuser x on", "DELUSER " + adminUser, "LOAD", "SAVE", "GETUSER default", "GETUSER " + adminUser, "SETUSER\x00 x", "SAVE\x001",
		} {
			if reply := c.do(append([]string{"ACL"}, strings.Split(args, " ")...)...); !isError(reply, "ERR unknown command") {
				t.Errorf("ACL %.50q: %v", args, reply)
			}
		}
		for _, command := range [][]string{
			{"ACL"}, {"ACL", ""}, {"ACL", "CAT", "a", "b"}, {"ACL", "LOG", "1", "2"}, {"ACL", "WHOAMI", "x"},
			{"ACL", "LIST", "x"}, {"ACL", "USERS", "x"}, {"ACL", "DRYRUN"},
		} {
			if reply := c.do(command...); !isError(reply, "ERR") {
				t.Errorf("%q: %v", command, reply)
			}
		}
		for i := range 300 { // see reads_as in csrc/names.h
			if reply := c.do(fmt.Sprintf("ACL\x00%d", i), "SETUSER", "x"); !isError(reply, "ERR unknown command") {
				t.Fatalf("ACL\\0%d SETUSER: %v", i, reply)
			}
		}
	})
}

// The service's ACL commands survive that Redis 7.0 filters them twice.
func TestServiceACLDuringPause(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		admin := e.admin()
		e.client().do("CLIENT", "PAUSE", "200")
		if reply := admin.do(e.name("ACL"), "SETUSER", "x", "on"); reply != "OK" {
			t.Errorf("ACL SETUSER of the service: %v", reply)
		}
		for _, name := range []string{strings.ToUpper(e.name("ACL")), e.name("ACL") + "\x00", e.name("ACL") + "x"} {
			if reply := admin.do(name, "SETUSER", "x", "on"); !isError(reply, "ERR unknown command") {
				t.Errorf("%q: %v", name, reply)
			}
		}
	})
}

func TestClientList(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		admin, c, other := e.admin(), e.client(), e.client()
		other.do("AUTH", tokenA)
		adminID := fmt.Sprint(admin.do("CLIENT", "ID"))
		c.do("CLIENT", "SETNAME", "user="+servicePrefix)
		for _, command := range [][]string{
			{"CLIENT", "LIST"}, {"client", "list"}, {"CLIENT", "LIST", "TYPE", "normal"},
			{"CLIENT", "LIST", "ID", adminID, fmt.Sprint(c.do("CLIENT", "ID")), fmt.Sprint(other.do("CLIENT", "ID"))},
		} {
			list := text(c.do(command...))
			if strings.Contains(list, " user="+servicePrefix) || !strings.Contains(list, " user=default ") || !strings.Contains(list, " user="+tokenUser(tokenA)+" ") {
				t.Errorf("%q: %s", command, list)
			}
		}
		if list := c.do("CLIENT", "LIST", "ID", adminID); list != "" {
			t.Errorf("the admin's own line: %q", list)
		}
		for i := range 300 { // see reads_as in csrc/names.h
			if list := text(c.do("CLIENT", fmt.Sprintf("LIST\x00%d", i))); strings.Contains(list, servicePrefix+"admin") {
				t.Fatalf("CLIENT LIST\\0%d: %s", i, list)
			}
		}
		if list := text(admin.do("CLIENT", "LIST")); !strings.Contains(list, " user="+adminUser+" ") {
			t.Errorf("the service does not see its own connections: %s", list)
		}
		c.do("MULTI")
		c.do("CLIENT", "LIST")
		c.do("ACL", "LIST")
		if reply := text(c.do("EXEC")); strings.Contains(reply, servicePrefix+"admin") || strings.Contains(reply, "#") {
			t.Errorf("in MULTI: %s", reply)
		}
		if reply := c.do("CLIENT", "INFO"); isError(reply, "") {
			t.Errorf("CLIENT INFO: %v", reply)
		}
	})
}

// The rights to the real commands decide, although other commands answer.
func TestRightsOfTheRealCommands(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, append(state(true),
			"user none on >p ~* +@read "+ClientRules,
			"user some on >p ~* +client|list +acl|whoami "+ClientRules))
		if strings.Contains(text(e.client().do("INFO", "server")), "redis_version:6.") {
			t.Skip("Redis 6.2 cannot run a call as the caller")
		}
		none, some := e.client(), e.client()
		none.do("AUTH", "none", "p")
		some.do("AUTH", "some", "p")
		for _, command := range [][]string{{"CLIENT", "LIST"}, {"ACL", "WHOAMI"}, {"ACL", "LIST"}, {"ACL", "USERS"}, {"ACL", "LOG"}, {"ACL", "CAT"}} {
			reply := none.do(command...)
			// The second is how Redis 7.0 puts it for a call by a module.
			refused := isError(reply, "NOPERM") || isError(reply, "ERR acl verification failed")
			if !refused || strings.Contains(strings.ToLower(text(reply)), e.secret) {
				t.Errorf("%q without the right: %v", command, reply)
			}
		}
		if who := some.do("ACL", "WHOAMI"); who != "some" {
			t.Errorf("WHOAMI with the right: %v", who)
		}
		if list := text(some.do("CLIENT", "LIST")); !strings.Contains(list, "user=some") {
			t.Errorf("CLIENT LIST with the right: %s", list)
		}
		if log := strings.ToLower(text(e.client().do("ACL", "LOG"))); strings.Contains(log, e.secret) {
			t.Errorf("ACL LOG: %s", log)
		}
	})
}
