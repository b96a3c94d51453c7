package module

import (
	"fmt"
	"strings"
	"testing"
)

const (
	closingSetting  = "aikagi.close-on-replica-write"
	renamingSetting = "aikagi.rename-commands"
)

// setting is what an engine says of one of the module's; empty: it does not have it.
func (e *engine) setting(name string) string {
	e.t.Helper()
	reply, _ := e.admin().do(e.name("CONFIG"), "GET", name).([]any)
	if len(reply) != 2 {
		return ""
	}
	return reply[1].(string)
}

func (e *engine) set(name, value string) {
	e.t.Helper()
	if reply := e.admin().do(e.name("CONFIG"), "SET", name, value); reply != "OK" {
		e.t.Fatalf("set %s to %q: %v", name, value, reply)
	}
}

// eachEngineWithParameters leaves out those that do not tell a filter whose command it is, and checks that they do not have the settings.
func eachEngineWithParameters(t *testing.T, test func(t *testing.T, binary string)) {
	t.Helper()
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		info := text(e.admin().do("INFO", "server"))
		if strings.Contains(info, "redis_version:7.0.") && !strings.Contains(info, "valkey") || strings.Contains(info, "redis_version:6.") {
			if e.setting(closingSetting)+e.setting(renamingSetting) != "" {
				t.Error("the engine has settings that it cannot honour")
			}
			return
		}
		e.kill()
		test(t, binary)
	})
}

// wantEnd checks that the engine closes a connection that has all its answers.
func (c *conn) wantEnd() {
	c.t.Helper()
	if reply, err := c.read(); !ended(err) {
		c.t.Errorf("the connection has not ended: %v, %v", reply, err)
	}
}

// wantClosed sends a write to a replica and checks that the engine refuses it, and then closes the connection.
func wantClosed(t *testing.T, c *conn, command ...string) {
	t.Helper()
	if reply := c.do(command...); !isError(reply, "READONLY ") {
		t.Errorf("%q: %v", command, reply)
	}
	c.wantEnd()
}

func TestWritersToAReplica(t *testing.T) {
	eachEngineWithParameters(t, func(t *testing.T, binary string) {
		users := append(state(true, tokenA), "user reader on #"+hash("r")+" ~* &* +@all -set")
		primary, replica := startPair(t, binary, users)
		primary.client().do("SET", "k", "v")
		eventually(t, "the replica has it", func() bool { return replica.client().do("GET", "k") == "v" })
		for _, protocol := range []string{"2", "3"} {
			for _, words := range []string{"SET a b", "del a", "XGROUP CREATE a b $ MKSTREAM", "FLUSHALL", "GETEX k", "XREADGROUP GROUP a b STREAMS k 0"} {
				c := replica.client()
				c.do("HELLO", protocol)
				wantClosed(t, c, strings.Fields(words)...)
			}
		}
		c := replica.client()
		c.do("AUTH", tokenA)
		c.do("MULTI")
		wantClosed(t, c, "SET", "a", "b")
		eventually(t, "it is counted", func() bool {
			return strings.Contains(text(replica.admin().do("aikagi.usage")), "credential "+hash(tokenA)[:12]+" held=1 authentications=1 minute=1 refused=0 closed=1 ")
		})

		stay := stayOpen(t, replica)
		wantClosed(t, replica.client(), "SET", "a", "b") // later than all of them
		for what, c := range stay {
			if reply, err := c.try("PING"); reply != "PONG" {
				t.Errorf("%s: %v, %v", what, reply, err)
			}
		}
		backlogIsRead(t, primary, replica)
		wantRoleFollowed(t, primary, replica)
	})
}

// stayOpen has connections do what is refused for another reason, or no command of theirs.
func stayOpen(t *testing.T, replica *engine) map[string]*conn {
	t.Helper()
	open := map[string]*conn{}
	for what, steps := range map[string][]string{
		"a read":                  {"GET k|v"},
		"a wrong number of words": {"SET a|ERR wrong number"},
		"a user who may not":      {"AUTH reader r|OK", "SET a b|NOPERM"},
		"a script":                {"EVAL return(redis.call('SET','a','b')) 0|READONLY"},
		"a subcommand that reads": {"XGROUP HELP|"},
		"no subcommand":           {"XGROUP SET a b|ERR"},
		"who is redirected":       {"CLIENT CAPA redirect|", "SET a b|"},
	} {
		c := replica.client()
		for _, step := range steps {
			command, want, _ := strings.Cut(step, "|")
			reply := c.do(strings.Fields(command)...)
			if isError(reply, "READONLY") && what == "who is redirected" {
				c = replica.client() // an engine that redirects nobody
			} else if !strings.HasPrefix(fmt.Sprint(reply), want) {
				t.Errorf("%s: %v", what, reply)
			}
		}
		open[what] = c
	}
	admin := replica.admin()
	if reply := admin.do("SET", "a", "b"); !isError(reply, "READONLY ") {
		t.Errorf("the service: %v", reply)
	}
	open["the service"] = admin
	return open
}

// backlogIsRead: whoever reads late gets all answers before the connection ends, also those that the system had no room for.
func backlogIsRead(t *testing.T, primary, replica *engine) {
	t.Helper()
	primary.client().do("SET", "big", strings.Repeat("x", 1<<20))
	reader := replica.client()
	eventually(t, "the replica has it", func() bool { return reader.do("STRLEN", "big") == int64(1<<20) })
	const many = 32
	c := replica.client()
	for range many {
		if _, err := c.Write(encode([]string{"GET", "big"})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Write(encode([]string{"SET", "a", "b"})); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is refused", func() bool {
		return strings.Contains(text(reader.do("CLIENT", "LIST")), " cmd=set ")
	})
	wantClosed(t, replica.client(), "SET", "a", "b") // so that time has passed
	for range many {
		if reply, err := c.read(); err != nil || len(reply.(string)) != 1<<20 {
			t.Fatalf("an answer is lost: %v", err)
		}
	}
	if reply, err := c.read(); err != nil || !isError(reply, "READONLY ") {
		t.Errorf("%v, %v", reply, err)
	}
	c.wantEnd()
}

// wantRoleFollowed: only a replica closes, and only if it is to.
func wantRoleFollowed(t *testing.T, primary, replica *engine) {
	t.Helper()
	if got := replica.setting(closingSetting); got != "yes" {
		t.Errorf("at first it is %q", got)
	}
	c := replica.client()
	replica.set(closingSetting, "no")
	c.do("SET", "a", "b")
	replica.set(closingSetting, "yes")
	wantClosed(t, replica.client(), "SET", "a", "b")
	if reply, err := c.try("PING"); reply != "PONG" {
		t.Errorf("with no: %v, %v", reply, err)
	}
	replica.admin().do(replica.name("REPLICAOF"), "NO", "ONE")
	for range 3 {
		if reply := c.do("SET", "a", "b"); reply != "OK" {
			t.Errorf("of its own: %v", reply)
		}
	}
	replica.admin().do(replica.name("REPLICAOF"), primary.host, primary.port)
	wantClosed(t, c, "SET", "a", "b")
	primary.client().do("SET", "last", "1")
	reader := replica.client()
	eventually(t, "the replica follows", func() bool { return reader.do("GET", "last") == "1" })
}
