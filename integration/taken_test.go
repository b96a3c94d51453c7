package integration_test

import (
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

// backLimit is how long a group may take to be whole after its address is free. A doubling delay was at 12.8 s by then.
const backLimit = 6 * time.Second

// killAndTake ends a node and has this process listen at one of the addresses that it had. The control plane, which would
// start the node again at once, is stopped meanwhile.
func (g *subject) killAndTake(node, address string) net.Listener {
	g.t().Helper()
	if err := syscall.Kill(g.PID(), syscall.SIGSTOP); err != nil {
		g.t().Fatal(err)
	}
	defer func() { _ = syscall.Kill(g.PID(), syscall.SIGCONT) }()
	g.kill(node, syscall.SIGKILL)
	for deadline := time.Now().Add(settleLimit); ; time.Sleep(time.Millisecond) {
		listener, err := net.Listen("tcp4", address)
		if err == nil {
			g.t().Cleanup(func() { _ = listener.Close() })
			return listener
		}
		if time.Now().After(deadline) {
			g.t().Fatal(err)
		}
	}
}

// wantTaken looks wherever somebody may look.
func (g *subject) wantTaken(address, whose string) {
	g.t().Helper()
	words := fmt.Sprintf("Address %s of %s is taken by process %d (", address, whose, os.Getpid())
	g.awaitReason(words)
	for _, command := range [][]string{{"status", g.id}, {"doctor"}} {
		if out, _ := g.Aikagi(command...); !strings.Contains(out, words) {
			g.t().Errorf("aikagi %s does not say %q:\n%s", command[0], words, out)
		}
	}
	g.events[words]++
}

// free lets an address go, and waits until the group is whole.
func (g *subject) free(listener net.Listener, whose string) {
	g.t().Helper()
	began := time.Now()
	if err := listener.Close(); err != nil {
		g.t().Fatal(err)
	}
	g.await("the group to be whole", func() (bool, error) {
		if ok, err := g.isSettled(); !ok {
			return false, err
		}
		access, _, err := g.access()
		return err == nil && access.StatusReason == "", fmt.Errorf("%s (%w)", access.StatusReason, err)
	})
	took := time.Since(began)
	g.t().Logf("%s: whole %s after the address was free", whose, took)
	if took > backLimit {
		g.t().Errorf("%s: it took %s", whose, took)
	}
	g.events[fmt.Sprintf("Address %s of %s is free again", listener.Addr(), whose)]++
	g.verify()
}

// TestTakenAddressIsNamed has another program take the address of a node that has died, for so long that
// tries with growing delays would come late. Status, event and doctor name it, and the node is back at once.
func TestTakenAddressIsNamed(t *testing.T) {
	t.Parallel()
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGroup(t, name, 0)
			node := g.node(0)
			began := time.Now()
			listener := g.killAndTake(node, g.address[node])
			g.restarts(node, "ended unexpectedly")
			whose := "node " + node
			g.wantTaken(g.address[node], whose)
			g.await("the time in which delays grow", func() (bool, error) { return time.Since(began) > 14*time.Second, nil })
			if access, _, err := g.access(); err != nil || access.Nodes[0].Status == "available" {
				t.Errorf("a node without its address is %+v (%v)", access.Nodes, err)
			}
			g.free(listener, whose)
		})
	}
}

// TestTakenEndpointHoldsUpNothingElse has another program take the endpoints of a group when the nodes die that served them. A
// replica takes the lost primary's place all the same, and nodes are reached at their own addresses.
func TestTakenEndpointHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newSubject(harness.Start(t), "group", name, 1, true)
			g.automatic, g.tokens, g.retired = true, []string{tokenOf("first", 0)}, []string{""}
			if err := g.create(g.tokens[0]); err != nil {
				t.Fatal(err)
			}
			g.awaitSettled()
			g.write("before")
			was, endpoint := g.primary, g.address[primaryEndpoint]
			listener := g.killAndTake(was, endpoint)
			g.wantTaken(endpoint, "the primary endpoint")
			g.await("another primary", func() (bool, error) {
				access, _, err := g.access()
				for _, n := range access.Nodes {
					if n.Role == "primary" && n.CacheClusterId != was {
						return true, nil
					}
				}
				return false, err
			})
			g.noteFailover("crash")
			g.await("a write at the new primary's own address", func() (bool, error) {
				c, err := dialRaw(g.address[g.primary], g.pool())
				if err == nil {
					defer c.Close()
					err = c.login(g.newest())
				}
				if err == nil {
					_, err = c.do("SET", "meanwhile", "v")
				}
				return err == nil, err
			})
			g.written["meanwhile"]++
			g.events[was+": Cache node ended unexpectedly"]++
			g.events[was+": Cache node restarted: in sync with its primary"]++
			g.free(listener, "the primary endpoint")

			endpoint = g.address[readerEndpoint]
			listener = g.killAndTake(was, endpoint)
			g.events[was+": Cache node ended unexpectedly"]++
			g.events[was+": Cache node restarted: in sync with its primary"]++
			g.recovers(was)
			g.wantTaken(endpoint, "the reader endpoint")
			g.await("the replica at its own address", func() (bool, error) {
				return tryLogin(g.address[was], g.pool(), g.newest())
			})
			g.free(listener, "the reader endpoint")
		})
	}
}
