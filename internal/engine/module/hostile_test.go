package module

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"
)

// hostileWords are what the filter looks for, and what looks like it.
var hostileWords = []string{
	"", "\x00", "AUTH", "auth", "AUTH\x00", "AUTH\x00AUTH", "AUTHX", "AUT", "HELLO", "hello\x00", "HELLOX", "ACL", "ACL\x00", "CLIENT", "client", "CLIENT\x00",
	"LIST", "list\x00", "USERS", "WHOAMI", "CAT", "LOG", "RESET", "HELP", "GENPASS", "SETUSER", "GETUSER", "LOAD", "DRYRUN", "ID", "TYPE", "normal", "replica", "master", "KILL", "USER", "ADDR", "LADDR", "SKIPME", "MAXAGE", "yes", "no", "UNBLOCK", "TRACKING", "on", "REDIRECT",
	"1", "10", "s:0", "COMMAND", "DOCS", "INFO", "COUNT", "GETKEYS", "FILTERBY", "PATTERN", "*", "SLOWLOG", "GET", "LATENCY", "HISTOGRAM", "everything", "server", "get",
	"default", "default\x00", "token:", "token: refused", "token:000000000000", "aikagi:", adminUser, "aikagi.acl-list", "aikagi.client-kill", "aikagi.info", "acl-", "acl-x",
	"2", "3", "-1", "99999999999999999999", "SETNAME", "setname\x00", "\xff\xfe", "%s%n", "*1\r\n$4\r\nPING\r\n", "a", "h", "c", "A", "H", "C", "EVAL", "MULTI", "EXEC",
}

func hostileWord(r *rand.Rand) string {
	switch r.IntN(20) {
	case 0:
		return strings.Repeat(string(rune(r.IntN(256))), r.IntN(20000))
	case 1:
		b := make([]byte, r.IntN(100))
		for i := range b {
			b[i] = byte(r.UintN(256))
		}
		return string(b)
	case 2:
		return tokenA
	}
	return hostileWords[r.IntN(len(hostileWords))]
}

func hostileCommand(r *rand.Rand) []string {
	args := []string{[]string{"AUTH", "HELLO", "ACL", "CLIENT", "COMMAND", "INFO", "SLOWLOG", "LATENCY", "aikagi.client-list", "EVAL", hostileWord(r)}[r.IntN(11)]}
	for range r.IntN(8) {
		args = append(args, hostileWord(r))
	}
	switch strings.ToUpper(args[0]) {
	case "EVAL":
		return append([]string{"EVAL", "return redis.pcall(unpack(ARGV))", "0"}, args[1:]...)
	case "CLIENT":
		// These are valid, and would only make the test wait.
		if len(args) > 1 && (strings.EqualFold(args[1], "PAUSE") || strings.EqualFold(args[1], "REPLY")) {
			return args[:1]
		}
	}
	return args
}

// Whatever clients send, the engine lives, keeps its users, and lets nobody in.
func TestHostileCommands(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 0))
		admin := e.admin()
		before := text(admin.do(e.name("ACL"), "LIST"))
		// Nothing is read in step: engines drop some replies, see TestLoginInTransactionAndScript.
		for range 40 {
			sendAll(t, e, r, 150)
		}
		if reply := admin.do("PING"); reply != "PONG" {
			t.Fatalf("PING: %v", reply)
		}
		if after := text(admin.do(e.name("ACL"), "LIST")); after != before {
			t.Errorf("users were\n%s\nand are\n%s", before, after)
		}
		if reply := e.client().do("AUTH", tokenA); reply != "OK" {
			t.Errorf("login after all that: %v", reply)
		}
		if exited(e.cmd.Process.Pid) {
			t.Error("the engine is gone")
		}
	})
}

// sendAll pipelines n commands on one connection and waits until the engine has read them.
func sendAll(t *testing.T, e *engine, r *rand.Rand, n int) {
	t.Helper()
	c := e.client()
	done := make(chan struct{})
	var replies strings.Builder
	go func() {
		defer close(done)
		buf := make([]byte, 64<<10)
		for {
			n, err := c.Read(buf)
			replies.Write(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	for range n {
		if _, err := c.Write(encode(hostileCommand(r))); err != nil {
			break // the engine may close, as it does on CLIENT KILL
		}
	}
	c.Write(encode([]string{"QUIT"}))
	c.Conn.(*net.TCPConn).CloseWrite()
	<-done
	for _, secret := range []string{e.secret, hash(tokenA), hash(adminPassword)} {
		if strings.Contains(strings.ToLower(replies.String()), secret) {
			t.Errorf("a reply holds %q", secret)
		}
	}
}

func TestHugeArguments(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		huge := strings.Repeat("x", 8<<20)
		for _, args := range [][]string{
			{"AUTH", huge}, {"AUTH", "default", huge}, {"AUTH", huge, huge}, {"AUTH", "token:" + huge, "x"},
			{"HELLO", "3", "AUTH", "default", huge}, {"HELLO", "3", huge, "default", huge}, {"ACL", huge}, {"CLIENT", huge}, {"a" + huge}, {"acl-" + huge},
		} {
			if reply := e.client().do(args...); !isError(reply, "") {
				t.Errorf("%.20q: no error", args)
			}
		}
		many := append([]string{"HELLO", "3"}, strings.Fields(strings.Repeat("AUTH default x ", 20000))...)
		if reply := e.client().do(many...); !isError(reply, "WRONGPASS") {
			t.Errorf("HELLO with 20,000 logins: %v", fmt.Sprint(reply)[:50])
		}
		if reply := e.client().do("PING"); reply != "PONG" {
			t.Errorf("PING: %v", reply)
		}
	})
}
