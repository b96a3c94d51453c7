package module

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const (
	tokenA = "first-token-of-the-tests!"
	tokenB = "second-token&#$^<>-"
	wrong  = "nobody-holds-this-token"
)

// loginForms are all ways to say "this token" on the wire.
var loginForms = map[string]func(token string) []string{
	"one argument":     func(p string) []string { return []string{"AUTH", p} },
	"lower case":       func(p string) []string { return []string{"auth", p} },
	"default user":     func(p string) []string { return []string{"AUTH", "default", p} },
	"HELLO 2":          func(p string) []string { return []string{"HELLO", "2", "AUTH", "default", p} },
	"HELLO 3":          func(p string) []string { return []string{"HELLO", "3", "auth", "default", p} },
	"HELLO with name":  func(p string) []string { return []string{"hello", "3", "SETNAME", "auth", "AUTH", "default", p} },
	"HELLO name after": func(p string) []string { return []string{"HELLO", "3", "AUTH", "default", p, "setname", "x"} },
	"HELLO twice": func(p string) []string {
		return []string{"HELLO", "3", "AUTH", "default", p, "AUTH", "default", p}
	},
	"HELLO with NUL": func(p string) []string { return []string{"HELLO", "3", "AUTH\x00x", "default", p} },
	"written name":   func(p string) []string { return []string{"AUTH", tokenUser(p), p} },
}

func TestLoginInEveryState(t *testing.T) {
	states := map[string]struct {
		none   bool
		tokens []string
	}{
		"NONE":       {none: true},
		"NONE and A": {none: true, tokens: []string{tokenA}},
		"A and B":    {tokens: []string{tokenA, tokenB}},
		"A":          {tokens: []string{tokenA}},
	}
	eachEngine(t, func(t *testing.T, binary string) {
		for name, s := range states {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				e := startEngine(t, binary, state(s.none, s.tokens...))
				checkWithoutToken(t, e, s.none)
				for form, command := range loginForms {
					for _, token := range []string{tokenA, tokenB, wrong, "", "default", strings.Repeat("a", 129), "\x00\xff\r\n"} {
						held := strings.Contains("\x01"+strings.Join(s.tokens, "\x01")+"\x01", "\x01"+token+"\x01") && token != ""
						t.Run(fmt.Sprintf("%s/%.20q", form, token), func(t *testing.T) {
							checkLogin(t, e, command(token), tokenUser(token), held, s.none)
						})
					}
				}
			})
		}
	})
}

func checkWithoutToken(t *testing.T, e *engine, none bool) {
	t.Helper()
	reply := e.client().do("PING")
	if none && reply != "PONG" || !none && !isError(reply, "NOAUTH") {
		t.Errorf("PING without a token (NONE held: %t): %v", none, reply)
	}
}

func checkLogin(t *testing.T, e *engine, command []string, user string, held, none bool) {
	t.Helper()
	c := e.client()
	c.t = t
	reply := c.do(command...)
	if _, refused := reply.(respError); refused == held {
		t.Fatalf("%q: %v, held: %t", command, reply, held)
	}
	if held {
		if who := c.do("ACL", "WHOAMI"); who != user {
			t.Errorf("%q: the engine says %v, want %s", command, who, user)
		}
		return
	}
	if !isError(reply, "WRONGPASS") {
		t.Errorf("%q: %v, want WRONGPASS", command, reply)
	}
	if after := c.do("PING"); !none && !isError(after, "NOAUTH") || none && after != "PONG" {
		t.Errorf("PING after a refused login (NONE held: %t): %v", none, after)
	}
}

// Nobody gets in by the name of a token's user, except with the name that the token leads to.
func TestTokenUserNamedByClient(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		// A user that the filter would never choose, open to any password.
		e := startEngine(t, binary, append(state(false, tokenA), "user token:open on nopass ~* +@all"))
		for _, user := range []string{"token:open", "token:", "token: refused", tokenUser(wrong), tokenUser(tokenA) + "0", tokenUser(tokenA) + "\x00"} {
			for _, command := range [][]string{
				{"AUTH", user, tokenA},
				{"HELLO", "3", "AUTH", user, tokenA},
				{"HELLO", "3", "AUTH\x00", user, tokenA},
			} {
				if reply := e.client().do(command...); !isError(reply, "WRONGPASS") {
					t.Errorf("%q: %v", command, reply)
				}
			}
		}
		// An engine looks a command up by a hash of all its bytes, but compares them up to the
		// first NUL: among many such names, some land in AUTH's bucket.
		c := e.client()
		for i := range 5000 {
			if reply := c.do(fmt.Sprintf("AUTH\x00%d", i), "token:open", "anything"); reply == "OK" {
				t.Fatalf("a client is in as token:open by way of AUTH\\0%d", i)
			}
		}
	})
}

func TestOtherUsersPass(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, append(state(false, tokenA), "user alice on >alices-password ~* +@all", "user Default on >x ~* +@all"))
		for user, password := range map[string]string{"alice": "alices-password", "Default": "x", adminUser: adminPassword} {
			c := e.client()
			if reply := c.do("AUTH", user, password); reply != "OK" {
				t.Errorf("AUTH %s: %v", user, reply)
			}
			if reply := c.do("AUTH", user, "other"); !isError(reply, "WRONGPASS") {
				t.Errorf("AUTH %s with another password: %v", user, reply)
			}
			if reply := e.client().do("HELLO", "3", "AUTH", user, password); isError(reply, "") {
				t.Errorf("HELLO as %s: %v", user, reply)
			}
		}
	})
}

// Every padding of SHA-256 is met on the way.
func TestTokenOfEveryLength(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(false))
		admin := e.admin()
		for n := range 200 {
			token := strings.Repeat("k\xffy", 67)[:n]
			admin.do(e.name("ACL"), "SETUSER", tokenUser(token), "on", "#"+hash(token), "+@all", "~*")
			if reply := e.client().do("AUTH", token); reply != "OK" {
				t.Errorf("token of %d bytes: %v", n, reply)
			}
		}
	})
}

// A running engine goes from no token to required token, as a rotation does.
func TestRotation(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		admin, old := e.admin(), e.client()
		acl := func(args ...string) {
			t.Helper()
			if reply := admin.do(append([]string{e.name("ACL")}, args...)...); isError(reply, "") {
				t.Fatalf("ACL %q: %v", args, reply)
			}
		}
		setUser := func(line string) { t.Helper(); acl(append([]string{"SETUSER"}, strings.Fields(line)[1:]...)...) }
		old.do("PING")

		setUser(userOf(tokenA))
		held := e.client()
		for _, step := range []struct {
			c    *conn
			args []string
			want any
		}{
			{e.client(), []string{"PING"}, "PONG"},
			{held, []string{"AUTH", tokenA}, "OK"},
			{e.client(), []string{"AUTH", wrong}, nil},
		} {
			if reply := step.c.do(step.args...); step.want != nil && reply != step.want || step.want == nil && !isError(reply, "WRONGPASS") {
				t.Errorf("ROTATE: %q: %v", step.args, reply)
			}
		}

		setUser(closed)
		if reply := e.client().do("PING"); !isError(reply, "NOAUTH") {
			t.Errorf("SET: PING without a token: %v", reply)
		}
		if reply := e.client().do("AUTH", "default", tokenA); reply != "OK" {
			t.Errorf("SET: login with the token: %v", reply)
		}
		acl("DELUSER", tokenUser(tokenA))
		if _, err := held.try("PING"); err == nil {
			t.Error("a connection outlives the user of its token")
		}
	})
}

// Redis 7.0 filters a command again when CLIENT PAUSE lets go of it.
func TestLoginDuringPause(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		e.client().do("CLIENT", "PAUSE", "300")
		for form, command := range loginForms {
			if reply := e.client().do(command(tokenA)...); isError(reply, "") {
				t.Errorf("%s: %v", form, reply)
			}
			e.client().do("CLIENT", "PAUSE", "50")
		}
	})
}

func TestLoginInTransactionAndScript(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		for token, want := range map[string]string{tokenA: tokenUser(tokenA), wrong: "default"} {
			c := e.client()
			c.do("MULTI")
			c.do("AUTH", token)
			// Engines from Redis 7.2 on leave the reply to a refused AUTH out here
			// (redis#15640, valkey#2106), so the replies cannot be read one by one.
			c.Write(slices.Concat(encode([]string{"EXEC"}), encode([]string{"ACL", "WHOAMI"})))
			for line := ""; !strings.Contains(line, want); {
				var err error
				if line, err = c.r.ReadString('\n'); err != nil {
					t.Fatalf("AUTH %s in MULTI: no %q: %v", token, want, err)
				}
			}
			for _, script := range []string{"return redis.call('AUTH', ARGV[1])", "return redis.call('HELLO', '3', 'AUTH', 'default', ARGV[1])"} {
				for range 3 { // scripts keep their argument vector from call to call
					if reply := c.do("EVAL", script, "0", token); !isError(reply, "ERR") {
						t.Errorf("%s: %v", script, reply)
					}
				}
			}
			// Redis 6.2 would write past the vector that an inserted argument made smaller.
			long := "redis.pcall('MSET', unpack(ARGV)) "
			words := slices.Repeat([]string{"w"}, 2000)
			for range 5 {
				c.do(append([]string{"EVAL", long + "redis.pcall('AUTH', 'x') " + long + "return 1", "0"}, words...)...)
			}
			if reply := c.do("EVAL", "return redis.call('SET', KEYS[1], ARGV[1])", "1", "k", "v"); reply != "OK" {
				t.Errorf("script after refused logins: %v", reply)
			}
		}
	})
}
