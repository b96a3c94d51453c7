package module

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// startBare starts an engine as it comes, to compare answers with.
func startBare(t *testing.T, binary string) *engine {
	t.Helper()
	dir, err := os.MkdirTemp("", "aikagi")
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{t: t, binary: binary, dir: dir, socket: filepath.Join(dir, "s")}
	t.Cleanup(func() { os.RemoveAll(dir) })
	e.cmd = exec.Command(binary, "--port", "0", "--unixsocket", e.socket, "--save", "", "--dir", dir)
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.kill)
	eventually(t, "the bare engine answers", func() bool {
		nc, err := net.Dial("unix", e.socket)
		if err == nil {
			nc.Close()
		}
		return err == nil
	})
	return e
}

// clientFrom connects from a certain address of this machine.
func (e *engine) clientFrom(address string) *conn {
	e.t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	nc, err := dialer.Dial("tcp", net.JoinHostPort(e.host, e.port))
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		e.t.Fatal(err)
	}
	return newConn(e.t, nc)
}

// startPair starts a primary and a replica, which come from the service's addresses.
func startPair(t *testing.T, binary string, users []string) (primary, replica *engine) {
	t.Helper()
	primary = startEngine(t, binary, users, "protected-mode no")
	replica = startEngine(t, binary, users, "replicaof "+primary.host+" "+primary.port, "bind-source-addr "+primary.host)
	admin := replica.admin()
	eventually(t, "the replica is linked", func() bool {
		return strings.Contains(text(admin.do("INFO", "replication")), "master_link_status:up")
	})
	return primary, replica
}

// idsOf returns the ids of the connections that the service sees, by what is in their lines.
func idsOf(t *testing.T, admin *conn, what string) (ids []string) {
	t.Helper()
	list, _ := admin.do("CLIENT", "LIST").(string)
	for line := range strings.Lines(list) {
		if strings.Contains(line, what) {
			ids = append(ids, strings.TrimPrefix(strings.Fields(line)[0], "id="))
		}
	}
	return ids
}

// Whatever clients try, the connections of the service live, and they are not counted.
func TestClientsCannotEndTheServicesConnections(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		primary, replica := startPair(t, binary, state(true, tokenA))
		for _, e := range []*engine{primary, replica} {
			admin := e.admin()
			adminID := fmt.Sprint(admin.do("CLIENT", "ID"))
			var newcomers []*conn // like a proof of the service, or a replica, before it has said so
			if e == primary {
				newcomers = append(newcomers, e.clientFrom(primary.host))
			}
			link := append(idsOf(t, admin, " flags=S "), idsOf(t, admin, " flags=M ")...)
			if len(link) != 1 {
				t.Fatalf("links: %q", link)
			}
			for _, protocol := range []string{"2", "3"} {
				for _, command := range killForms(e, adminID, link[0]) {
					c := e.client()
					c.do("HELLO", protocol)
					reply := c.do(command...)
					if reply != int64(0) && !isError(reply, "ERR No such") {
						t.Errorf("%q: %v", command, reply)
					}
					c.do("MULTI")
					c.do(command...)
					if reply := text(c.do("EXEC")); reply != `['\x00']` && !strings.Contains(reply, "ERR No such") {
						t.Errorf("%q in MULTI: %s", command, reply)
					}
					c.Close()
					eventually(t, "its connection has ended", func() bool { return len(idsOf(t, admin, " user=default ")) == len(newcomers) })
				}
			}
			if reply := admin.do("PING"); reply != "PONG" {
				t.Errorf("the admin's connection: %v", reply)
			}
			if now := append(idsOf(t, admin, " flags=S "), idsOf(t, admin, " flags=M ")...); len(now) != 1 || now[0] != link[0] {
				t.Errorf("link was %s, is %s", link, now)
			}
			for _, c := range newcomers {
				if reply := c.do("PING"); reply != "PONG" {
					t.Errorf("a connection from a node's address: %v", reply)
				}
			}
		}
	})
}

// killForms are all ways to name the connections of the service.
func killForms(e *engine, adminID, linkID string) [][]string {
	forms := [][]string{}
	for _, words := range []string{
		"USER " + adminUser, "user " + replicaUser + " skipme no", "ID " + adminID, "ID " + linkID + " SKIPME no", "TYPE normal",
		"TYPE normal SKIPME yes", "TYPE replica", "TYPE slave", "TYPE master", "ADDR " + e.socket + ":0", "LADDR " + e.socket + ":0", "SKIPME yes",
		e.socket + ":0", "ID " + adminID + " TYPE normal", "TYPE normal USER default", "USER default", "LADDR " + e.host + ":" + e.port,
		"ADDR " + e.socket + ":0 USER default", "USER default TYPE replica ID " + linkID,
	} {
		forms = append(forms, append([]string{"CLIENT", "KILL"}, strings.Fields(words)...))
	}
	return append(forms, []string{"client", "kill\x00", "ID", adminID}, []string{"CLIENT", "UNBLOCK", adminID, "ERROR"}, []string{"CLIENT", "UNBLOCK", linkID})
}

// Clients end each other's connections, and their own, as the engine has it.
func TestClientKillOfClients(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		me := e.client()
		others := func(n int) (all []*conn) {
			for range n {
				c := e.client()
				c.do("AUTH", tokenA)
				all = append(all, c)
			}
			return all
		}
		ended := func(what string, all ...*conn) {
			t.Helper()
			for _, c := range all {
				if reply, err := c.read(); err == nil {
					t.Errorf("%s: connection lives, and reads %v", what, reply)
				}
			}
		}
		id := func(c *conn) string { return fmt.Sprint(c.do("CLIENT", "ID")) }

		all := others(3)
		if n := me.do("CLIENT", "KILL", "USER", tokenUser(tokenA)); n != int64(3) {
			t.Errorf("USER: %v", n)
		}
		ended("USER", all...)
		all = others(2)
		if n := me.do("CLIENT", "KILL", "ID", id(all[0])); n != int64(1) {
			t.Errorf("ID: %v", n)
		}
		ended("ID", all[0])
		if ok := me.do("CLIENT", "KILL", all[1].LocalAddr().String()); ok != "OK" {
			t.Errorf("old form: %v", ok)
		}
		ended("old form", all[1])
		all = others(1)
		if n := me.do("CLIENT", "KILL", "ADDR", all[0].LocalAddr().String(), "TYPE", "normal", "LADDR", me.RemoteAddr().String(), "USER", tokenUser(tokenA)); n != int64(1) {
			t.Errorf("combined: %v", n)
		}
		ended("combined", all[0])

		listener, blocked := e.client(), e.client()
		listener.do("SUBSCRIBE", "c")
		blockedID := id(blocked)
		blocked.Write(encode([]string{"BLPOP", "list", "0"}))
		eventually(t, "it is blocked", func() bool { return me.do("CLIENT", "UNBLOCK", blockedID) == int64(1) })
		if reply, err := blocked.read(); reply != nil || err != nil {
			t.Errorf("unblocked: %v, %v", reply, err)
		}
		if n := me.do("CLIENT", "KILL", "TYPE", "pubsub"); n != int64(1) {
			t.Errorf("TYPE pubsub: %v", n)
		}
		ended("TYPE pubsub", listener)
		me.do("MULTI")
		me.do("CLIENT", "KILL", "ID", blockedID)
		me.do("CLIENT", "KILL", "ID", blockedID)
		if reply := text(me.do("EXEC")); reply != `['\x01' '\x00']` {
			t.Errorf("twice in MULTI: %s", reply)
		}
		ended("MULTI", blocked)

		if n := me.do("CLIENT", "KILL", "ID", id(me)); n != int64(0) {
			t.Errorf("my own, by default: %v", n)
		}
		if n := me.do("CLIENT", "KILL", "ID", id(me), "SKIPME", "no"); n != int64(1) {
			t.Errorf("my own: %v", n)
		}
		ended("my own", me)
		me = e.client()
		if ok := me.do("CLIENT", "KILL", me.LocalAddr().String()); ok != "OK" {
			t.Errorf("my own, old form: %v", ok)
		}
		ended("my own, old form", me)
		if exited(e.cmd.Process.Pid) {
			t.Error("the engine is gone")
		}
	})
}

// What ends a connection is not a reason to count it for another credential.
func TestKilledConnectionsCountForTheirToken(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		c, killer := e.client(), e.client()
		c.do("AUTH", tokenA)
		killer.do("CLIENT", "KILL", "USER", tokenUser(tokenA))
		if _, err := c.read(); err == nil {
			t.Fatal("it lives")
		}
		e.awaitUsage(e.admin(), map[string]int{tokenA + " closed": 1, tokenA + " authentications": 1, "NONE closed": 0, "NONE refused": 0})
	})
}

// inOrder is the text of a reply that may be a list in any order.
func inOrder(reply any) string {
	list, ok := reply.([]any)
	if !ok {
		return text(reply)
	}
	words := strings.Fields(strings.Trim(text(list), "[]"))
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Words that the engine does not take it refuses in its own words, and so for what is not there.
func TestClientErrorsAreTheEngines(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		ours := startEngine(t, binary, state(true)).client()
		bare := dial(t, "unix", startBare(t, binary).socket)
		for _, words := range []string{
			"CLIENT KILL", "CLIENT KILL x", "CLIENT KILL x y z", "CLIENT KILL ID", "CLIENT KILL ID x", "CLIENT KILL ID 0", "CLIENT KILL ID -1", "CLIENT KILL ID 99999999999999999999",
			"CLIENT KILL ID 9999999", "CLIENT KILL TYPE x", "CLIENT KILL TYPE", "CLIENT KILL USER nobody", "CLIENT KILL SKIPME x", "CLIENT KILL SKIPME yes x y", "CLIENT KILL MAXAGE x",
			"CLIENT KILL MAXAGE 0", "CLIENT KILL MAXAGE 99999", "CLIENT KILL MAXAGE -1", "CLIENT KILL ID 1 2 3", "CLIENT KILL ADDR 1.2.3.4:5", "CLIENT KILL 1.2.3.4:5", "CLIENT KILL TYPE replica", "CLIENT KILL NAME x",
			"CLIENT UNBLOCK", "CLIENT UNBLOCK x", "CLIENT UNBLOCK 9999999", "CLIENT UNBLOCK 9999999 x", "CLIENT UNBLOCK 9999999 ERROR", "CLIENT UNBLOCK 1 2 3 4", "CLIENT UNBLOCK -1",
			"CLIENT LIST x", "CLIENT LIST TYPE x", "CLIENT LIST ID", "CLIENT LIST ID x", "CLIENT LIST ID 9999999", "CLIENT nonsense", "CLIENT",
			"CLIENT TRACKING on REDIRECT 9999999", "CLIENT TRACKING on REDIRECT", "CLIENT TRACKING on REDIRECT x", "CLIENT TRACKING x",
			"ACL nonsense", "ACL", "ACL LIST x", "ACL CAT nonsense", "ACL CAT a b", "ACL LOG x", "ACL LOG 1 2", "ACL LOG -1", "ACL WHOAMI x", "ACL DRYRUN", "ACL DRYRUN x", "ACL DRYRUN nobody get",
			"ACL DRYRUN default nonsense", "ACL DRYRUN default get", "ACL DRYRUN default get k", "ACL DRYRUN default get k x",
			"COMMAND nonsense", "COMMAND INFO nonsense get", "COMMAND DOCS nonsense", "COMMAND LIST x", "COMMAND LIST FILTERBY", "COMMAND LIST FILTERBY x y", "COMMAND LIST FILTERBY MODULE nonsense",
			"COMMAND LIST FILTERBY PATTERN ge*", "COMMAND COUNT x", "COMMAND GETKEYS", "COMMAND GETKEYS get k", "COMMAND GETKEYS nonsense", "COMMAND GETKEYSANDFLAGS set k v", "COMMAND HELP",
			"LATENCY HISTOGRAM nonsense", "LATENCY nonsense", "LATENCY LATEST", "SLOWLOG GET x", "SLOWLOG GET -2", "SLOWLOG GET 1 2", "SLOWLOG nonsense", "SLOWLOG GET 0", "INFO nonsense",
		} {
			command := strings.Fields(words)
			if got, want := inOrder(ours.do(command...)), inOrder(bare.do(command...)); got != want {
				t.Errorf("%s: %s\nthe engine: %s", words, got, want)
			}
			script := "return redis.pcall(unpack(ARGV))"
			args := append([]string{"EVAL", script, "0"}, command...)
			if got, want := inOrder(ours.do(args...)), inOrder(bare.do(args...)); got != want {
				t.Errorf("%s from a script: %s\nthe engine: %s", words, got, want)
			}
		}
		for _, words := range []string{"CLIENT KILL USER " + adminUser, "CLIENT KILL TYPE x USER " + adminUser, "CLIENT KILL USER " + adminUser + " TYPE x", "ACL DRYRUN " + adminUser + " get"} {
			command := strings.Fields(words)
			if got, want := text(ours.do(command...)), text(bare.do(command...)); got != want {
				t.Errorf("%s: %s\nan engine without such a user: %s", words, got, want)
			}
		}
	})
}
