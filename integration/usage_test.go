package integration

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/client"
)

// figures are what is compared of a credential's use.
type figures struct {
	standing        string
	connections     int
	authentications int64
	refused         int64
}

func (g *group) usage() client.TokenUsage {
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
	harness.Await(g.t, 10*time.Second, "usage "+when, func() (bool, error) {
		usage := g.usage()
		got := map[string]figures{}
		for _, c := range usage.Credentials {
			got[c.Fingerprint] = figures{c.Standing, c.Connections, c.Authentications, c.Refused}
		}
		same := usage.Complete && len(got) == len(wanted)
		for name, f := range wanted {
			same = same && got[name] == f
		}
		return same, fmt.Errorf("complete %t, %+v, want %+v", usage.Complete, got, wanted)
	})
}

// clientsOf returns the live connections of a credential by client name.
func clientsOf(usage client.TokenUsage, token string) map[string]int {
	names := map[string]int{}
	for _, c := range usage.Credentials {
		if c.Fingerprint != nameOf(token) {
			continue
		}
		for _, who := range c.Clients {
			names[who.Name] += who.Connections
		}
	}
	return names
}

// guard sets the tags of the group's guard.
func (g *group) guard(mode, quiet string) {
	g.t.Helper()
	_, err := g.API().AddTagsToResource(g.t.Context(), &elasticache.AddTagsToResourceInput{
		ResourceName: g.describe().ARN,
		Tags: []types.Tag{
			{Key: aws.String("aikagi:set-guard"), Value: &mode}, {Key: aws.String("aikagi:set-guard-quiet"), Value: &quiet},
		},
	})
	if err != nil {
		g.t.Fatal(err)
	}
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
	eachEngine(t, func(t *testing.T, engine string) {
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
		if reply := dial(t, g.primary(), g.ca).do("AUTH", tokenWrong); !strings.HasPrefix(reply, "-WRONGPASS") {
			t.Error(reply)
		}
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
	var usage client.TokenUsage
	if err == nil {
		err = json.Unmarshal([]byte(text), &usage)
	}
	if err != nil || len(usage.Credentials) != 3 || usage.Credentials[1].Connections != live {
		g.t.Errorf("aikagi token usage --output json: %v\n%s", err, text)
	}
	if text, err = g.Aikagi("token", "usage", "nobody"); err == nil || !strings.Contains(text, "ReplicationGroupNotFoundFault") {
		g.t.Errorf("of no group: %v\n%s", err, text)
	}
}

// TestGuardRefusesUntilTheLastClientLeft: ROTATE and SET, through the SDK and through the
// AWS CLI, are refused while what they end is used, and let through after that.
func TestGuardRefusesUntilTheLastClientLeft(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		g.guard("refuse", "500ms")
		g.change(rotate, token1)
		forgotten := dial(t, g.primary(), g.ca)
		forgotten.do("CLIENT", "SETNAME", "forgotten-cron")

		_, err := g.modify(rotate, token2)
		checkRefusal(t, err, invalidCombi, "AuthTokenUpdateStrategy ROTATE would end access without a token of replication group g, which is in use: 1 connection, 1 authentication")
		checkRefusal(t, err, invalidCombi, "forgotten-cron (127.")
		g.checkStillThere()
		forgotten.close()
		g.awaitChange(rotate, token2)

		pool := goPool(g, token1)
		if _, connections := pool.open(t, g); connections == 0 {
			t.Fatal("the pool is empty")
		}
		_, err = g.modify(set, token2)
		checkRefusal(t, err, invalidCombi, "would end the token "+nameOf(token1))
		checkRefusal(t, err, invalidCombi, "go-pool (127.")
		_, problem, err := g.AWS("elasticache", "modify-replication-group", "--replication-group-id", g.id, "--apply-immediately",
			"--auth-token", token2, "--auth-token-update-strategy", "SET")
		if err == nil || !strings.Contains(problem, "InvalidParameterCombination") || !strings.Contains(problem, "go-pool") ||
			!strings.Contains(problem, "aikagi token usage g") || strings.Contains(problem, token2) {
			t.Errorf("the AWS CLI says %v: %s", err, problem)
		}
		pool.close()
		g.awaitChange(set, token2)
		g.checkAccess(token2)
	})
}

// checkStillThere sees that a refused change left the group alone.
func (g *group) checkStillThere() {
	g.t.Helper()
	if d := g.describe(); aws.ToString(d.Status) != "available" || d.PendingModifiedValues.AuthTokenStatus != "" {
		g.t.Errorf("after a refusal the group is %s, token status %q", aws.ToString(d.Status), d.PendingModifiedValues.AuthTokenStatus)
	}
}

// awaitChange asks until the guard lets a change through, and waits until it is done.
func (g *group) awaitChange(strategy types.AuthTokenUpdateStrategyType, token string) {
	g.t.Helper()
	harness.Await(g.t, 15*time.Second, "the guard to let "+string(strategy)+" through", func() (bool, error) {
		_, err := g.modify(strategy, token)
		return err == nil, err
	})
	g.AwaitStatus(g.id, "available")
}

// TestGuardWarns is the default: the change is carried out and the event names who is hit.
func TestGuardWarns(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{AuthToken: aws.String(token1)})
		g.change(rotate, token2)
		late := dial(t, g.primary(), g.ca)
		late.do("AUTH", token1)
		late.do("CLIENT", "SETNAME", "late-worker")
		g.change(set, token2)
		told := strings.Join(messages(t, g.Server, types.SourceTypeReplicationGroup, g.id), "\n")
		if !strings.Contains(told, "Auth token SET ends the token "+nameOf(token1)) || !strings.Contains(told, "late-worker (127.") {
			t.Errorf("events:\n%s", told)
		}
		if reply := late.do("PING"); reply != "PONG" {
			t.Errorf("a connection that was there is ended: %s", reply)
		}
		g.change(rotate, token3) // ends nothing
		g.guard("off", "10m")
		g.change(set, token3)
		if again := strings.Join(messages(t, g.Server, types.SourceTypeReplicationGroup, g.id), "\n"); strings.Count(again, " ends ") != 1 {
			t.Errorf("events:\n%s", again)
		}
	})
}

// A guard that cannot ask a node refuses, and says which.
func TestGuardWithoutANode(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t, "--hang-timeout", "60s"), engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), AuthToken: aws.String(token1),
		})
		g.guard("refuse", "1s")
		g.change(rotate, token2)
		pid := 0
		for name, process := range g.Nodes() {
			if strings.HasPrefix(name, "g-002.") {
				pid = process
			}
		}
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err := g.modify(set, token2)
		checkRefusal(t, err, invalidCombi, "node g-002 could not be asked (it did not answer within 1s)")
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("the refusal took %s", took)
		}
		if text, err := g.Aikagi("token", "usage", g.id); err == nil || err.Error() != "exit status 2" || !strings.Contains(text, "NOT ASKED: node g-002") {
			t.Errorf("aikagi token usage: %v\n%s", err, text)
		}
		if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		g.awaitChange(set, token2)
	})
}

// TestUsageSurvivesKills kills the control plane and a node while clients count.
func TestUsageSurvivesKills(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
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
		harness.Await(t, 20*time.Second, "the node to be back", func() (bool, error) {
			usage := g.usage()
			return usage.Complete && usage.Credentials[0].Connections == 0, fmt.Errorf("missing %v", usage.MissingNodes)
		})
		g.awaitUsage("after a kill of the node", map[string]figures{token1: {"current", 0, logins.Load(), 0}})
		harness.Await(t, 20*time.Second, "the node to listen", func() (bool, error) {
			reply, err := tryLogin(g, address)
			return err == nil && reply == "OK", err
		})
		logins.Add(1)
		g.awaitUsage("after one more login", map[string]figures{token1: {"current", 0, logins.Load(), 0}})
	})
}
