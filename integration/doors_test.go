package integration_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/engine"
)

// newFailoverGroup is newGroup with automatic failover.
func newFailoverGroup(t *testing.T, engine string, replicas int, args ...string) *subject {
	t.Helper()
	g := newSubject(harness.Start(t, args...), "group", engine, replicas, true)
	g.tokens, g.retired, g.automatic = []string{tokenOf("first", 0)}, []string{""}, true
	if err := g.create(g.tokens[0]); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	return g
}

// administer connects to a node as the control plane does.
func (g *subject) administer(node string) *rawClient {
	g.t().Helper()
	master, err := os.ReadFile(filepath.Join(g.Dir, "master.key"))
	if err != nil {
		g.t().Fatal(err)
	}
	dir := g.dirOf(node)
	conn, err := net.Dial("unix", filepath.Join(dir, "admin.sock"))
	if err != nil {
		g.t().Fatal(err)
	}
	c := newRawClient(conn)
	_, uid, _ := strings.Cut(filepath.Base(dir), ".")
	if _, err := c.do("AUTH", engine.AdminUser, engine.NewKeyring(master).Admin(uid).Reveal()); err != nil {
		g.t().Fatalf("log in to %s as administrator: %v", node, err)
	}
	return c
}

// holdBack keeps a replica from carrying out what its primary sends, until release. It answers readers.
func (g *subject) holdBack(node string) (release func()) {
	g.t().Helper()
	c := g.administer(node)
	if _, err := c.do("CLIENT", "PAUSE", "600000", "WRITE"); err != nil {
		g.t().Fatalf("hold %s back: %v", node, err)
	}
	return func() {
		if _, err := c.do("CLIENT", "UNPAUSE"); err != nil {
			g.t().Errorf("let %s go: %v", node, err)
		}
		c.Close()
	}
}

// behind are the replicas that the control plane says are behind.
func (g *subject) behind() (nodes []string) {
	g.t().Helper()
	access, _, err := g.access()
	if err != nil {
		g.t().Fatal(err)
	}
	for _, n := range access.Nodes {
		if n.BehindSince != nil {
			nodes = append(nodes, n.CacheClusterId)
		}
	}
	return nodes
}

// awaitBehind waits until these replicas, and no others, are behind, and checks that it is shown.
func (g *subject) awaitBehind(metrics string, nodes ...string) {
	g.t().Helper()
	slices.Sort(nodes)
	g.await(fmt.Sprintf("%v to be behind", nodes), func() (bool, error) {
		now := g.behind()
		return slices.Equal(now, nodes), fmt.Errorf("%v are", now)
	})
	for _, id := range g.nodes {
		if id == g.primary {
			continue
		}
		out := slices.Contains(nodes, id)
		g.await(id+"'s door to be as it should", func() (bool, error) {
			_, err := tryLogin(g.address[id], g.pool(), g.newest())
			return (err != nil) == out, fmt.Errorf("connect: %w", err)
		})
		status, err := g.Aikagi("status", g.id)
		if shown := regexp.MustCompile(id + `.*BEHIND since`).MatchString(status); err != nil || shown != out {
			g.t().Errorf("status says of %s (%v):\n%s", id, err, status)
		}
		value := map[bool]string{true: "1", false: "0"}[out]
		if line := fmt.Sprintf(`aikagi_replica_behind{group="%s",node="%s"} %s`, g.id, id, value); !strings.Contains(fetch(g.t(), metrics), line) {
			g.t().Errorf("metrics do not say %s", line)
		}
	}
}

func fetch(tb testing.TB, url string) string {
	tb.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := harness.HTTP.Do(request)
	if err != nil {
		tb.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// wantEnded checks that the node has hung up on a connection.
func wantEnded(tb testing.TB, what string, c *rawClient) {
	tb.Helper()
	if _, err := c.do("PING"); err == nil {
		tb.Errorf("%s: a connection from before goes on reading from a replica that is behind", what)
	}
	c.Close()
}

// A replica that gets nothing of what its primary takes leaves the reader endpoint, and its own address closes,
// for those too who are connected; with all replicas held back the primary serves the reader endpoint. Meanwhile
// tokens can be changed. Each is back when it has caught up.
func TestReplicaThatFallsBehindIsOut(t *testing.T) {
	t.Parallel()
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFailoverGroup(t, name, 2, "--metrics-listen", "127.0.0.1:0")
			metrics := regexp.MustCompile(`metrics: (http://127\.0\.0\.1:\d+/metrics)`).FindStringSubmatch(g.Output())[1]
			first := g.servedBy(readerEndpoint)
			second := g.nodes[slices.IndexFunc(g.nodes, func(id string) bool { return id != first && id != g.primary })]
			g.awaitBehind(metrics)
			pids := g.pids()

			byName, byEndpoint, of2nd := g.connect(first), g.readerOf(first), g.connect(second)
			release := g.holdBack(first)
			w := g.writeAllTheTime("behind")
			g.awaitBehind(metrics, first)
			wantEnded(t, "its own address", byName)
			wantEnded(t, "reader endpoint", byEndpoint)
			if _, err := of2nd.do("PING"); err != nil {
				t.Errorf("the other replica: %v", err)
			}
			g.await("the reader endpoint to be the other replica's", func() (bool, error) {
				node, err := g.tryServedBy(readerEndpoint)
				return node == second, fmt.Errorf("it is %q's (%w)", node, err)
			})
			g.mustModify(rotate, tokenOf("rotated", 0))
			g.awaitSettled()

			release2nd := g.holdBack(second)
			g.awaitBehind(metrics, first, second)
			g.await("the reader endpoint to be the primary's", func() (bool, error) {
				node, err := g.tryServedBy(readerEndpoint)
				return node == g.primary, fmt.Errorf("it is %q's (%w)", node, err)
			})
			release()
			g.awaitBehind(metrics, second)
			release2nd()
			g.awaitBehind(metrics)
			g.await("the reader endpoint to be a replica's", func() (bool, error) {
				node, err := g.tryServedBy(readerEndpoint)
				return g.isReplica(node), err
			})

			if n := w.connections(); n != 1 {
				t.Errorf("the writer needed %d connections", n)
			}
			g.keep(w.stop(t))
			for _, id := range []string{first, second} {
				g.events[id+": Replica "+id+" is behind by "]++
				g.events[id+": Replica "+id+" has caught up after "]++
			}
			g.awaitSettled()
			g.verify()
			g.wantPIDs(pids)
		})
	}
}

// readerOf is a connection to the reader endpoint that this replica serves; each of them is as likely to get one.
func (g *subject) readerOf(replica string) *rawClient {
	g.t().Helper()
	want := strconv.Itoa(g.pids()[replica])
	var found *rawClient
	g.await("a connection to the reader endpoint to be "+replica+"'s", func() (bool, error) {
		c, err := g.tryConnect(readerEndpoint)
		if err != nil {
			return false, err
		}
		info, err := c.do("INFO", "server")
		if err != nil || field(info, "process_id") != want {
			c.Close()
			return false, err
		}
		found = c
		return true, nil
	})
	return found
}

// Nobody is behind a primary that nobody writes to, nor behind one that takes as much as the machine gives.
func TestNoReplicaIsBehindIdleOrBusyPrimary(t *testing.T) {
	t.Parallel()
	g := newFailoverGroup(t, oneEngine(t, 1), 2)
	noneFor := func(what string, d time.Duration) {
		for deadline := time.Now().Add(d); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if nodes := g.behind(); len(nodes) > 0 {
				t.Fatalf("%v are behind a primary that is %s", nodes, what)
			}
		}
	}
	noneFor("idle", 8*time.Second)
	quit, busy := make(chan struct{}), sync.WaitGroup{}
	busy.Go(func() {
		c := g.connect(g.primary)
		defer c.Close()
		for value := strings.Repeat("x", 1<<20); ; {
			select {
			case <-quit:
				return
			default:
			}
			if _, err := c.do("SET", "big", value); err != nil {
				t.Errorf("write: %v", err)
				return
			}
		}
	})
	noneFor("busy", 12*time.Second)
	close(quit)
	busy.Wait()
}
