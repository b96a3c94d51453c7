package address

import (
	"net/netip"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Where every address can be bound, those of others are not this machine's all the same.
func TestLocalIsNotWhatCanBeBound(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread() // and never let go: the thread ends, and with it the network namespace
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			t.Logf("this process may not make a network of its own: %v", err)
			return
		}
		if err := os.WriteFile("/proc/sys/net/ipv4/ip_nonlocal_bind", []byte("1"), 0o600); err != nil {
			t.Logf("this process may not let all addresses be bound: %v", err)
			return
		}
		if IsLocal(netip.MustParseAddr("198.51.100.1")) {
			t.Error("an address of no machine is of this one")
		}
	}()
	<-ended
}
