package nic

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// inside is set in the test binary that runs in a network namespace of its own, where it may do as it likes.
const inside = "AIKAGI_TEST_NIC"

func TestMain(m *testing.M) {
	if os.Geteuid() != 0 || os.Getenv(inside) != "" {
		os.Exit(m.Run())
	}
	again := exec.Command("/proc/self/exe", os.Args[1:]...)
	again.Env = append(os.Environ(), inside+"=1")
	again.Stdin, again.Stdout, again.Stderr = os.Stdin, os.Stdout, os.Stderr
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if err := again.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// cable is one that ends at another machine: a process in a network namespace of its own.
type cable struct {
	t      *testing.T
	name   string // of this end, and of the other
	subnet string // 10.91.n
	pid    int    // of the other machine
}

var cables atomic.Int32

// newCable makes a cable, or skips the test where that cannot be. This end has .1/24 and fd91:n::1/64, the other .2/24 and ::2.
func newCable(t *testing.T) *cable {
	t.Helper()
	if os.Getenv(inside) == "" {
		t.Skip("network interfaces are not tried: only root can make them")
	}
	n := cables.Add(1)
	other := exec.Command("sleep", "600")
	other.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = other.Process.Kill()
		_ = other.Wait()
	})
	c := &cable{t: t, name: fmt.Sprintf("nic%d", n), subnet: fmt.Sprintf("10.91.%d", n), pid: other.Process.Pid}
	c.here("ip link set lo up")
	c.here("ip link add " + c.name + " type veth peer name " + c.name + " netns " + strconv.Itoa(c.pid))
	c.here("ip addr add " + c.subnet + ".1/24 dev " + c.name)
	c.here("ip addr add " + c.six("1") + "/64 dev " + c.name + " nodad")
	for end, on := range []func(string) string{c.here, c.there} {
		// Neighbours are asked from a link-local address; one that the kernel makes would be checked for a second first.
		on("ip link set " + c.name + " addrgenmode none")
		on("ip link set " + c.name + " up")
		on(fmt.Sprintf("ip addr add fe80::%d/64 dev %s nodad", end+1, c.name))
	}
	for _, on := range []func(string) string{c.here, c.there} { // the kernel looks for carriers once in a second
		await(t, c.name+" to carry", func() bool { return strings.Contains(on("ip link show "+c.name), "state UP") })
	}
	c.give(c.subnet + ".2/24")
	c.give(c.six("2") + "/64")
	return c
}

func (c *cable) six(end string) string {
	return "fd91:" + strings.TrimPrefix(c.subnet, "10.91.") + "::" + end
}

func (c *cable) four(end string) netip.Addr { return netip.MustParseAddr(c.subnet + "." + end) }

// give gives the other machine an address.
func (c *cable) give(prefix string) {
	c.t.Helper()
	if strings.Contains(prefix, ":") {
		prefix += " nodad"
	}
	c.there("ip addr add dev " + c.name + " " + prefix)
}

func (c *cable) here(command string) string {
	c.t.Helper()
	words := strings.Fields(command)
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		c.t.Fatalf("%s: %v: %s", command, err, out)
	}
	return string(out)
}

func (c *cable) there(command string) string {
	c.t.Helper()
	return c.here("nsenter --net=/proc/" + strconv.Itoa(c.pid) + "/ns/net " + command)
}
