package integration

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/address/addresstest"
)

// Connections are as many as silentMost, if this process may open so many files, and at least silentLeast, which is more than a node has
// places for clients: of some the kernel tells us, and the engine, when it is slow to accept, never hears.
const silentMost, silentLeast, otherFiles = 20000, 12000, 1000

// silent is how many connections one test can have. It raises this process's limit as far as it may be.
func silent(t *testing.T) int {
	t.Helper()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if wish := uint64(silentMost + otherFiles); limit.Max < wish { // who has the right to may raise it
		raised := unix.Rlimit{Cur: wish, Max: wish}
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &raised) == nil {
			limit = raised
		}
	}
	if limit.Max < silentLeast+otherFiles {
		t.Skipf("the test may open %d files", limit.Max)
	}
	limit.Cur = limit.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	connections := min(silentMost, int(min(limit.Max, 1<<30))-otherFiles)
	t.Logf("with %d connections, of %d: the test may open %d files", connections, silentMost, limit.Max)
	return connections
}

// beginsTLS is the first byte of a handshake, without which nobody gets past the gate where TLS is required.
var beginsTLS = []byte{22}

// fill takes every place, with connections from one address that say this and never another word, until they are freed. The address is nobody
// else's: all that is done at once on the machine has only so many ports to connect from.
func fill(t *testing.T, address string, from netip.Addr, connections int, says []byte) (free func()) {
	t.Helper()
	dialer := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: from.AsSlice()}}
	var all []net.Conn
	free = func() {
		for _, conn := range all {
			_ = conn.Close()
		}
		all = nil
	}
	t.Cleanup(func() { free() })
	for range connections {
		conn, err := dialer.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, conn)
		_, _ = conn.Write(says) // one that is refused already is over
	}
	return free
}

// TestFullNodeTakesTokenChange changes tokens while somebody without one has taken all places that clients have, also
// if that happened while aikagi was down. One engine after the other: descriptors are bounded.
func TestFullNodeTakesTokenChange(t *testing.T) {
	connections := silent(t)
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			from := addresstest.Claim(t).Addr().Next()
			s := harness.Start(t)
			g := newGroup(t, s, name, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(1)})
			free := fill(t, g.primary(), from, connections, beginsTLS)
			g.change(rotate, token1)
			g.awaitCrowd(from, true)
			g.wantTold(from, 1, 0)
			s.Kill()
			s.Start()
			g.change(set, token1)
			g.awaitCrowd(from, true)
			free()
			g.awaitCrowd(from, false)
			g.wantTold(from, 1, 1)

			plain := newGroup(t, s, name, elasticache.CreateReplicationGroupInput{
				ReplicationGroupId: aws.String("plain"), NumCacheClusters: aws.Int32(1), TransitEncryptionEnabled: aws.Bool(false),
			})
			free = fill(t, plain.primary(), from, connections, nil)
			s.Kill()
			s.Start()
			plain.AwaitStatus(plain.id, "available")
			plain.awaitCrowd(from, true)
			for command, words := range map[string][]string{
				"doctor":       {"plain is available: " + plain.crowded(from), "→ Find the programs that hold the connections", "CLIENT KILL ADDR"},
				"status plain": {"connections FULL since", "→ Find the programs that hold the connections (on this machine: ss -tnp 'dport = :6379')"},
			} {
				out, _ := s.Aikagi(strings.Fields(command)...)
				for _, part := range words {
					if !strings.Contains(out, part) {
						t.Errorf("aikagi %s does not say %q:\n%s", command, part, out)
					}
				}
			}
			w := dial(t, plain.primary(), nil)
			if reply, err := w.reply(); err != nil || !strings.Contains(reply, "max number of clients reached") {
				t.Errorf("one too many: %q, %v", reply, err)
			}
			free()
		})
	}
}

// crowded is what is said of the group's one node while clients have all the connections.
func (g *group) crowded(from netip.Addr) string {
	return fmt.Sprintf("Client connections of node %s-001 are full (10000 of 10000), most of them from %s (", g.id, from)
}

// awaitCrowd waits until the group's state says that its node's connections are full, and who has them; or does not
// any more. A node is asked once a minute.
func (g *group) awaitCrowd(from netip.Addr, full bool) {
	g.t.Helper()
	harness.Await(g.t, 3*time.Minute, fmt.Sprintf("the crowd to be told of: %t", full), func() (bool, error) {
		out, err := g.Aikagi("status", g.id)
		return strings.Contains(out, g.crowded(from)) == full, fmt.Errorf("%s (%w)", out, err)
	})
}

// wantTold checks how many events tell that the connections were full, and that there is room again.
func (g *group) wantTold(from netip.Addr, full, room int) {
	g.t.Helper()
	events := strings.Join(messages(g.t, g.Server, types.SourceTypeCacheCluster, g.id+"-001"), "\n")
	for words, want := range map[string]int{g.crowded(from): full, "Node " + g.id + "-001 has connections for new clients again": room} {
		if n := strings.Count(events, words); n != want {
			g.t.Errorf("%d events say %q, want %d:\n%s", n, words, want, events)
		}
	}
}
