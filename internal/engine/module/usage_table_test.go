package module

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// lines returns the lines of the report that begin so.
func (r report) lines(prefix string) []string {
	var lines []string
	for line := range r {
		if strings.HasPrefix(line, prefix) {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestUsageTablesAreBounded: many tokens, guesses and clients change no figure of a held token, and what
// is given up of its clients stays in its sums.
func TestUsageTablesAreBounded(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		admin := e.admin()
		e.short("AUTH", tokenA)
		const tokens = 300
		for i := range tokens {
			token := fmt.Sprint("one-of-many-tokens-", i)
			for _, line := range []string{userOf(token), "user " + tokenUser(token) + " off resetpass"} {
				if reply := admin.do(append([]string{e.name("ACL"), "SETUSER"}, strings.Fields(line)[1:]...)...); reply != "OK" {
					t.Fatalf("%s: %v", line, reply)
				}
				e.short("AUTH", token)
			}
			admin.do(e.name("ACL"), "DELUSER", tokenUser(token))
		}
		c := e.client()
		for i := range 3000 {
			c.do("AUTH", fmt.Sprint("a guess ", i))
		}
		const clients = 400
		for i := range clients {
			c := e.client()
			c.do("AUTH", tokenA)
			c.do("CLIENT", "SETNAME", fmt.Sprint("client-", i))
			c.Close()
		}
		last := fmt.Sprint("one-of-many-tokens-", tokens-1)
		r := e.awaitUsage(admin, map[string]int{
			tokenA + " authentications": clients + 1, tokenA + " closed": clients + 1, "unknown refused": 3000,
			last + " authentications": 1, last + " refused": 1, "one-of-many-tokens-0 authentications": 0,
		})
		if n := len(r.lines("credential ")); n != 256 {
			t.Errorf("%d credentials", n)
		}
		mine := r.lines("client " + hash(tokenA)[:12])
		sum := r.count(tokenA, "other-closed")
		for _, line := range mine {
			sum += r.number(line, "closed")
		}
		// They came in plaintext, which is counted besides: that has half of the places.
		if len(r.lines("client ")) > 512 || len(mine) < 90 && r["usage 1"]["names"] == "1" || sum != clients+1 {
			t.Errorf("%d clients, %d of them of the token, with %d connections", len(r.lines("client ")), len(mine), sum)
		}
	})
}

// TestUsageOfHostileNames: no name can break the report or stand for another client's.
func TestUsageOfHostileNames(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		admin := e.admin()
		names := []string{"user=default", "=", "closed=99", strings.Repeat("long", 50), "a\nb", "a b", "\xff\xfe", "%s%n", `"`, "credential"}
		accepted := 0
		for _, name := range names {
			c := e.client()
			c.do("AUTH", tokenA)
			if c.do("CLIENT", "SETNAME", name) == "OK" {
				accepted++
			}
			c.Close()
		}
		r := e.awaitUsage(admin, map[string]int{tokenA + " closed": len(names)})
		lines := r.lines("client " + hash(tokenA)[:12])
		if r["usage 1"]["names"] != "1" {
			return // Redis 6.2 does not tell modules
		}
		if want := accepted + 1; len(lines) != want && accepted < len(names) || accepted < 6 {
			t.Errorf("%d names were accepted, the report has %q", accepted, lines)
		}
		if at := "client " + hash(tokenA)[:12] + " addr=127.0.0.1 name=" + strings.Repeat("long", 16); r.number(at, "closed") != 1 {
			t.Errorf("no %q in %q", at, lines)
		}
		if at := "client " + hash(tokenA)[:12] + " addr=127.0.0.1 name=closed=99"; r.number(at, "closed") != 1 {
			t.Errorf("no %q in %q", at, lines)
		}
	})
}

// TestUsageOfReset: an address is known also for a connection whose end is a reset.
func TestUsageOfReset(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		c := e.client()
		c.do("AUTH", tokenA)
		if err := c.Conn.(interface{ SetLinger(int) error }).SetLinger(0); err != nil {
			t.Fatal(err)
		}
		c.Close()
		r := e.awaitUsage(e.admin(), map[string]int{tokenA + " closed": 1})
		if r.number("client "+hash(tokenA)[:12]+" addr=127.0.0.1 name=", "closed") != 1 {
			t.Errorf("%v", r)
		}
	})
}

// TestDamagedUsageFile: whatever is in the file, the engine starts, lets in, and counts on.
func TestDamagedUsageFile(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		for range 20 {
			e.short("AUTH", tokenA)
		}
		e.awaitUsage(e.admin(), map[string]int{tokenA + " closed": 20})
		e.kill()
		name := filepath.Join(e.dir, UsageFile)
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 0))
		noise := func(from int) []byte {
			b := append([]byte(nil), whole...)
			for i := from; i < len(b); i++ {
				b[i] = byte(r.Uint32())
			}
			return b
		}
		sprinkled := append([]byte(nil), whole...)
		for range 2000 {
			sprinkled[16+r.IntN(len(sprinkled)-16)] = byte(r.Uint32())
		}
		ones := append([]byte(nil), whole...)
		for i := 16; i < len(ones); i++ {
			ones[i] = 0xff
		}
		for what, content := range map[string][]byte{
			"empty": {}, "half": whole[:len(whole)/2], "longer": append(append([]byte(nil), whole...), whole...), "noise": noise(0), "noise after the head": noise(16),
			"some noise": sprinkled, "ones": ones, "zeros": make([]byte, len(whole)),
		} {
			if err := os.WriteFile(name, content, 0o644); err != nil {
				t.Fatal(err)
			}
			e.start()
			admin := e.admin()
			before := e.usage(admin)
			if reply := e.short("AUTH", tokenA); reply != "OK" {
				t.Errorf("%s: login: %v", what, reply)
			}
			after := e.awaitUsage(admin, map[string]int{tokenA + " authentications": before.count(tokenA, "authentications") + 1, tokenA + " closed": before.count(tokenA, "closed") + 1})
			if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 || info.Size() != int64(len(whole)) {
				t.Errorf("%s: the file is %v, %v", what, info, err)
			}
			for line, fields := range after {
				for field, value := range fields {
					if strings.HasPrefix(value, "-") || len(value) > 64 {
						t.Errorf("%s: %s: %s=%s", what, line, field, value)
					}
				}
			}
			e.kill()
		}
	})
}

// TestUsageWithoutFile: an engine that cannot have its file counts in memory, and says so.
func TestUsageWithoutFile(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		name := filepath.Join(e.dir, UsageFile)
		for what, obstacle := range map[string]func() error{
			"a directory": func() error { return os.Mkdir(name, 0o700) },
			"a link":      func() error { return os.Symlink("elsewhere", name) },
		} {
			e.kill()
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
			if err := obstacle(); err != nil {
				t.Fatal(err)
			}
			e.start()
			e.short("AUTH", tokenA)
			r := e.awaitUsage(e.admin(), map[string]int{tokenA + " closed": 1})
			if r["usage 1"]["survives"] != "0" {
				t.Errorf("%s: %v", what, r["usage 1"])
			}
			if log, err := os.ReadFile(filepath.Join(e.dir, "log")); err != nil || !strings.Contains(string(log), "usage file") {
				t.Errorf("%s: nothing in the log: %v", what, err)
			}
		}
	})
}

// TestUsageOfKilledEngine: a SIGKILL amid logins costs no login that a client knows of. Those under way, one
// for each client, may be counted or not.
func TestUsageOfKilledEngine(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		const workers = 4
		var accepted atomic.Int64
		var wg sync.WaitGroup
		reached := make(chan struct{})
		for range workers {
			wg.Go(func() {
				for {
					nc, err := net.Dial("tcp", net.JoinHostPort(e.host, e.port))
					if err != nil {
						return
					}
					nc.SetDeadline(time.Now().Add(10 * time.Second))
					nc.Write(encode([]string{"AUTH", tokenA}))
					reply, err := bufio.NewReader(nc).ReadString('\n')
					nc.Close()
					if err != nil || reply != "+OK\r\n" {
						return
					}
					if accepted.Add(1) == 300 {
						close(reached)
					}
				}
			})
		}
		<-reached
		e.kill()
		wg.Wait()
		e.start()
		n := int(accepted.Load())
		if got := e.usage(e.admin()).count(tokenA, "authentications"); got < n || got > n+workers {
			t.Errorf("%d logins are counted, the clients know of %d", got, n)
		}
		e.short("AUTH", tokenA)
	})
}
