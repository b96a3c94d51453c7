package engine

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// wire is a client that sends lines as they are.
type wire struct {
	net.Conn
	replies *bufio.Reader
}

func (n node) open(t *testing.T) wire {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", n.address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return wire{conn, bufio.NewReader(conn)}
}

// say sends an inline command and returns the first line of the reply.
func (w wire) say(t *testing.T, line string) string {
	t.Helper()
	if _, err := fmt.Fprintf(w, "%s\r\n", line); err != nil {
		t.Fatal(err)
	}
	reply, err := w.replies.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(reply)
}

func usageOf(t *testing.T, n node, credential string) usage.Record {
	t.Helper()
	all, err := n.admin.Usage(t.Context(), "node-1", time.Now())
	check(t, err)
	for _, u := range all {
		if u.Credential == credential {
			return u
		}
	}
	return usage.Record{}
}

// until asks for the usage of a credential until it is right.
func until(t *testing.T, n node, credential string, right func(usage.Record) bool) usage.Record {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		u := usageOf(t, n, credential)
		if right(u) {
			return u
		}
		if time.Now().After(deadline) {
			t.Fatalf("usage of %s is %+v", credential, u)
		}
	}
}

// TestUsage follows a rotation from no token to a second one.
func TestUsage(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		began := time.Now()
		open := token.OpenSet(noon)
		n := startNode(t, installed, open)
		secret := token.Generate()
		name := secret.Digest().Fingerprint()
		both, err := open.Rotate(secret.Digest(), noon)
		check(t, err)
		check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: both}, Rights{}))

		without, with := n.open(t), n.open(t)
		without.say(t, "CLIENT SETNAME old-worker")
		with.say(t, "AUTH "+secret.Reveal())
		with.say(t, "CLIENT SETNAME worker-1")
		with.say(t, "CLIENT SETINFO LIB-NAME some-library")
		short := n.open(t)
		short.say(t, "AUTH "+secret.Reveal())
		short.say(t, "CLIENT SETNAME worker-1")
		short.Close()

		used := until(t, n, name, func(u usage.Record) bool {
			return u.Connections == 1 && len(u.Clients) == 1 && u.Clients[0].Closed == 1
		})
		if used.Authentications != 2 || used.LastMinute != 2 || used.Refused != 0 || used.FirstUsed.Before(began.Truncate(time.Second)) || used.LastUsed.Before(used.FirstUsed) {
			t.Errorf("usage of the token: %+v", used)
		}
		client := used.Clients[0]
		if client.Name != "worker-1" || client.Address != "127.0.0.1" || client.Connections != 1 || !cmp.Equal(client.Nodes, []string{"node-1"}) {
			t.Errorf("client of the token: %+v", client)
		}
		if none := usageOf(t, n, token.None); none.Connections != 1 || none.Authentications != 1 || none.Clients[0].Name != "old-worker" {
			t.Errorf("usage of NONE: %+v", none)
		}

		ids, err := n.admin.Connections(t.Context(), token.None)
		check(t, err)
		if len(ids) != 1 {
			t.Fatalf("connections of NONE: %v", ids)
		}
		check(t, n.admin.EndConnections(t.Context(), append(ids, 987654)))
		if _, err := without.replies.ReadString('\n'); err == nil {
			t.Error("the connection goes on")
		}
		until(t, n, token.None, func(u usage.Record) bool { return u.Connections == 0 && u.Authentications == 1 })
		checkRefusals(t, n, both, secret)
	})
}

// checkLacking comes without a token now that one is needed, as before.
func checkLacking(t *testing.T, n node) {
	t.Helper()
	before := usageOf(t, n, token.None).Refused
	lacking := n.open(t)
	if reply := lacking.say(t, "GET key"); !strings.HasPrefix(reply, "-NOAUTH") {
		t.Errorf("without a token: %s", reply)
	}
	live := usageOf(t, n, token.None)
	if live.Refused != before+1 || len(live.Clients) == 0 || !slices.ContainsFunc(live.Clients, func(c usage.Client) bool { return c.Refused > 0 }) {
		t.Errorf("a client without a token is there, and NONE is %+v", live)
	}
	_ = lacking.Close()
	knocks := n.open(t)
	_ = knocks.Close()
	lacking = n.open(t)
	lacking.say(t, "GET key")
	_ = lacking.Close()
	until(t, n, token.None, func(u usage.Record) bool { return u.Refused == before+2 && u.Connections == 0 })
}

// checkRefusals retires the token and sees who still uses it.
func checkRefusals(t *testing.T, n node, set token.Set, retired token.Token) {
	t.Helper()
	second := token.Generate()
	for _, change := range []func(token.Set) (token.Set, error){
		func(s token.Set) (token.Set, error) { return s.Set(retired.Digest()) },
		func(s token.Set) (token.Set, error) { return s.Rotate(second.Digest(), noon) },
		func(s token.Set) (token.Set, error) { return s.Set(second.Digest()) },
	} {
		next, err := change(set)
		check(t, err)
		check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: next}, Rights{}))
		set = next
	}
	late := n.open(t)
	late.say(t, "AUTH "+second.Reveal())
	late.say(t, "CLIENT SETNAME late-worker")
	for range 3 {
		if reply := late.say(t, "AUTH "+retired.Reveal()); !strings.HasPrefix(reply, "-WRONGPASS") {
			t.Errorf("retired token: %s", reply)
		}
	}
	late.say(t, "AUTH never-held-by-this-node")
	refused := usageOf(t, n, retired.Digest().Fingerprint())
	var by usage.Client
	for _, c := range refused.Clients {
		if c.Name == "late-worker" {
			by = c
		}
	}
	if refused.Refused != 3 || by.Refused != 3 || by.Address != "127.0.0.1" || refused.LastRefused.IsZero() {
		t.Errorf("usage of the retired token: %+v", refused)
	}
	checkLacking(t, n)
	if unknown := usageOf(t, n, usage.Unknown); unknown.Refused != 1 || len(unknown.Clients) != 0 {
		t.Errorf("usage of unknown tokens: %+v", unknown)
	}
}

// TestProofsAreNotUse: neither what the service proves nor that it was connected is counted.
func TestProofsAreNotUse(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		open := token.OpenSet(noon)
		n := startNode(t, installed, open)
		secret := token.Generate()
		both, err := open.Rotate(secret.Digest(), noon)
		check(t, err)
		check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: both}, Rights{}))
		want := Logins{Passwordless: true, Accept: []token.Token{secret}, Refuse: []token.Token{keyring.Decoy("group")}}
		for range 20 {
			check(t, ProveLogins(t.Context(), Path{n.address, n.address.Addr()}, nil, keyring.Prober("node"), want))
		}
		false1, false2 := want, want
		false1.Passwordless = false
		false2.Accept = []token.Token{token.Generate()}
		for _, wrong := range []Logins{false1, false2} {
			if ProveLogins(t.Context(), Path{n.address, n.address.Addr()}, nil, keyring.Prober("node"), wrong) == nil {
				t.Error("what is false was proven")
			}
		}
		mark := n.open(t) // ends after the others
		mark.say(t, "PING")
		mark.Close()
		none := until(t, n, token.None, func(u usage.Record) bool { return u.Connections == 0 && u.Authentications > 0 })
		used := usageOf(t, n, secret.Digest().Fingerprint())
		if none.Authentications != 1 || used.Authentications != 0 || used.Refused != 0 || len(used.Clients) != 0 {
			t.Errorf("usage of NONE %+v and of the token %+v", none, used)
		}
		if unknown := usageOf(t, n, usage.Unknown); unknown.Refused != 0 {
			t.Errorf("usage of unknown tokens %+v", unknown)
		}
	})
}

// TestParseUsage: whatever the report or the list holds, there is an answer and no panic.
func TestParseUsage(t *testing.T) {
	t.Parallel()
	const head = "usage 1 now=1 attributes=1 passwordless=1\n"
	for name, c := range map[string]struct {
		report, list string
		want         int // credentials
		wrong        bool
	}{
		"empty":         {wrong: true},
		"other answer":  {report: "OK", wrong: true},
		"later version": {report: "usage 2 now=1\n", wrong: true},
		"head only":     {report: head, list: "", want: 0},
		"bad numbers":   {report: head + "credential 0123456789ab authentications=x minute=-5 refused=99999999999999999999999 first-used=-1\n", want: 1},
		"half lines":    {report: head + "credential\nclient\nstranger\nstranger x\nclient abc\ncredential abc held", want: 1},
		"unknown words": {report: head + "weather rain\ncredential abc colour=blue\n", want: 1},
		"hostile list":  {report: head, list: "\n\n = = user=token:abc id=x\nuser=\nuser=token:\nid=1 addr= name=user=default age=-9 user=token:abc\nid=2 addr=[::1]:6 user=default age=9999999999999 cmd=get\x00\xff", want: 2},
		"no end":        {report: head + "client abc addr=1.2.3.4 name=" + strings.Repeat("n", 70000), want: 1},
	} {
		counted, err := parseUsage(c.report)
		if (err != nil) != c.wrong {
			t.Errorf("%s: error %v", name, err)
		}
		if err != nil {
			continue
		}
		counted.addConnections(c.list, noon)
		counted.addRefusals([]refusal{{credential: "abc", count: 1}, {credential: "zzz", count: 1}}, noon)
		if got := counted.result("node"); len(got) != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzParseUsage(f *testing.F) {
	f.Add("usage 1 now=1\ncredential abc authentications=1\n", "id=1 addr=1.2.3.4:5 name=x user=token:abc cmd=get\n")
	f.Fuzz(func(t *testing.T, report, list string) {
		counted, err := parseUsage(report)
		if err != nil {
			return
		}
		counted.addConnections(list, noon)
		for _, u := range counted.result("node") {
			if u.Authentications < 0 || u.Connections < 0 || len(u.Clients) > usage.ClientsKept {
				t.Errorf("%+v", u)
			}
		}
	})
}

// manyConnections is what a node answers with n connections, each of a client of its own.
func manyConnections(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, "id=%d addr=10.0.%d.%d:%d laddr=127.0.0.2:6379 fd=%d name=worker-%d age=100 idle=3 flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 watch=0 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=1928 events=r cmd=get user=token:0123456789ab redir=-1 resp=2 lib-name=redis-py lib-ver=5.0.1 tot-net-in=8000 tot-net-out=2000 tot-cmds=42\n",
			i, i/250, i%250, 1024+i, i, i)
	}
	return list.String()
}

func BenchmarkConnections10000(b *testing.B) {
	list := manyConnections(10_000)
	b.ReportAllocs()
	for b.Loop() {
		counted, err := parseUsage("usage 1 now=1\n")
		if err != nil {
			b.Fatal(err)
		}
		counted.addConnections(list, noon)
		if got := counted.result("node"); got[0].Connections != 10_000 {
			b.Fatal(got[0].Connections)
		}
	}
}

// TestUsageOfManyConnections asks a node that has thousands of connections.
func TestUsageOfManyConnections(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		const connections = 2000
		for range connections {
			n.open(t).say(t, "PING")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		all, err := n.admin.Usage(ctx, "node", began)
		check(t, err)
		t.Logf("%d connections in %s", connections, time.Since(began))
		if all[0].Connections != connections || all[0].Authentications != connections {
			t.Errorf("%d connections, %d authentications", all[0].Connections, all[0].Authentications)
		}
	})
}
