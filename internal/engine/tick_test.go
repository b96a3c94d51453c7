package engine

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// startBare starts an engine as it is, with nothing of ours.
func startBare(t *testing.T, installed Installed) node {
	t.Helper()
	dir := t.TempDir()
	bare := node{address: netip.AddrPortFrom(addresstest.Claim(t).Addr().Next(), 6379)}
	process := exec.Command(installed.Path, "--bind", bare.address.Addr().String(), "--port", fmt.Sprint(bare.address.Port()),
		"--dir", dir, "--save", "", "--logfile", "log", "--protected-mode", "no", "--notify-keyspace-events", "Ex")
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill(); _ = process.Wait() })
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", bare.address.String()); err == nil {
			conn.Close()
			return bare
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(dir + "/log")
			t.Fatalf("the bare engine does not answer: %s", log)
		}
	}
}

// awaitTick waits until the node ticks so many times a second.
func awaitTick(t *testing.T, n node, want int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		view, err := n.admin.Observe(t.Context())
		check(t, err)
		if view.Tick == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the node ticks %d times a second, not %d", view.Tick, want)
		}
	}
}

// lateness is how much later than it should an engine did something; what it says about, connects first.
type lateness func(*testing.T, node) time.Duration

const limit = 100 * time.Millisecond

// blocked waits for a key that never comes.
func blocked(command string) lateness {
	return func(t *testing.T, n node) time.Duration {
		c := n.open(t)
		defer c.Close()
		began := time.Now()
		c.say(t, command)
		return time.Since(began) - limit
	}
}

// expired waits for the message that says that a key has expired.
func expired(t *testing.T, n node) time.Duration {
	c, listener := n.open(t), n.open(t)
	defer c.Close()
	defer listener.Close()
	listener.say(t, "PSUBSCRIBE __keyevent@0__:expired")
	began := time.Now()
	c.say(t, fmt.Sprintf("SET passing v PX %d", limit.Milliseconds()))
	for {
		line, err := listener.replies.ReadString('\n')
		check(t, err)
		if strings.TrimSpace(line) == "passing" {
			return time.Since(began) - limit
		}
	}
}

// median repeats a measurement, and has the node idle before each one if it should be.
func (l lateness) median(t *testing.T, n node, idle bool) time.Duration {
	const times = 7
	all := make([]time.Duration, times)
	for i := range all {
		if idle {
			awaitTick(t, n, TickIdle)
		}
		all[i] = l(t, n)
	}
	slices.Sort(all)
	return all[times/2]
}

// TestIdleNodeIsOnTime compares a settled node with a bare engine, with the same clients: it may be 20 ms later, in the
// middle of many. At one tick a second it was 400.
func TestIdleNodeIsOnTime(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		for name, late := range map[string]lateness{
			"BLPOP": blocked("BLPOP none 0.1"), "XREAD": blocked("XREAD BLOCK 100 STREAMS none $"), "WAIT": blocked("WAIT 5 100"),
			"BZPOPMIN": blocked("BZPOPMIN none 0.1"), "expiry": expired,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				ours := startNode(t, installed, token.OpenSet(noon))
				check(t, ours.admin.all(t.Context(), "set", ours.admin.renamed("CONFIG", "SET", "notify-keyspace-events", "Ex")))
				bare := startBare(t, installed)
				check(t, ours.admin.SetTick(t.Context(), TickIdle))
				// Keys expire at a tick only, and the first client of all waits for the last slow one.
				idle := name != "expiry"
				var wait, mark time.Duration
				for range 10 { // a busy machine may be late with one of the two
					wait, mark = late.median(t, ours, idle), late.median(t, bare, false)
					if wait <= mark+20*time.Millisecond {
						t.Logf("%s late, the bare engine %s", wait, mark)
						return
					}
				}
				t.Errorf("%s late, the bare engine %s", wait, mark)
			})
		}
	})
}

// TestIdleNodeWithoutClientsTicksSlowly: replicas are no clients.
func TestIdleNodeWithoutClientsTicksSlowly(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n, replica := startNode(t, installed, token.OpenSet(noon)), startNode(t, installed, token.OpenSet(noon))
		check(t, replica.admin.Replicate(t.Context(), n.address))
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			view, err := replica.admin.Observe(t.Context())
			check(t, err)
			if view.LinkUp {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("the replica does not follow")
			}
		}
		check(t, n.admin.SetTick(t.Context(), TickIdle))
		client := n.open(t)
		awaitTick(t, n, TickClients)
		check(t, n.admin.SetTick(t.Context(), TickIdle)) // by somebody who does not know that a client is there
		awaitTick(t, n, TickClients)
		client.Close()
		awaitTick(t, n, TickIdle)

		check(t, n.admin.SetTick(t.Context(), TickBusy))
		client = n.open(t)
		client.say(t, "BLPOP none 0.3")
		awaitTick(t, n, TickBusy)
	})
}
