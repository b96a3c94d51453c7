package module

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// report is what aikagi.usage says, by the first two words of its lines.
type report map[string]map[string]string

func (e *engine) usage(admin *conn) report {
	e.t.Helper()
	text, ok := admin.do("aikagi.usage").(string)
	if !ok || !strings.HasPrefix(text, "usage 1 ") {
		e.t.Fatalf("no report: %q", text)
	}
	r := report{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		name := strings.Join(words[:2], " ")
		if words[0] == "client" {
			name = strings.Join(words[:4], " ")
		}
		fields := map[string]string{}
		for _, word := range words[2:] {
			key, value, _ := strings.Cut(word, "=")
			fields[key] = value
		}
		r[name] = fields
	}
	return r
}

func (r report) number(line, field string) int {
	n, _ := strconv.Atoi(r[line][field])
	return n
}

// count is one figure of a credential: a token in the clear, NONE or unknown.
func (r report) count(credential, field string) int {
	if credential != "NONE" && credential != "unknown" {
		credential = hash(credential)[:12]
	}
	return r.number("credential "+credential, field)
}

// awaitUsage waits until the engine has seen the end of the connections that were closed.
func (e *engine) awaitUsage(admin *conn, want map[string]int) report {
	e.t.Helper()
	var r report
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		r = e.usage(admin)
		var wrong []string
		for what, n := range want {
			credential, field, _ := strings.Cut(what, " ")
			if got := r.count(credential, field); got != n {
				wrong = append(wrong, fmt.Sprintf("%s: %d, want %d", what, got, n))
			}
		}
		if len(wrong) == 0 {
			return r
		}
		if time.Now().After(deadline) {
			e.t.Fatalf("%s\n%v", strings.Join(wrong, "\n"), r)
		}
	}
}

// short opens a connection, sends one command and closes it.
func (e *engine) short(command ...string) any {
	c := e.client()
	defer c.Close()
	return c.do(command...)
}

// TestUsageIsExact compares the figures of thousands of short connections with what the
// clients counted, across the retirement of a token and a SIGKILL of the engine.
func TestUsageIsExact(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA, tokenB))
		forms := []func(string) []string{loginForms["one argument"], loginForms["default user"], loginForms["HELLO 3"], loginForms["written name"], loginForms["HELLO with name"]}
		const workers, each = 8, 120
		run := func(passwordless bool, retired bool) {
			var wg sync.WaitGroup
			for w := range workers {
				wg.Go(func() {
					for i := range each {
						form := forms[(w+i)%len(forms)]
						e.short(form(tokenA)...)
						if reply := e.short(form(tokenB)...); isError(reply, "") != retired {
							t.Errorf("login with B: %v", reply)
						}
						e.short(form(fmt.Sprint("stranger-", w, i))...)
						e.short("PING")
					}
				})
			}
			wg.Wait()
		}
		n := workers * each
		run(true, false)
		// A refused login leaves the connection to NONE, like one that never tried.
		r := e.awaitUsage(e.admin(), map[string]int{
			tokenA + " authentications": n, tokenA + " minute": n, tokenA + " closed": n, tokenA + " refused": 0,
			tokenB + " authentications": n, "unknown refused": n, "unknown authentications": 0, "NONE authentications": 2 * n, "NONE closed": 2 * n,
		})
		if name := "client " + hash(tokenA)[:12] + " addr=127.0.0.1 name="; e.host != "" && r.number(name, "closed") == 0 {
			t.Errorf("no client %q in %v", name, r)
		}
		admin := e.admin()
		for _, line := range []string{closed, "user " + tokenUser(tokenB) + " off resetpass"} {
			if reply := admin.do(append([]string{e.name("ACL"), "SETUSER"}, strings.Fields(line)[1:]...)...); reply != "OK" {
				t.Fatalf("%s: %v", line, reply)
			}
		}
		e.writeUsers(state(false, tokenA)...)
		run(false, true)
		want := map[string]int{
			tokenA + " authentications": 2 * n, tokenA + " closed": 2 * n, tokenB + " authentications": n, tokenB + " refused": n,
			"unknown refused": 2 * n, "NONE authentications": 2 * n,
		}
		e.awaitUsage(admin, want)
		e.kill()
		e.start()
		e.awaitUsage(e.admin(), want)
		e.short("AUTH", tokenA)
		e.short("AUTH", tokenB)
		want[tokenA+" authentications"]++
		want[tokenA+" closed"]++
		want[tokenB+" refused"]++
		e.awaitUsage(e.admin(), want)
	})
}

// TestUsageOfOddLogins: what the engine makes of each command decides, whatever it looks like.
func TestUsageOfOddLogins(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, append(state(true, tokenA), "user alice on >alices-password ~* +@all"))
		admin := e.admin()
		hello := func(words ...string) []string { return append([]string{"HELLO"}, words...) }
		login := []string{"AUTH", "default", tokenA}
		refused := []string{"AUTH", "default", wrong}
		for name, c := range map[string]struct {
			command         []string
			accept, unknown int
		}{
			"no arguments":         {command: []string{"AUTH"}},
			"too many":             {command: []string{"AUTH", "default", tokenA, "x"}},
			"another user":         {command: []string{"AUTH", "alice", "alices-password"}},
			"another user refused": {command: []string{"AUTH", "alice", tokenA}},
			"internal":             {command: []string{"AUTH", adminUser, adminPassword}},
			"service's proof":      {command: []string{"AUTH", e.name("ACL"), tokenA}},
			"service's decoy":      {command: []string{"AUTH", e.name("ACL"), wrong}},
			"huge":                 {command: []string{"AUTH", strings.Repeat("x", 5000)}, unknown: 1},
			"false name":           {command: []string{"AUTH", "token:000000000000", tokenA}, unknown: 1},
			"written name":         {command: []string{"AUTH", tokenUser(tokenA), tokenA}, accept: 1},
			"HELLO 4":              {command: hello(append([]string{"4"}, login...)...)},
			"HELLO x":              {command: hello(append([]string{"x"}, login...)...)},
			"HELLO 03":             {command: hello(append([]string{"03"}, login...)...)},
			"HELLO bad name":       {command: hello(append([]string{"3", "SETNAME", "a b"}, login...)...)},
			"HELLO without":        {command: hello("3")},
			"script":               {command: []string{"EVAL", "return redis.pcall('AUTH', ARGV[1])", "0", tokenA}},
			"script HELLO":         {command: []string{"EVAL", "return redis.pcall('HELLO', '3', 'AUTH', 'default', ARGV[1])", "0", tokenA}},
			"HELLO refused last":   {command: hello(slices.Concat([]string{"3"}, login, refused)...), unknown: 1, accept: -1},
			"HELLO refused first":  {command: hello(slices.Concat([]string{"3"}, refused, login)...), unknown: -1, accept: -1},
			"HELLO then nonsense":  {command: hello(slices.Concat([]string{"3"}, login, []string{"x"})...), accept: -1},
		} {
			before := e.usage(admin)
			c1 := e.client()
			c1.do(c.command...)
			who := c1.do("ACL", "WHOAMI")
			c1.Close()
			after := e.usage(admin)
			accepted := after.count(tokenA, "authentications") - before.count(tokenA, "authentications")
			unknown := after.count("unknown", "refused") - before.count("unknown", "refused")
			// Where engines differ, who the client is afterwards tells.
			want := max(c.accept, 0)
			if c.accept < 0 && who == tokenUser(tokenA) {
				want = 1
			}
			if accepted != want || c.unknown >= 0 && unknown != c.unknown {
				t.Errorf("%s: %d accepted and %d refused; the client is %v", name, accepted, unknown, who)
			}
			if got := after.count(tokenA, "refused"); got != 0 {
				t.Errorf("%s: %d refused", name, got)
			}
		}
		// A postponed command may pass the filter twice.
		before := e.usage(admin)
		admin.do("CLIENT", "PAUSE", "100")
		e.short("AUTH", tokenA)
		admin.do("CLIENT", "PAUSE", "100")
		e.short("HELLO", "3", "AUTH", tokenUser(tokenA), tokenA)
		admin.do("CLIENT", "PAUSE", "100")
		e.short("AUTH", wrong)
		after := e.usage(admin)
		if a, u := after.count(tokenA, "authentications")-before.count(tokenA, "authentications"), after.count("unknown", "refused")-before.count("unknown", "refused"); a != 2 || u != 1 {
			t.Errorf("while paused: %d accepted and %d refused, want 2 and 1", a, u)
		}
	})
}

// TestUsageOfNone: a connection is of NONE if it was opened while no token was asked for and
// never gave one, whatever is asked for when it ends, and however the engine does.
func TestUsageOfNone(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		admin := e.admin()
		acl := func(line string) {
			t.Helper()
			if reply := admin.do(append([]string{e.name("ACL"), "SETUSER"}, strings.Fields(line)[1:]...)...); reply != "OK" {
				t.Fatalf("%s: %v", line, reply)
			}
		}
		stays, ends, logsIn := e.client(), e.client(), e.client()
		for _, c := range []*conn{stays, ends, logsIn} {
			c.do("PING")
		}
		logsIn.do("AUTH", tokenA)
		acl("user default off resetpass")
		stranger := e.client()
		stranger.do("PING")
		var lines []string
		for line := range e.usage(admin) {
			if strings.HasPrefix(line, "stranger ") {
				lines = append(lines, line)
			}
		}
		if len(lines) != 1 {
			t.Errorf("strangers: %v", lines)
		}
		ends.Close()
		logsIn.Close()
		e.awaitUsage(admin, map[string]int{"NONE authentications": 1, "NONE closed": 1, tokenA + " closed": 1})
		acl(openToAll)
		last := e.client()
		last.do("PING")
		e.awaitUsage(admin, map[string]int{"NONE authentications": 1})
		stranger.Close()
		e.awaitUsage(admin, map[string]int{"NONE authentications": 2, "NONE closed": 2})
		e.kill() // two connections of NONE were open
		e.start()
		e.awaitUsage(e.admin(), map[string]int{"NONE authentications": 4, "NONE closed": 4, tokenA + " authentications": 1})
	})
}

// A client learns nothing, and cannot tell that there is something to learn.
func TestUsageIsForTheService(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		c := e.client()
		for _, token := range []string{"", tokenA} {
			if token != "" {
				c.do("AUTH", token)
			}
			if reply := c.do("aikagi.usage"); !isError(reply, "ERR unknown command 'aikagi.usage'") {
				t.Errorf("a client is answered %v", reply)
			}
			if reply := c.do("EVAL", "return redis.call('aikagi.usage')", "0"); !isError(reply, "ERR") {
				t.Errorf("a script is answered %v", reply)
			}
		}
		info, err := os.Stat(filepath.Join(e.dir, UsageFile))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the usage file: %v, %v", info, err)
		}
	})
}
