package integration_test

import (
	"context"
	"errors"
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
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/engine"
)

// newFailoverGroup is newGroup with automatic failover.
func newFailoverGroup(t *testing.T, engine string, replicas int, args ...string) *subject {
	t.Helper()
	g := newSubject(harness.Start(t, args...), "group", engine, replicas, true)
	g.tokens, g.retired, g.automatic = []string{token("first", 0)}, []string{""}, true
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
			nodes = append(nodes, n.CacheClusterID)
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
	answer, err := http.DefaultClient.Do(request)
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

			byName, byEndpoint, of2nd := g.connect(first), g.connect(readerEndpoint), g.connect(second)
			release := g.holdBack(first)
			w := g.writeAllTheTime("behind")
			g.awaitBehind(metrics, first)
			wantEnded(t, "its own address", byName)
			wantEnded(t, "reader endpoint", byEndpoint)
			if _, err := of2nd.do("PING"); err != nil {
				t.Errorf("the other replica: %v", err)
			}
			g.await("the reader endpoint to be the other replica's", func() (bool, error) {
				node := g.servedBy(readerEndpoint)
				return node == second, fmt.Errorf("it is %s's", node)
			})
			g.mustModify(rotate, token("rotated", 0))
			g.awaitSettled()

			release2nd := g.holdBack(second)
			g.awaitBehind(metrics, first, second)
			g.await("the reader endpoint to be the primary's", func() (bool, error) {
				node := g.servedBy(readerEndpoint)
				return node == g.primary, fmt.Errorf("it is %s's", node)
			})
			release()
			g.awaitBehind(metrics, second)
			release2nd()
			g.awaitBehind(metrics)
			g.await("the reader endpoint to be a replica's", func() (bool, error) { return g.isReplica(g.servedBy(readerEndpoint)), nil })

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

// sequence is a key that counts up at the primary. A node's answer tells how late it is.
type sequence struct {
	mu    sync.Mutex // guards acked
	acked []time.Time
}

const sequenceKey = "sequence"

func (s *sequence) run(c *rawClient, quit <-chan struct{}) error {
	for n := 0; ; n++ {
		if _, err := c.do("SET", sequenceKey, strconv.Itoa(n)); err != nil {
			return err
		}
		s.mu.Lock()
		s.acked = append(s.acked, time.Now())
		s.mu.Unlock()
		select {
		case <-quit:
			return nil
		case <-time.After(time.Millisecond):
		}
	}
}

// late asks a node: it is how long ago the first number was acknowledged that it does not have.
func (s *sequence) late(c *rawClient) (time.Duration, error) {
	asked := time.Now()
	text, err := c.do("GET", sequenceKey)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		n = -1 // it has nothing
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n+1 >= len(s.acked) {
		return 0, nil
	}
	return max(0, asked.Sub(s.acked[n+1])), nil
}

// reading connects to an address anew all the time and keeps the latest answers.
type reading struct {
	answers atomic.Int64
	worst   time.Duration
	size    string // of the data at the first answer
	failed  error
}

func (g *subject) readAllTheTime(r *reading, address string, s *sequence, quit <-chan struct{}) {
	for {
		select {
		case <-quit:
			return
		case <-time.After(time.Millisecond):
		}
		c, err := dialRaw(address, g.pool())
		if err != nil {
			continue // its door is closed
		}
		if err = c.login(g.newest()); err == nil {
			var late time.Duration
			if late, err = s.late(c); err == nil {
				r.worst = max(r.worst, late)
				r.answers.Add(1)
			}
			if r.size == "" && err == nil {
				r.size, err = c.do("DBSIZE")
			}
		}
		if refusal := errorReply(""); errors.As(err, &refusal) {
			r.failed = err
		}
		c.Close()
	}
}

// A replica that joins a group with data, under load, is read through its address or the reader endpoint only when
// it has what was acknowledged before, but for the last moment.
func TestNewReplicaIsNotReadTooEarly(t *testing.T) {
	t.Parallel()
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFailoverGroup(t, name, 1)
			c := g.connect(g.primary)
			const filled = 200000
			if _, err := c.do("EVAL", "for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'filler-' .. i, string.rep('x', 100)) end", "0", strconv.Itoa(filled)); err != nil {
				t.Fatal(err)
			}
			there := g.connect(g.node(1))
			if _, err := harness.AwaitCopy(settleLimit, c.do, there.do); err != nil {
				t.Fatal(err)
			}
			there.Close()
			s, stopWriting, writing := &sequence{}, make(chan struct{}), sync.WaitGroup{}
			writing.Go(func() {
				if err := s.run(c, stopWriting); err != nil {
					t.Errorf("write: %v", err)
				}
			})
			joining := g.member(3)
			if _, err := g.client().ElastiCache.IncreaseReplicaCount(t.Context(), &elasticache.IncreaseReplicaCountInput{
				ReplicationGroupId: &g.id, NewReplicaCount: aws.Int32(2), ApplyImmediately: aws.Bool(true),
			}, once); err != nil {
				t.Fatal(err)
			}
			g.await("the new replica's address", func() (bool, error) {
				access, _, err := g.access()
				for _, n := range access.Nodes {
					g.address[n.CacheClusterID] = n.Address + ":6379"
				}
				return g.address[joining] != "", err
			})
			stopReading, readers := make(chan struct{}), sync.WaitGroup{}
			found := map[string]*reading{joining: {}, readerEndpoint: {}}
			for at, r := range found {
				address := g.address[at]
				readers.Go(func() { g.readAllTheTime(r, address, s, stopReading) })
			}
			g.nodes = append(g.nodes, joining)
			g.awaitSettled()
			g.await("answers of the new replica", func() (bool, error) { return found[joining].answers.Load() > 20, nil })
			close(stopReading)
			readers.Wait()
			close(stopWriting)
			writing.Wait()
			for at, r := range found {
				t.Logf("%s: %d answers, late by %s at the most", at, r.answers.Load(), r.worst)
				if size, _ := strconv.Atoi(r.size); r.worst > tooLate || r.failed != nil || size < filled {
					t.Errorf("%s was read when it was late by %s, and had %s keys (%v)", at, r.worst, r.size, r.failed)
				}
			}
			g.verify()
		})
	}
}
