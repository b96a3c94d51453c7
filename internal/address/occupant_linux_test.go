package address

import (
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
)

// TestOccupantIsNamed has this process listen in all the ways that keep an engine from an address.
func TestOccupantIsNamed(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"127.61.10.1:0", "0.0.0.0:0", "[::]:0", "[::ffff:127.61.10.1]:0"} {
		listener, err := net.Listen("tcp", listen)
		if err != nil {
			t.Logf("not tried: %v", err) // a machine without IPv6
			continue
		}
		at := netip.AddrPortFrom(netip.MustParseAddr("127.61.10.1"), listener.Addr().(*net.TCPAddr).AddrPort().Port())
		if !Occupied(at) {
			t.Errorf("%s is free although somebody listens at %s", at, listen)
		}
		program, err := os.ReadFile("/proc/self/comm")
		if err != nil {
			t.Fatal(err)
		}
		want := Occupant{PID: os.Getpid(), Program: strings.TrimSpace(string(program))}
		if got := FindOccupant(at); got.PID != want.PID || got.Program != want.Program || got.User == "" {
			t.Errorf("who listens at %s is %+v, want %+v", listen, got, want)
		}
		// What has ended is in nobody's way: the side that closes first keeps the address for a minute.
		client, err := net.Dial("tcp", at.String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_ = server.Close()
		_ = client.Close()
		_ = listener.Close()
		if Occupied(at) {
			t.Errorf("%s is taken although nobody listens", at)
		}
		if got := FindOccupant(at); got != (Occupant{}) {
			t.Errorf("nobody listens at %s, and it is %+v", at, got)
		}
	}
}

func TestOccupantsNameDoesNothingToATerminal(t *testing.T) {
	t.Parallel()
	if got := printable("a\x1b[31mb\n鍵\xff"); got != "a[31mb鍵" {
		t.Errorf("it is printed as %q", got)
	}
}
