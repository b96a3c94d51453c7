package module

import (
	"fmt"
	"strings"
	"testing"
)

// The module is out of the way of replication, which logs in as an internal user, and commands
// of the module are not replicated.
func TestReplication(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		users := state(false, tokenA)
		primary := startEngine(t, binary, users)
		replica := startEngine(t, binary, users, fmt.Sprintf("replicaof %s %s", primary.host, primary.port))
		admin := replica.admin()
		eventually(t, "the replica follows", func() bool {
			return strings.Contains(text(admin.do("INFO", "replication")), "master_link_status:up")
		})
		c := primary.client()
		c.do("AUTH", tokenA)
		for i := range 100 {
			c.do("SET", fmt.Sprint("key", i), "value")
			c.do("ACL", "LIST")
			c.do("CLIENT", "LIST")
		}
		c.do("MULTI")
		c.do("SET", "in-multi", "value")
		c.do("ACL", "WHOAMI")
		c.do("EXEC")
		if reply := c.do("WAIT", "1", "5000"); reply != int64(1) {
			t.Fatalf("WAIT: %v", reply)
		}
		reader := replica.client()
		reader.do("AUTH", tokenA)
		if size := reader.do("DBSIZE"); size != int64(101) {
			t.Errorf("keys on the replica: %v", size)
		}
		if list := text(c.do("CLIENT", "LIST", "TYPE", "replica")); strings.Contains(list, servicePrefix) {
			t.Errorf("the replica's connection shows: %s", list)
		}
	})
}

func TestRestart(t *testing.T) {
	persistence := map[string]string{"AOF": "appendonly yes", "RDB": "appendonly no"}
	eachEngine(t, func(t *testing.T, binary string) {
		for name, line := range persistence {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				e := startEngine(t, binary, state(true, tokenA), line, "appendfsync always")
				c := e.client()
				c.do("AUTH", tokenA)
				c.do("SET", "key", "value")
				c.do("MULTI")
				c.do("APPEND", "key", "-more")
				c.do("CLIENT", "LIST")
				c.do("EXEC")
				if name == "RDB" {
					if reply := e.admin().do(e.name("SAVE")); reply != "OK" {
						t.Fatalf("SAVE: %v", reply)
					}
				}
				e.kill()
				e.start()
				if value := e.client().do("GET", "key"); value != "value-more" {
					t.Errorf("after the restart: %v", value)
				}
				checkLogin(t, e, []string{"AUTH", tokenA}, tokenUser(tokenA), true, true)
				checkLogin(t, e, []string{"AUTH", wrong}, "", false, true)
			})
		}
	})
}

// Valkey looks commands up in its I/O threads, before the filter has seen them.
func TestIOThreads(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		lines := []string{"io-threads 3"}
		if strings.Contains(binary, "valkey") {
			lines = append(lines, "events-per-io-thread 0")
		} else {
			lines = append(lines, "io-threads-do-reads yes")
		}
		e := startEngine(t, binary, state(true, tokenA), lines...)
		e.admin()
		clients := make([]*conn, 8)
		for i := range clients {
			clients[i] = e.client()
		}
		for range 50 {
			for i, c := range clients {
				c.Write(encode([][]string{{"CLIENT", "LIST"}, {"ACL", "LIST"}, {"AUTH", tokenA}, {"ACL", "SETUSER", "x"}}[i%4]))
			}
			for i, c := range clients {
				reply, err := c.read()
				if err != nil {
					t.Fatal(err)
				}
				ok := i%4 < 2 && !strings.Contains(text(reply), servicePrefix) || i%4 == 2 && reply == "OK" || i%4 == 3 && isError(reply, "ERR unknown command")
				if !ok {
					t.Fatalf("reply %d: %v", i%4, reply)
				}
			}
		}
	})
}
