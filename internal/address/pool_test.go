package address

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"go4.org/netipx"

	"github.com/aikagi/aikagi/internal/cache"
)

func newPool(t *testing.T, text string, users map[string]string) *Pool {
	t.Helper()
	within, err := ParsePoolRange(text)
	if err != nil {
		t.Fatal(err)
	}
	return NewPool([]netipx.IPRange{within}, func(_ context.Context, asked []netip.Addr) (map[netip.Addr]string, error) {
		found := map[netip.Addr]string{}
		for _, a := range asked {
			if user := users[a.String()]; user != "" {
				found[a] = user
			}
		}
		return found, nil
	})
}

func TestPoolGivesEachAddressOnce(t *testing.T) {
	t.Parallel()
	for text, count := range map[string]int{"10.97.3.64/28": 16, "10.97.3.10-10.97.3.12": 3, "10.97.3.0/30": 3, "fd64:9::/126": 3, "fd64:9::5-fd64:9::6": 2} {
		p, taken := newPool(t, text, nil), map[netip.Addr]bool{}
		holds := func(a netip.Addr) bool { return taken[a] }
		for i := range count {
			if p.Room(holds, 6379, count-i, nil) != nil || !cache.IsKind(p.Room(holds, 6379, count-i+1, nil), cache.KindCapacity) {
				t.Errorf("%s, %d of %d taken: %v, %v", text, i, count, p.Room(holds, 6379, count-i, nil), p.Room(holds, 6379, count-i+1, nil))
			}
			a, err := p.Next(t.Context(), holds, 6379, nil)
			if err != nil || taken[a] || !p.within[0].Contains(a) {
				t.Fatalf("%s gave out %s (%v)", text, a, err)
			}
			taken[a] = true
		}
		if _, err := p.Next(t.Context(), holds, 6379, nil); !cache.IsKind(err, cache.KindCapacity) || !strings.Contains(err.Error(), "--pool-range") {
			t.Errorf("%s, full: %v", text, err)
		}
	}
}

func TestPoolLeavesOutWhatOthersUse(t *testing.T) {
	t.Parallel()
	p := newPool(t, "10.97.4.1-10.97.4.20", map[string]string{"10.97.4.1": "a printer", "10.97.4.12": "a router"})
	var got []string
	for range 19 {
		a, err := p.Next(t.Context(), none, 6379, nil)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a.String())
	}
	if slices.Contains(got, "10.97.4.1") || slices.Contains(got, "10.97.4.12") || got[18] != got[0] {
		t.Errorf("gave out %v", got)
	}
	p = newPool(t, "10.97.4.1-10.97.4.1", map[string]string{"10.97.4.1": "a printer"})
	if _, err := p.Next(t.Context(), none, 6379, nil); !cache.IsKind(err, cache.KindCapacity) || !strings.Contains(err.Error(), "1 are used") {
		t.Errorf("of a pool that others use: %v", err)
	}
	fails := errors.New("cannot look")
	p.users = func(context.Context, []netip.Addr) (map[netip.Addr]string, error) { return nil, fails }
	if _, err := p.Next(t.Context(), none, 6379, nil); !errors.Is(err, fails) {
		t.Errorf("of a pool that cannot look: %v", err)
	}
}

// Who listens at all addresses has the port at those, too, that this machine is to get.
func TestPoolNoticesAPortThatIsTakenEverywhere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	p, port := newPool(t, "10.97.5.1-10.97.5.9", nil), listener.Addr().(*net.TCPAddr).Port
	if a, err := p.Next(t.Context(), none, port, nil); !cache.IsKind(err, cache.KindCapacity) {
		t.Errorf("gave out %s (%v)", a, err)
	}
	if err := p.Room(none, port, 1, nil); !cache.IsKind(err, cache.KindCapacity) {
		t.Errorf("has room: %v", err)
	}
}

// Of several ranges all addresses are given out, one range after the other.
func TestPoolOfRanges(t *testing.T) {
	t.Parallel()
	var ranges []netipx.IPRange
	for _, text := range []string{"10.97.5.9-10.97.5.10", "10.97.5.4-10.97.5.5", "10.97.6.1-10.97.6.1"} {
		ranges = append(ranges, netipx.MustParseIPRange(text))
	}
	p, got := NewPool(ranges, nil), []string{}
	for range 6 {
		a, err := p.Next(t.Context(), none, 6379, nil)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a.String())
	}
	if want := "10.97.5.4 10.97.5.5 10.97.5.9 10.97.5.10 10.97.6.1 10.97.5.4"; strings.Join(got, " ") != want {
		t.Errorf("gave out %v, want %s", got, want)
	}
	if err := p.Room(none, 6379, 6, nil); !cache.IsKind(err, cache.KindCapacity) || !strings.Contains(err.Error(), "10.97.5.4-10.97.5.5, ") {
		t.Errorf("room for one more: %v", err)
	}
}

// An address is in one of the networks that are asked for, if the pool has any of theirs, and anywhere else if not.
func TestPoolOfSubnets(t *testing.T) {
	t.Parallel()
	nets := func(texts ...string) (all []netip.Prefix) {
		for _, text := range texts {
			all = append(all, netip.MustParsePrefix(text))
		}
		return all
	}
	a, b, elsewhere := nets("10.97.6.0/29"), nets("10.97.6.8/30", "10.97.6.16/29"), nets("10.98.0.0/16", "fd64::/64")
	p, taken := newPool(t, "10.97.6.4-10.97.6.17", nil), map[netip.Addr]bool{}
	holds := func(a netip.Addr) bool { return taken[a] }
	for i, c := range []struct {
		in   []netip.Prefix
		want string // empty: none is left
	}{
		{a, "4"}, {b, "8"}, {append(a, b...), "5"}, {b, "9"}, {b, "10"}, {elsewhere, "6"}, {a, "7"}, {a, ""}, {b, "11"}, {b, "16"}, {b, "17"}, {b, ""}, {nil, "12"}, {elsewhere, "13"},
	} {
		room := p.Room(holds, 6379, 1, [][]netip.Prefix{c.in})
		got, err := p.Next(t.Context(), holds, 6379, c.in)
		if (c.want == "") != cache.IsKind(err, cache.KindCapacity) || (err == nil) != (room == nil) || err == nil && got.String() != "10.97.6."+c.want {
			t.Errorf("step %d: %v, %v, room: %v; want %s", i, got, err, room, c.want)
		}
		taken[got] = true
	}
	delete(taken, netip.MustParseAddr("10.97.6.5"))
	delete(taken, netip.MustParseAddr("10.97.6.6"))
	for count, room := range map[int]bool{2: true, 3: false} {
		if err := p.Room(holds, 6379, count, slices.Repeat([][]netip.Prefix{a}, count)); (err == nil) != room {
			t.Errorf("room for %d: %v", count, err)
		}
	}
	if err := p.Room(holds, 6379, 1, [][]netip.Prefix{b}); err == nil || !strings.Contains(err.Error(), "10.97.6.8-10.97.6.11, 10.97.6.16-10.97.6.17, what the pool has of the subnets") {
		t.Errorf("full: %v", err)
	}
}

func TestParsePoolRangeRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "10.0.0.7", "10.0.0.65/26", "10.0.0.9-10.0.0.1", "127.0.0.0/8", "169.254.0.0/24", "0.0.0.0/0", "224.0.0.0/24", "fe80::/64", "::1-::9", "10.0.0.1-fd00::1", "x-y"} {
		if r, err := ParsePoolRange(text); err == nil {
			t.Errorf("%q is read as %v", text, r)
		}
	}
}
