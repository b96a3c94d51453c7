package harness

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Network is two machines beside this one, as network namespaces with a cable between them, and one more cable over which the test
// itself reaches the API:
//
//	this machine ──(API)── server ──(caches)── client
//
// It is gone when the test ends.
type Network struct {
	tb             testing.TB
	server, client string // namespaces
	api            string // address of the server, for this machine

	// Here is the address of this machine, for the server.
	Here string
	// Address and Address6 are the server's, for the client.
	Address, Address6 string
}

// The ends of the cables. The client's name is also that of the server's end towards it, in its own namespace.
const (
	cable    = "caches0"
	apiCable = "api0"
)

// NewNetwork makes a network, or skips the test where that cannot be.
func NewNetwork(tb testing.TB) *Network {
	tb.Helper()
	if os.Geteuid() != 0 {
		tb.Skip("network namespaces are not tried: only root can make them")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		tb.Skip("network namespaces are not tried: there is no program ip (apt-get install iproute2)")
	}
	id := rand.Uint32()
	name := fmt.Sprintf("aikagi-%08x", id)
	// Shared address space (RFC 6598) and unique local addresses (RFC 4193), which the built-in CA may vouch for.
	subnet, subnet6 := fmt.Sprintf("100.%d.%d", 64+id>>8&0x3f, id&0xff), fmt.Sprintf("fd64:%x:%x:", id>>16, id&0xffff)
	n := &Network{tb: tb, server: name + "-s", client: name + "-c", api: subnet + ".2", Here: subnet + ".1", Address: subnet + ".5", Address6: subnet6 + ":5"}
	tb.Cleanup(n.remove)
	outside := fmt.Sprintf("aik%08x", id) // goes with the other end
	for _, command := range []string{
		"netns add " + n.server, "netns add " + n.client,
		"link add " + outside + " type veth peer name " + apiCable + " netns " + n.server,
		"addr add " + subnet + ".1/30 dev " + outside, "link set " + outside + " up",
		"-n " + n.server + " addr add " + n.api + "/30 dev " + apiCable,
		"-n " + n.server + " link add " + cable + " type veth peer name " + cable + " netns " + n.client,
		"-n " + n.server + " addr add " + n.Address + "/30 dev " + cable, "-n " + n.client + " addr add " + subnet + ".6/30 dev " + cable,
		"-n " + n.server + " addr add " + n.Address6 + "/64 dev " + cable + " nodad", "-n " + n.client + " addr add " + subnet6 + ":6/64 dev " + cable + " nodad",
		"-n " + n.server + " link set lo up", "-n " + n.server + " link set " + apiCable + " up",
		"-n " + n.server + " link set " + cable + " up", "-n " + n.client + " link set " + cable + " up",
	} {
		if err := ip(command); err != nil {
			if strings.HasPrefix(command, "netns add") {
				tb.Skipf("network namespaces are not tried: %v", err)
			}
			tb.Fatal(err)
		}
	}
	return n
}

func ip(command string) error {
	out, err := exec.Command("ip", strings.Fields(command)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", command, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// remove ends the namespaces, and with them what is in them.
func (n *Network) remove() {
	for _, namespace := range []string{n.client, n.server} {
		_ = ip("netns del " + namespace) // it may not have been made
	}
}

// New prepares a control plane on the server.
func (n *Network) New(args ...string) *Server {
	n.tb.Helper()
	s := New(n.tb, append([]string{"--listen", n.api + ":0"}, args...)...)
	s.Within = []string{"ip", "netns", "exec", n.server}
	return s
}

// AddPool gives both machines a subnet more, and returns ranges of it, and of that of IPv6, which nobody uses.
func (n *Network) AddPool() (range4, range6 string) {
	n.tb.Helper()
	var a, b, c, d int
	if _, err := fmt.Sscanf(n.Address, "%d.%d.%d.%d", &a, &b, &c, &d); err != nil {
		n.tb.Fatal(err)
	}
	subnet := fmt.Sprintf("10.%d.%d", b, c)
	for _, command := range []string{
		"-n " + n.server + " addr add " + subnet + ".5/24 dev " + cable, "-n " + n.client + " addr add " + subnet + ".6/24 dev " + cable,
	} {
		if err := ip(command); err != nil {
			n.tb.Fatal(err)
		}
	}
	return subnet + ".64/27", strings.TrimSuffix(n.Address6, "5") + "a0-" + strings.TrimSuffix(n.Address6, "5") + "bf"
}

// TakeAway removes an address from the server's end of the cable.
func (n *Network) TakeAway(address string) {
	n.tb.Helper()
	prefix := "/32"
	if strings.Contains(address, ":") {
		prefix = "/128"
	}
	if err := ip("-n " + n.server + " addr del " + address + prefix + " dev " + cable); err != nil {
		n.tb.Fatal(err)
	}
}

// Has reports what the server says of one of its addresses; empty if it does not have it.
func (n *Network) Has(address string) string {
	n.tb.Helper()
	out, err := n.OnServer(n.tb.Context(), "ip", "-o", "addr", "show", "dev", cable, "to", address).CombinedOutput()
	if err != nil {
		n.tb.Fatalf("list addresses: %v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// DropAddress6 takes the server's address of IPv6 away.
func (n *Network) DropAddress6() {
	n.tb.Helper()
	if err := ip("-n " + n.server + " addr del " + n.Address6 + "/64 dev " + cable); err != nil {
		n.tb.Fatal(err)
	}
}

// OnClient is a command that runs on the client, OnServer one on the server.
func (n *Network) OnClient(ctx context.Context, program string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", n.client, program}, args...)...)
}

// OnServer is a command that runs on the server.
func (n *Network) OnServer(ctx context.Context, program string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", n.server, program}, args...)...)
}

// Dial connects from the client. A socket belongs to the namespace of the thread that makes it. The thread goes back and lives on:
// with it would end the processes that it has started, and that are to end with who has started them (Pdeathsig).
func (n *Network) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return dialIn(ctx, n.client, network, address)
}

// DialOnServer connects from the server, as a program there does.
func (n *Network) DialOnServer(ctx context.Context, network, address string) (net.Conn, error) {
	return dialIn(ctx, n.server, network, address)
}

func dialIn(ctx context.Context, namespace, network, address string) (conn net.Conn, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	leave, err := enter(namespace)
	if err != nil {
		return nil, err
	}
	defer leave()
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// enter has the thread go into a network namespace, until it leaves it.
func enter(namespace string) (leave func(), err error) {
	home, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("find own network namespace: %w", err)
	}
	there, err := unix.Open("/run/netns/"+namespace, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		err = unix.Setns(there, unix.CLONE_NEWNET)
		_ = unix.Close(there)
	}
	if err != nil {
		_ = unix.Close(home)
		return nil, fmt.Errorf("enter %s: %w", namespace, err)
	}
	return func() {
		if err := unix.Setns(home, unix.CLONE_NEWNET); err != nil {
			panic(fmt.Sprintf("a thread cannot leave %s: %v", namespace, err)) // or others would go on there
		}
		_ = unix.Close(home)
	}, nil
}

// CutClient takes the client's end of the cable down, and CutServer the server's; mend puts it back.
func (n *Network) CutClient() (mend func()) { return n.cut(n.client) }

// CutServer takes the server's end of the cable down.
func (n *Network) CutServer() (mend func()) { return n.cut(n.server) }

func (n *Network) cut(namespace string) (mend func()) {
	n.tb.Helper()
	end := "-n " + namespace + " link set " + cable
	if err := ip(end + " down"); err != nil {
		n.tb.Fatal(err)
	}
	return func() {
		n.tb.Helper()
		if err := ip(end + " up"); err != nil {
			n.tb.Fatal(err)
		}
	}
}
