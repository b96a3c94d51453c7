package integration

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// figures are what is compared of a credential's use.
type figures struct {
	standing        string
	connections     int
	authentications int64
	refused         int64
}

func (g *group) usage() own.Usage {
	g.t.Helper()
	usage, err := g.Client().TokenUsage(g.t.Context(), g.id)
	if err != nil {
		g.t.Fatal(err)
	}
	return usage
}

// awaitUsage waits until the group's nodes tell these figures, of these credentials and no
// other: the end of a connection is noticed a moment after it.
func (g *group) awaitUsage(when string, want map[string]figures) {
	g.t.Helper()
	wanted := map[string]figures{}
	for token, f := range want {
		switch token {
		case none:
			token = "NONE"
		case "unknown":
		default:
			token = nameOf(token)
		}
		wanted[token] = f
	}
	harness.Await(g.t, harness.Patience, "usage "+when, func() (bool, error) {
		usage := g.usage()
		got := map[string]figures{}
		for _, c := range usage.Credentials {
			got[c.Fingerprint] = figures{string(c.Standing), int(c.Connections), c.Authentications, c.Refused}
		}
		same := usage.Complete && len(got) == len(wanted)
		for name, f := range wanted {
			same = same && got[name] == f
		}
		return same, fmt.Errorf("complete %t, %+v, want %+v", usage.Complete, got, wanted)
	})
}

// clientsOf returns the live connections of a credential by client name.
func clientsOf(usage own.Usage, token string) map[string]int {
	names := map[string]int{}
	for _, c := range usage.Credentials {
		if c.Fingerprint != nameOf(token) {
			continue
		}
		for _, who := range c.Clients {
			names[who.Name] += int(who.Connections)
		}
	}
	return names
}

// perRequest logs in, asks once and leaves, n times.
func (g *group) perRequest(n int, token string) {
	g.t.Helper()
	for range n {
		w := dial(g.t, g.primary(), g.ca)
		if token != none {
			if reply := w.do("AUTH", token); reply != "OK" {
				g.t.Errorf("AUTH: %s", reply)
			}
		}
		if reply := w.do("PING"); reply != "PONG" {
			g.t.Errorf("PING: %s", reply)
		}
		w.close()
	}
}

// TestUsageEqualsWhatClientsCount has clients of all sorts count their own logins, and
// compares. Our own proofs, which every token change brings, must not show.
func TestUsageEqualsWhatClientsCount(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		g.change(rotate, token1)
		g.awaitUsage("before any client", map[string]figures{none: {"old", 0, 0, 0}, token1: {"new", 0, 0, 0}})

		logins, live := int64(0), 0
		want := map[string]int{"go-pool": 4}
		for name, h := range g.holders(token1) {
			count, connections := h.open(t, g)
			logins, live = logins+count, live+connections
			want[name] = connections
		}
		const requests = 60
		g.perRequest(requests, token1)
		anonymous := dial(t, g.primary(), g.ca)
		anonymous.do("PING")
		mistaken := dial(t, g.primary(), g.ca)
		mistaken.do("AUTH", token1) // or it would count among those without a token, after a while or when it is closed
		if reply := mistaken.do("AUTH", tokenWrong); !strings.HasPrefix(reply, "-WRONGPASS") {
			t.Error(reply)
		}
		logins, live = logins+1, live+1
		g.awaitUsage("with clients of all sorts", map[string]figures{
			none: {"old", 1, 1, 0}, token1: {"new", live, logins + requests, 0}, "unknown": {"unknown", 0, 0, 1},
		})
		got := clientsOf(g.usage(), token1)
		for name, n := range want {
			if got[name] != n {
				t.Errorf("client %s has %d connections, want %d of %v", name, got[name], n, got)
			}
		}
		g.checkUsageCommand(live, "go-pool")
	})
}

// checkUsageCommand looks at the same through the command.
func (g *group) checkUsageCommand(live int, name string) {
	g.t.Helper()
	text, err := g.Aikagi("token", "usage", g.id)
	if err != nil || !strings.Contains(text, name) || !strings.Contains(text, nameOf(token1)) || !strings.Contains(text, "SET would lock out 1 connection of 127.") {
		g.t.Errorf("aikagi token usage: %v\n%s", err, text)
	}
	text, err = g.Aikagi("token", "usage", g.id, "--output", "json")
	var usage own.Usage
	if err == nil {
		err = json.Unmarshal([]byte(text), &usage)
	}
	if err != nil || len(usage.Credentials) != 3 || int(usage.Credentials[1].Connections) != live {
		g.t.Errorf("aikagi token usage --output json: %v\n%s", err, text)
	}
	if text, err = g.Aikagi("token", "usage", "nobody"); err == nil || !strings.Contains(text, "ReplicationGroupNotFoundFault") {
		g.t.Errorf("of no group: %v\n%s", err, text)
	}
}

// TestUsageSurvivesKills kills the control plane and a node while clients count.
func TestUsageSurvivesKills(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{AuthToken: aws.String(token1)})
		address := g.primary()
		var logins atomic.Int64
		login := func(n int) {
			for range n {
				w := dial(t, address, g.ca)
				if reply := w.do("AUTH", token1); reply != "OK" {
					t.Errorf("AUTH: %s", reply)
				}
				logins.Add(1)
				w.close()
			}
		}
		login(20)
		g.Kill()
		login(20) // nobody looks
		g.Start()
		g.AwaitStatus(g.id, "available")
		held := dial(t, address, g.ca)
		held.do("AUTH", token1)
		logins.Add(1)
		g.awaitUsage("after a kill of the control plane", map[string]figures{token1: {"current", 1, logins.Load(), 0}})
		for _, pid := range g.Nodes() {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		harness.Await(t, harness.Patience, "the node to be back", func() (bool, error) {
			usage := g.usage()
			return usage.Complete && usage.Credentials[0].Connections == 0, fmt.Errorf("missing %v", usage.MissingNodes)
		})
		g.awaitUsage("after a kill of the node", map[string]figures{token1: {"current", 0, logins.Load(), 0}})
		harness.Await(t, harness.Patience, "the node to listen", func() (bool, error) {
			reply, err := tryLogin(g, address)
			return err == nil && reply == "OK", err
		})
		logins.Add(1)
		g.awaitUsage("after one more login", map[string]figures{token1: {"current", 0, logins.Load(), 0}})
	})
}
