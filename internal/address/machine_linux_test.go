package address

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// Where every address can be bound, those of others are not this machine's all the same. The test runs again in a network of its own: a
// thread of this process that has one would change what others read of /proc.
func TestLocalIsNotWhatCanBeBound(t *testing.T) {
	const within = "AIKAGI_TEST_NETWORK"
	if os.Getenv(within) == "" {
		t.Parallel()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), within+"=own")
		child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
		out, err := child.CombinedOutput()
		if errors.Is(err, syscall.EPERM) {
			t.Skip("this process may not make a network of its own")
		}
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_nonlocal_bind", []byte("1"), 0o600); err != nil {
		t.Skip(err)
	}
	if IsLocal(netip.MustParseAddr("198.51.100.1")) {
		t.Error("an address of no machine is of this one")
	}
}
