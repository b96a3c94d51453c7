package engine

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// A node opens and closes addresses while it forks for snapshots: afterwards it always
// listens where it says.
func TestListenBesideForks(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		own := n.address.Addr()
		other := netip.AddrFrom4([4]byte{127, own.As4()[1], own.As4()[2], own.As4()[3] ^ 0x80})
		for round := range 30 {
			n.admin.client.DoMulti(t.Context(), n.admin.renamed("BGSAVE")) // refused while one goes on
			want := []netip.Addr{own, other}[:1+round%2]
			n.listen(t, want...)
			view, err := n.admin.Observe(t.Context())
			check(t, err)
			if !slices.Equal(view.Listen, n.doors(want...).Addresses) {
				t.Fatalf("round %d: node says that it listens at %v, want %v", round, view.Listen, want)
			}
			for _, at := range want {
				conn, err := net.Dial("tcp", netip.AddrPortFrom(at, n.address.Port()).String())
				check(t, err)
				conn.Close()
			}
		}
	})
}

// An address that somebody else has is refused, and the node serves what it did.
func TestListenIsRefused(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		own := n.address.Addr()
		taken := netip.AddrFrom4([4]byte{127, own.As4()[1], own.As4()[2], own.As4()[3] ^ 0x40})
		occupant, err := net.Listen("tcp", netip.AddrPortFrom(taken, n.address.Port()).String())
		check(t, err)
		defer occupant.Close()
		if _, err := n.admin.Listen(t.Context(), n.doors(own, taken)); !IsRefused(err) {
			t.Errorf("Listen() = %v, want a refusal", err)
		}
		conn, err := net.Dial("tcp", n.address.String())
		check(t, err)
		conn.Close()
	})
}

// A gate takes as many networks as security groups may come to, in their longest form, and the service's own.
func TestListenWithManyNetworks(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		doors := n.doors(n.address.Addr())
		doors.Network, doors.Admits.Ruled = netip.MustParsePrefix("127.0.0.0/8"), true
		for i := range security.NetworksMax {
			address := netip.MustParseAddr(fmt.Sprintf("2001:db8:1111:1111:1111:1111:1111:%x", 0x1000+i))
			doors.Admits.Networks = append(doors.Admits.Networks, netip.PrefixFrom(address, 128))
		}
		_, err := n.admin.Listen(t.Context(), doors)
		check(t, err)
	})
}

// Only an engine that does not have a command says so; whatever else it refuses, it may do the next time.
func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.Set{})
		refuse := func(words ...string) error {
			return n.admin.client.Do(t.Context(), n.admin.command(words[0], words[1:]...)).Error()
		}
		if err := refuse("AIKAGI.OFALATERRELEASE"); !IsRefused(err) || !IsUnknown(err) || !isGateless(err) {
			t.Errorf("a command that there is not: %v", err)
		}
		for _, err := range []error{refuse(gateCommand, "OBEY", "nonsense"), refuse("AIKAGI.USAGE", "nonsense", "nonsense"), refuse("PING", "a", "b"), nil} {
			if IsRefused(err) != (err != nil) || IsUnknown(err) || isGateless(err) {
				t.Errorf("another refusal: %v", err)
			}
		}
	})
}
