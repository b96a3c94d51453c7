package address

import (
	"net"
	"net/netip"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func none(netip.Addr) bool { return false }

func newRange(t *testing.T, prefix string) *Range {
	t.Helper()
	r, err := NewRange(netip.MustParsePrefix(prefix))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNextGivesEachAddressOnce(t *testing.T) {
	t.Parallel()
	r := newRange(t, "127.61.7.0/28")
	taken := map[netip.Addr]cache.Key{netip.MustParseAddr("127.61.7.3"): "replicationgroup:other"}
	holds := func(a netip.Addr) bool { return taken[a] != "" }
	for range 14 { // 16, less the one that ends in 0 and the one that is taken
		if err := r.Room(holds, 6379, 15-len(taken)); err != nil {
			t.Errorf("no room with %d taken: %v", len(taken), err)
		}
		if err := r.Room(holds, 6379, 16-len(taken)); !cache.IsKind(err, cache.KindCapacity) {
			t.Errorf("room for all with %d taken (%v)", len(taken), err)
		}
		address, err := r.Next(holds, 6379)
		if err != nil {
			t.Fatal(err)
		}
		if _, again := taken[address]; again || !r.Contains(address) || address.As4()[3] == 0 {
			t.Fatalf("gave out %s", address)
		}
		taken[address] = "replicationgroup:mine"
	}
	if address, err := r.Next(holds, 6379); !cache.IsKind(err, cache.KindCapacity) {
		t.Errorf("a full range gave out %s (%v)", address, err)
	}
}

func TestAnAddressThatWasGivenUpComesLast(t *testing.T) {
	t.Parallel()
	r := newRange(t, "127.61.8.0/28")
	first, err := r.Next(none, 6379)
	if err != nil {
		t.Fatal(err)
	}
	for range 14 {
		if next, err := r.Next(none, 6379); err != nil || next == first {
			t.Fatalf("%s came again at once (%v)", next, err)
		}
	}
	if next, err := r.Next(none, 6379); err != nil || next != first {
		t.Errorf("got %s (%v), want %s again after all others", next, err, first)
	}
}

func TestNextLeavesOutWhatAnotherProgramHas(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp4", "127.61.9.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	if got, err := newRange(t, "127.61.9.0/28").Next(none, port); err != nil || got.String() != "127.61.9.2" {
		t.Errorf("got %s (%v)", got, err)
	}
}

func TestNextNamesAPortThatIsTakenEverywhere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	if got, err := newRange(t, "127.62.0.0/16").Next(none, port); !cache.IsKind(err, cache.KindCapacity) {
		t.Errorf("got %s (%v)", got, err)
	}
}

func TestNewRangeRefuses(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"10.0.0.0/16", "128.0.0.0/16", "127.0.0.1/32", "0.0.0.0/0", "::1/128"} {
		if _, err := NewRange(netip.MustParsePrefix(prefix)); err == nil {
			t.Errorf("%s was accepted", prefix)
		}
	}
}
