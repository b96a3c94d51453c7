package address

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func newPool(t *testing.T, text string, users map[string]string) *Pool {
	t.Helper()
	within, err := ParsePoolRange(text)
	if err != nil {
		t.Fatal(err)
	}
	return NewPool(within, func(_ context.Context, asked []netip.Addr) (map[netip.Addr]string, error) {
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
			if p.Room(holds, 6379, count-i) != nil || !cache.IsKind(p.Room(holds, 6379, count-i+1), cache.KindCapacity) {
				t.Errorf("%s, %d of %d taken: %v, %v", text, i, count, p.Room(holds, 6379, count-i), p.Room(holds, 6379, count-i+1))
			}
			a, err := p.Next(t.Context(), holds, 6379)
			if err != nil || taken[a] || !p.within.Contains(a) {
				t.Fatalf("%s gave out %s (%v)", text, a, err)
			}
			taken[a] = true
		}
		if _, err := p.Next(t.Context(), holds, 6379); !cache.IsKind(err, cache.KindCapacity) || !strings.Contains(err.Error(), "--pool-range") {
			t.Errorf("%s, full: %v", text, err)
		}
	}
}

func TestPoolLeavesOutWhatOthersUse(t *testing.T) {
	t.Parallel()
	p := newPool(t, "10.97.4.1-10.97.4.20", map[string]string{"10.97.4.1": "a printer", "10.97.4.12": "a router"})
	var got []string
	for range 19 {
		a, err := p.Next(t.Context(), none, 6379)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a.String())
	}
	if slices.Contains(got, "10.97.4.1") || slices.Contains(got, "10.97.4.12") || got[18] != got[0] {
		t.Errorf("gave out %v", got)
	}
	p = newPool(t, "10.97.4.1-10.97.4.1", map[string]string{"10.97.4.1": "a printer"})
	if _, err := p.Next(t.Context(), none, 6379); !cache.IsKind(err, cache.KindCapacity) || !strings.Contains(err.Error(), "1 are used") {
		t.Errorf("of a pool that others use: %v", err)
	}
	fails := errors.New("cannot look")
	p.users = func(context.Context, []netip.Addr) (map[netip.Addr]string, error) { return nil, fails }
	if _, err := p.Next(t.Context(), none, 6379); !errors.Is(err, fails) {
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
	if a, err := p.Next(t.Context(), none, port); !cache.IsKind(err, cache.KindCapacity) {
		t.Errorf("gave out %s (%v)", a, err)
	}
	if err := p.Room(none, port, 1); !cache.IsKind(err, cache.KindCapacity) {
		t.Errorf("has room: %v", err)
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
