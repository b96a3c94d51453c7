package integration

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/engine"
)

// attackTime is how long each attack goes on: AIKAGI_HOSTILE, or a moment.
func attackTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("AIKAGI_HOSTILE")
	if text == "" {
		return time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("AIKAGI_HOSTILE: %v", err)
	}
	return d
}

// seedOf is the one that AIKAGI_SEED names, or a new one; it is printed.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv("AIKAGI_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("AIKAGI_SEED=%d", seed)
	return seed
}

// attack is what a client that may log in does to a group, at random. The same seed does the same, for as long as it
// is given.
type attack struct {
	*group
	r     *rand.Rand
	until time.Time
	tries int
	token string
	conn  *wire
}

func (a *attack) goesOn() bool {
	a.tries++
	return time.Now().Before(a.until)
}

func (a *attack) pick(words ...string) string { return words[a.r.IntN(len(words))] }

// words draws what a command may be given; together they have no number with which a command would rightly take
// much memory.
func (a *attack) words(most int) []string {
	words := make([]string, a.r.IntN(most+1))
	for i := range words {
		switch a.r.IntN(12) {
		case 0:
			b := make([]byte, a.r.IntN(40))
			for j := range b {
				b[j] = byte(a.r.UintN(256))
			}
			words[i] = string(b)
		case 1:
			words[i] = strings.Repeat("x", a.r.IntN(5000))
		default:
			words[i] = a.pick(hostileWords...)
		}
	}
	return words
}

var hostileWords = strings.Fields(`k k k l m 0 1 2 3 -1 7 100 9223372036854775807 -9223372036854775808 1e400 nan 1-1 $ > * + - ( [a default aikagi:admin
	aikagi:replication aikagi:rules normal master replica pubsub yes no on off sync async id user addr laddr type skipme maxage list kill count match
	limit get set nx xx ex px keepttl withscores by asc alpha store weights aggregate left right before after block streams group maxlen ~
	return(1) redis.call('PING') while lib f #!lua {} \x00 %s%n *1 HELP RESET DEBUG`)

// send says something and does not mind the answer; what blocks, or ends the connection, costs the connection.
func (a *attack) send(words ...string) string {
	if a.conn == nil {
		a.conn = dial(a.t, a.primary(), a.ca)
		a.conn.do("AUTH", a.token)
	}
	reply, err := a.conn.tryWithin(300*time.Millisecond, words...)
	if err != nil {
		a.hangUp()
	}
	return reply
}

func (a *attack) hangUp() {
	if a.conn != nil {
		a.conn.close()
		a.conn = nil
	}
}

// accessOf asks a node for its users, as its administrator.
func accessOf(t *testing.T, s *harness.Server, node string, pid int) engine.Access {
	t.Helper()
	master, err := os.ReadFile(filepath.Join(s.Dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	_, uid, _ := strings.Cut(node, ".")
	dialNode := func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", fmt.Sprintf("/proc/%d/cwd/admin.sock", pid)) // a short path
	}
	admin, err := engine.ConnectAdmin(t.Context(), dialNode, engine.NewKeyring(master), uid)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	view, err := admin.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return view.Access
}

// TestHostile attacks a group in several ways, and rotates meanwhile. After each one the same processes live and
// answer, and the users of the service and the rights of clients are what they were.
func TestHostile(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		seed := seedOf(t)
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		token := token1
		g.change(rotate, token)
		g.change(set, token)
		for i, way := range []struct {
			name string
			do   func(*attack)
		}{
			{"commands", (*attack).commands}, {"client", (*attack).client}, {"script", (*attack).script}, {"restore", (*attack).restore},
			{"first bytes", (*attack).firstBytes}, {"api", (*attack).api},
		} {
			h := fnv.New64()
			h.Write([]byte(way.name + engine))
			pids, access := g.Nodes(), map[string]any{}
			for node, pid := range pids {
				access[node] = lasting(accessOf(t, g.Server, node, pid))
			}
			a := &attack{group: g, r: rand.New(rand.NewPCG(seed, h.Sum64())), token: token, until: time.Now().Add(attackTime(t))}
			token = fmt.Sprintf("hostile-token-number-%d", i)
			var over sync.WaitGroup
			over.Go(func() {
				way.do(a)
				a.hangUp()
			})
			g.change(rotate, token)
			over.Wait()
			t.Logf("%s: %d tries", way.name, a.tries)
			g.change(set, token)
			g.survived(way.name, pids, access)
			w := dial(t, g.primary(), g.ca)
			if reply := w.do("AUTH", token); reply != "OK" {
				t.Errorf("%s: the next token: %s", way.name, reply)
			}
			w.close()
		}
		g.checkAccess(token)
	})
}

// lasting is of a node's access what no rotation changes.
func lasting(a engine.Access) any { return [2]any{a.Counts, a.Rules} }

// survived is the verdict on an attack.
func (g *group) survived(way string, pids map[string]int, access map[string]any) {
	g.t.Helper()
	if now := g.Nodes(); !maps.Equal(now, pids) {
		g.t.Fatalf("%s: the processes were %v and are %v\n%s", way, pids, now, g.Output())
	}
	for node, pid := range pids {
		if now := lasting(accessOf(g.t, g.Server, node, pid)); now != access[node] {
			g.t.Errorf("%s: the users of %s were %v and are %v", way, node, access[node], now)
		}
	}
	if status := aws.ToString(g.describe().Status); status != "available" {
		g.t.Errorf("%s: the group is %s", way, status)
	}
}
