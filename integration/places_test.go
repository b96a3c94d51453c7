package integration

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
)

// A crowd is more than a node has places for clients: of some the kernel tells us, and the engine, when it is slow to accept, never hears.
// It is of several processes, as the system lets one have only so many files.
const crowdConnections, crowdProcesses = 20000, 4

// crowdPlaces are the places for clients on nodes that may open crowdFiles: more than a node begins with. What is missing are 32 files that engines keep
// back, and what is reserved for the service and the gate.
const crowdPlaces, crowdFiles = 12000, crowdPlaces + 32 + module.ReservedClients + gate.Files

// limitFiles has the nodes that a server starts from now on open so many files.
func limitFiles(t *testing.T, s *harness.Server) {
	t.Helper()
	if err := unix.Prlimit(s.PID(), unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: crowdFiles, Max: crowdFiles}, nil); err != nil {
		t.Fatal(err)
	}
}

// beginsTLS is the first byte of a handshake, without which nobody gets past the gate where TLS is required.
var beginsTLS = []byte{22}

// fill takes every place, with connections from one address that say this and never another word, until they are freed. The address is nobody
// else's: it has only so many ports to connect from.
func fill(t *testing.T, address string, from netip.Addr, says []byte) (free func()) {
	t.Helper()
	var ends []func() error
	free = func() {
		for _, end := range ends {
			_ = end()
		}
		ends = nil
	}
	t.Cleanup(func() { free() })
	var answers []*bufio.Reader
	for n := range crowdProcesses {
		part := exec.Command("/proc/self/exe", address, from.String(), strconv.Itoa(firstCrowdPort+n*crowdPorts), hex.EncodeToString(says))
		part.Env, part.Stderr = append(os.Environ(), crowdProcess+"=1"), os.Stderr
		hold, err := part.StdinPipe()
		answer, wrong := part.StdoutPipe()
		if err := errors.Join(err, wrong, part.Start()); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, bufio.NewReader(answer))
		ends = append(ends, func() error { return errors.Join(hold.Close(), part.Wait()) })
	}
	for _, answer := range answers {
		if line, err := answer.ReadString('\n'); err != nil || line != "connected\n" {
			t.Fatalf("a part of the crowd: %q, %v", line, err)
		}
	}
	return free
}

// crowdProcess names the variable of the environment that makes this program a part of a crowd.
const crowdProcess = "AIKAGI_TEST_CROWD"

// A process of a crowd has crowdPorts of an address to connect from. It names them: the kernel, which is asked for any, looks at all that are
// taken already, and at the end of a crowd does nothing else.
const firstCrowdPort, crowdPorts = 1024, 2 * crowdConnections / crowdProcesses

// joinCrowd holds one process's part of the connections until its input ends.
func joinCrowd(address, from, firstPort, says string) error {
	first, err := hex.DecodeString(says)
	port, wrong := strconv.Atoi(firstPort)
	if err := errors.Join(err, wrong); err != nil {
		return err
	}
	var all []net.Conn // which are referred to, or they would be closed
	for last := port + crowdPorts; len(all) < crowdConnections/crowdProcesses && port < last; port++ {
		dialer := net.Dialer{Timeout: 30 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from), Port: port}, Control: reuse}
		conn, err := dialer.Dial("tcp", address)
		if errors.Is(err, unix.EADDRINUSE) {
			continue // somebody listens at this port of every address
		} else if err != nil {
			return err
		}
		all = append(all, conn)
		_, _ = conn.Write(first) // one that is refused already is over
	}
	fmt.Println("connected")
	_, err = io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(all)
	return err
}

// reuse lets a socket have a port whose last connection, to another address, has only just ended.
func reuse(_, _ string, raw syscall.RawConn) error {
	var failed error
	err := raw.Control(func(fd uintptr) { failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEADDR, 1) })
	return errors.Join(err, failed)
}

// TestFullNodeTakesTokenChange changes tokens while somebody without one has taken all places that clients have, also
// if that happened while aikagi was down. One engine after the other: descriptors are bounded. Beside other tests, as most of the time it waits
// for the minute in which a node is asked again.
func TestFullNodeTakesTokenChange(t *testing.T) {
	t.Parallel()
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			from := addresstest.Claim(t).Addr().Next()
			s := harness.Start(t)
			limitFiles(t, s)
			g := newGroup(t, s, name, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(1)})
			free := fill(t, g.primary(), from, beginsTLS)
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

			limitFiles(t, s)
			plain := newGroup(t, s, name, elasticache.CreateReplicationGroupInput{
				ReplicationGroupId: aws.String("plain"), NumCacheClusters: aws.Int32(1), TransitEncryptionEnabled: aws.Bool(false),
			})
			free = fill(t, plain.primary(), from, nil)
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
	return fmt.Sprintf("Client connections of node %s-001 are full (%d of %[2]d), most of them from %s (", g.id, crowdPlaces, from)
}

// awaitCrowd waits until the group's state says that its node's connections are full, and who has them; or does not
// any more. A node is asked once a minute.
func (g *group) awaitCrowd(from netip.Addr, full bool) {
	g.t.Helper()
	asks := g.Client()
	harness.Await(g.t, 3*time.Minute, fmt.Sprintf("the crowd to be told of: %t", full), func() (bool, error) {
		access, err := asks.Access(g.t.Context(), g.id)
		if err != nil {
			return false, err
		}
		crowd := access.Nodes[0].Crowd
		told := crowd != nil && crowd.Connections == crowdPlaces && len(crowd.Addresses) > 0 && crowd.Addresses[0].Address == from.String()
		return told == full, fmt.Errorf("its nodes are %+v", access.Nodes)
	})
	if out, err := g.Aikagi("status", g.id); strings.Contains(out, g.crowded(from)) != full {
		g.t.Errorf("status tells of the crowd: %t (%v)\n%s", !full, err, out)
	}
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
