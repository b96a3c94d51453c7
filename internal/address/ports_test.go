package address

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func nobody(netip.AddrPort) bool { return false }

// freePorts is a range of so many ports, of which nobody has one at the addresses.
func freePorts(t *testing.T, count uint16, addresses ...string) (PortRange, []netip.Addr) {
	t.Helper()
	var all []netip.Addr
	for _, a := range addresses {
		all = append(all, netip.MustParseAddr(a))
	}
search:
	for first := uint16(21000); first < 30000; first += count {
		for i := range count {
			for _, a := range all {
				if Occupied(netip.AddrPortFrom(a, first+i)) {
					continue search
				}
			}
		}
		return PortRange{first, first + count - 1}, all
	}
	t.Fatal("no free ports")
	return PortRange{}, nil
}

func TestPortsAreGivenOnceAtOneAddressAfterTheOther(t *testing.T) {
	t.Parallel()
	ports, addresses := freePorts(t, 4, "127.61.11.1", "127.61.11.2")
	p := NewPorts(addresses, ports)
	taken := map[netip.AddrPort]bool{netip.AddrPortFrom(addresses[0], ports.First+1): true}
	holds := func(at netip.AddrPort) bool { return taken[at] }
	for i := range 7 {
		if err := p.Room(holds, 7-i); err != nil {
			t.Errorf("no room with %d taken: %v", len(taken), err)
		}
		if err := p.Room(holds, 8-i); !cache.IsKind(err, cache.KindCapacity) {
			t.Errorf("room for all with %d taken (%v)", len(taken), err)
		}
		at, err := p.Next(holds)
		if err != nil {
			t.Fatal(err)
		}
		want := addresses[0]
		if i >= 3 {
			want = addresses[1]
		}
		if taken[at] || at.Addr() != want || !ports.Contains(at.Port()) {
			t.Fatalf("gave out %s as number %d", at, i)
		}
		taken[at] = true
	}
	_, err := p.Next(holds)
	if !cache.IsKind(err, cache.KindCapacity) || !strings.Contains(err.Error(), "--port-range") {
		t.Errorf("of a full range: %v", err)
	}
}

func TestAPortThatWasGivenUpComesLast(t *testing.T) {
	t.Parallel()
	ports, addresses := freePorts(t, 3, "127.61.12.1")
	p := NewPorts(addresses, ports)
	for _, want := range []uint16{ports.First, ports.First + 1, ports.Last, ports.First} {
		if at, err := p.Next(nobody); err != nil || at.Port() != want {
			t.Errorf("got %s (%v), want port %d", at, err, want)
		}
	}
}

func TestPortsOfOthersAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.61.13.1", "::1"} {
		address := netip.MustParseAddr(host)
		listener, err := net.Listen("tcp", netip.AddrPortFrom(address, 0).String())
		if err != nil {
			t.Logf("not tried: %v", err) // a machine without IPv6
			continue
		}
		defer listener.Close()
		port := listener.Addr().(*net.TCPAddr).AddrPort().Port()
		p := NewPorts([]netip.Addr{address}, PortRange{port, port})
		if at, err := p.Next(nobody); !cache.IsKind(err, cache.KindCapacity) || !strings.Contains(err.Error(), "other programs listen at 1") {
			t.Errorf("gave out %s (%v)", at, err)
		}
	}
}

func TestParsePortRange(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]PortRange{"7000-7999": {7000, 7999}, "65000-65535": {65000, 65535}, "1024-1025": {1024, 1025}} {
		if got, err := ParsePortRange(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s is read as %v (%v)", text, got, err)
		}
	}
	for _, text := range []string{"", "7000", "7000-", "-7000", "80-90", "7000-7000", "8000-7000", "7000-70000", "a-b", "7000-7001-7002"} {
		if got, err := ParsePortRange(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// TestOverflowOfPorts has the search come to the last port that there is.
func TestOverflowOfPorts(t *testing.T) {
	t.Parallel()
	at := netip.MustParseAddr("127.61.14.1")
	p := NewPorts([]netip.Addr{at}, PortRange{65534, 65535})
	for _, want := range []uint16{65534, 65535, 65534} {
		if got, err := p.Next(nobody); err != nil || got.Port() != want {
			t.Errorf("got %s (%v), want port %d", got, err, want)
		}
	}
}
