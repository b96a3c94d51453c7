package module

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const renamePairs = "GET got  SET put MULTI begin EXEC commit PING knock INFO About CLIENT who XGROUP xg COMMAND order"

func TestRenamedCommands(t *testing.T) {
	eachEngineWithParameters(t, func(t *testing.T, binary string) {
		primary, replica := startPair(t, binary, state(true, tokenA))
		for _, e := range []*engine{primary, replica} {
			if got := e.setting(renamingSetting); got != "" {
				t.Errorf("at first there are %q", got)
			}
			e.set(renamingSetting, renamePairs)
			if got := e.setting(renamingSetting); got != renamePairs {
				t.Errorf("set to %q", got)
			}
		}
		for _, protocol := range []string{"2", "3"} {
			c := primary.client()
			c.do("HELLO", protocol)
			clientsUseNewNames(t, c)
		}
		wantClosed(t, replica.client(), "put", "a", "b")
		wantClosed(t, replica.client(), "XG", "CREATE", "a", "b", "$", "MKSTREAM")
		othersUseTheEnginesNames(t, primary, replica)

		c := primary.client()
		primary.set(renamingSetting, "")
		if reply := c.do("GET", "k"); reply != "v" {
			t.Errorf("GET is %v again", reply)
		}
		if reply := c.do("got", "k"); !isError(reply, "ERR unknown command 'got', with args beginning with: 'k'") {
			t.Errorf("got is %v again", reply)
		}
	})
}

func clientsUseNewNames(t *testing.T, c *conn) {
	t.Helper()
	for _, step := range [][2]string{
		{"put k v", "OK"}, {"GOT k", "v"}, {"Knock", "PONG"}, {"begin", "OK"}, {"put k v", "QUEUED"}, {"GOT k", "QUEUED"}, {"commit", "[OK v]"},
		{"GET k", "ERR unknown command 'GET', with args beginning with: 'k' "}, {"set k x", "ERR unknown command 'set', with args beginning with: 'k' 'x'"}, {"ping", "ERR unknown command"},
		{"INFO", "ERR unknown command"}, {"CLIENT LIST", "ERR unknown command"}, {"COMMAND", "ERR unknown command"}, {"XGROUP CREATE k g $", "ERR unknown command"},
		{"begin", "OK"}, {"GET k", "ERR unknown command"}, {"commit", "EXECABORT"}, {"multi", "ERR unknown command"},
		{"get\x00x k", "ERR unknown command 'get'"}, {"got\x00x k", "ERR unknown command"},
		{"EVAL return(redis.call('GET','k')) 0", "v"}, {"EVAL return(redis.call('got','k')) 0", "ERR"},
		{"MGET k", "[v]"}, {"strlen k", "1"}, {"got", "ERR wrong number of arguments for 'get' command"}, {"xg HELP", "[XGROUP "}, {"order COUNT", ""},
	} {
		if reply := fmt.Sprint(c.do(strings.Fields(step[0])...)); !strings.HasPrefix(reply, step[1]) {
			t.Errorf("%q: %.200s", step[0], reply)
		}
	}
	// What the module does with a command it does by whatever name it is called.
	if list := fmt.Sprint(c.do("who", "LIST")); strings.Contains(list, servicePrefix) || !strings.Contains(list, " cmd=client|list") {
		t.Errorf("who LIST: %s", list)
	}
	if info := fmt.Sprint(c.do("about", "server")); !strings.Contains(info, "executable:-\r\n") {
		t.Errorf("about server: %s", info)
	}
}

func othersUseTheEnginesNames(t *testing.T, primary, replica *engine) {
	t.Helper()
	admin := primary.admin()
	if reply := admin.do("GET", "k"); reply != "v" {
		t.Errorf("the service: GET %v", reply)
	}
	if reply := primary.clientFrom(primary.host).do("PING"); reply != "PONG" {
		t.Errorf("from a node's address: PING %v", reply)
	}
	replica.admin().do(replica.name("REPLICAOF"), "NO", "ONE")
	replica.admin().do(replica.name("REPLICAOF"), primary.host, primary.port) // which begins with PING
	primary.client().do("put", "k2", "v2")
	reader := replica.client()
	eventually(t, "the replica follows", func() bool { return reader.do("got", "k2") == "v2" })

	watching := primary.client()
	watching.do("MONITOR")
	primary.client().do("put", "k3", "v3")
	for {
		line, err := watching.read()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(fmt.Sprint(line), "k3") {
			if !strings.Contains(fmt.Sprint(line), `"SET" "k3" "v3"`) {
				t.Errorf("MONITOR shows %v", line)
			}
			break
		}
	}
	if log := text(primary.client().do("SLOWLOG", "GET", "-1")); !strings.Contains(log, `["SET" "k3" "v3"]`) {
		t.Errorf("SLOWLOG shows %s", log)
	}
}

// A wrong value is refused as a whole, and says why.
func TestWrongRenames(t *testing.T) {
	eachEngineWithParameters(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		e.set(renamingSetting, "GET got")
		long := strings.Repeat("x", 64)
		for value, why := range map[string]string{
			"GET":                   "GET has no new name",
			"GET got SET":           "SET has no new name",
			"GET set":               "set is a command of the engine",
			"GET got get gott":      "get cannot be renamed so, or is there twice",
			"GET got SET Got":       "Got cannot be a name, or is there twice",
			"GET got GOT x":         "GOT cannot be renamed so, or is there twice",
			"GET " + long:           long + " cannot be a name",
			long + " x":             long + " cannot be renamed so",
			"GET aikagi.info":       "aikagi.info is a command of the engine",
			manyRenames(257):        "is one more than can be renamed",
			"GET object\x00x SET y": "cannot be a name",
		} {
			reply := e.admin().do(e.name("CONFIG"), "SET", renamingSetting, value)
			if !isError(reply, "ERR CONFIG SET failed") || !strings.Contains(fmt.Sprint(reply), why) {
				t.Errorf("%.40q: %v", value, reply)
			}
		}
		if got := e.setting(renamingSetting); got != "GET got" {
			t.Errorf("then it is %q", got)
		}
		e.set(renamingSetting, manyRenames(256))
		e.set(renamingSetting, " ")
	})
}

func manyRenames(n int) string {
	var words []string
	for i := range n {
		words = append(words, fmt.Sprintf("old%d new%d", i, i))
	}
	return strings.Join(slices.Clip(words), " ")
}
