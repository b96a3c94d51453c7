package integration

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/fault"
)

// poolGroup is a group whose places have addresses of their own on the server's network.
type poolGroup struct {
	*farGroup
	within string
}

func newPoolGroup(t *testing.T, n *harness.Network, s *harness.Server, engine, within string, replicas int32) *poolGroup {
	t.Helper()
	return &poolGroup{within: within, farGroup: &farGroup{network: n, group: newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
		NumCacheClusters: aws.Int32(replicas + 1), AutomaticFailoverEnabled: aws.Bool(replicas > 0),
	})}}
}

// checkPool checks that every place has an address of its own, at the group's port, which is on the network and known to be the service's.
func (g *poolGroup) checkPool() []string {
	g.t.Helper()
	within, err := address.ParsePoolRange(g.within)
	if err != nil {
		g.t.Fatal(err)
	}
	places := g.addresses()
	for i, text := range places {
		at, err := netip.ParseAddrPort(text)
		if err != nil || !within.Contains(at.Addr()) || at.Port() != 6379 || slices.Contains(places[:i], text) {
			g.t.Errorf("a place is %s, want an address of its own in %s at port 6379 (%v)", text, g.within, err)
		}
		if is := g.network.Has(at.Addr().String()); !strings.Contains(is, "deprecated") {
			g.t.Errorf("of %s the system says %q", at, is)
		}
	}
	return places
}

// checkGone waits until none of the places is on the network.
func (g *poolGroup) checkGone(places []string) {
	g.t.Helper()
	harness.Await(g.t, harness.Patience, "addresses to be removed", func() (bool, error) {
		for _, at := range places {
			host, _, _ := net.SplitHostPort(at)
			if is := g.network.Has(host); is != "" {
				return false, fmt.Errorf("it has %s", is)
			}
		}
		return true, nil
	})
}

// checkBack waits until an address is on the network again.
func (g *poolGroup) checkBack(host string) {
	g.t.Helper()
	harness.Await(g.t, harness.Patience, host+" to be added again", func() (bool, error) { return g.network.Has(host) != "", nil })
}

func TestClientsOfAPool(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		n := harness.NewNetwork(t)
		within, _ := n.AddPool()
		s := n.New("--address-plan", "pool", "--pool-range", within)
		s.Start()
		g := newPoolGroup(t, n, s, engine, within, 2)
		at := g.checkPool()
		g.checkPrograms(none)

		open := g.steady(none)
		g.allowPlaintext()
		g.setTransit(preferred)
		g.checkPlaintext(true)
		g.setTransit(required)
		g.checkPlaintext(false)
		g.change(rotate, token1)
		open.stop(0)
		client := g.steady(token1)
		g.change(set, token1)

		host, _, _ := net.SplitHostPort(g.primary())
		n.TakeAway(host)
		g.checkBack(host)
		client.progress(50)
		harness.Await(t, harness.Patience, "an event", func() (bool, error) {
			out := strings.Join(messages(t, s, "", ""), "\n")
			return strings.Contains(out, "Address "+host+" of the primary endpoint was taken off this machine's network interface, and has been added again"), nil
		})

		g.Kill()
		client.progress(50)
		n.TakeAway(host)
		g.Start()
		g.checkBack(host)
		g.AwaitStatus(g.id, "available")
		client.progress(50)
		g.change(rotate, token2)
		g.change(set, token2)
		client.stop(-1)

		client = g.steady(token2)
		g.failOver()
		client.progress(50)
		client.stop(-1)
		g.checkPrograms(token2)
		if now := g.checkPool(); !slices.Equal(now, at) {
			t.Errorf("addresses have changed from %v to %v", at, now)
		}
		if out, err := s.Aikagi("down"); err != nil || !strings.Contains(out, "removed 5 addresses") {
			t.Errorf("down: %v: %s", err, out)
		}
		g.checkGone(at)
		g.Start()
		for _, place := range at {
			host, _, _ := net.SplitHostPort(place)
			g.checkBack(host)
		}
		g.AwaitStatus(g.id, "available")
		g.checkPool()
		g.steady(token2).stop(0)
		if _, err := g.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id}); err != nil {
			t.Fatal(err)
		}
		g.AwaitStatus(g.id, "")
		g.checkGone(at)
	})
}

// TestPoolOfIPv6 is the same in short.
func TestPoolOfIPv6(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		n := harness.NewNetwork(t)
		_, within := n.AddPool()
		s := n.New("--address-plan", "pool", "--pool-range", within)
		s.Start()
		g := newPoolGroup(t, n, s, engine, within, 1)
		at := g.checkPool()
		g.change(rotate, token1)
		g.change(set, token1)
		client := g.steady(token1)
		host, _, _ := net.SplitHostPort(g.primary())
		n.TakeAway(host)
		g.checkBack(host)
		g.failOver()
		client.progress(50)
		client.stop(-1)
		g.checkPrograms(token1)
		if out, err := s.Aikagi("down"); err != nil {
			t.Errorf("down: %v: %s", err, out)
		}
		g.checkGone(at)
	})
}

// TestPoolIsRefused: where the plan cannot be served, the start says why, and a creation without room is refused at once.
func TestPoolIsRefused(t *testing.T) {
	t.Parallel()
	n := harness.NewNetwork(t)
	within, _ := n.AddPool()
	s := n.New("--address-plan", "pool", "--pool-range", within)
	for name, try := range map[string]struct {
		args []string
		want string
	}{
		"no range":        {[]string{"--address-plan", "pool"}, "--pool-range"},
		"no subnet":       {[]string{"--address-plan", "pool", "--pool-range", "10.255.255.0/28"}, "--pool-interface"},
		"no interface":    {[]string{"--address-plan", "pool", "--pool-range", within, "--pool-interface", "nonesuch"}, "no such interface"},
		"no range for it": {[]string{"--pool-interface", "lo"}, "--pool-range"},
	} {
		if out, err := s.Aikagi(slices.Concat([]string{"serve", "--listen", "127.0.0.1:0"}, try.args)...); err == nil || !strings.Contains(out, try.want) {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
	if _, err := exec.LookPath("setpriv"); err == nil {
		less := n.New()
		less.Within = append(less.Within, "setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin")
		if out, err := less.Aikagi("serve", "--listen", "127.0.0.1:0", "--address-plan", "pool", "--pool-range", within); err == nil || !strings.Contains(out, "CAP_NET_ADMIN") {
			t.Errorf("without the capability: %v: %s", err, out)
		}
		if out, err := less.Aikagi("doctor", "--address-plan", "pool", "--pool-range", within); err == nil || !strings.Contains(out, "CAP_NET_ADMIN") {
			t.Errorf("doctor without the capability: %v: %s", err, out)
		}
	}
	first, _, _ := strings.Cut(within, "/")
	last := netip.MustParseAddr(first).Next().Next().Next()
	s.Args = append(s.Args[:len(s.Args)-1], first+"-"+last.String())
	s.Start()
	out, err := s.Aikagi("create", "big", "--num-cache-clusters", "3")
	if err == nil || !strings.Contains(out, "No free address is left in") {
		t.Errorf("a creation without room: %v: %s", err, out)
	}
	if out, err := s.Aikagi("doctor", "--address-plan", "pool", "--pool-range", within); !strings.Contains(out, "pool: new caches are reached at addresses in") {
		t.Errorf("doctor: %v: %s", err, out)
	}
}

// TestKilledWithAddressesOfAPool kills the control plane at each point at which an address is half there.
func TestKilledWithAddressesOfAPool(t *testing.T) {
	t.Parallel()
	engine := harness.Engines(t)[0]
	for _, point := range fault.PoolPoints {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			n := harness.NewNetwork(t)
			within, _ := n.AddPool()
			s := n.New("--address-plan", "pool", "--pool-range", within)
			s.Start("AIKAGI_FAULT=" + point)
			_, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
				ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("pool"), Engine: &engine, CacheNodeType: aws.String("cache.t3.micro"),
				TransitEncryptionEnabled: aws.Bool(true),
			})
			if harness.Refused(err) {
				t.Fatal(err)
			}
			g := &poolGroup{within: within, farGroup: &farGroup{network: n, group: &group{Server: s, t: t, id: "g", ca: s.CA()}}}
			var at []string
			if point == fault.AddressRemoved {
				s.AwaitStatus("g", "available")
				at = g.checkPool()
				if _, err := s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id}); harness.Refused(err) {
					t.Fatal(err)
				}
			}
			select {
			case <-s.Exited():
			case <-time.After(harness.Patience):
				t.Fatal("it was not killed")
			}
			if !s.Killed() {
				t.Fatalf("%s: it ended in another way:\n%s", point, s.Output())
			}
			s.Start()
			if point != fault.AddressRemoved {
				s.AwaitStatus("g", "available")
				at = g.checkPool()
				g.steady(none).stop(0)
				if _, err := s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id}); err != nil {
					t.Fatal(err)
				}
			}
			s.AwaitStatus("g", "")
			g.checkGone(at)
			harness.Await(t, harness.Patience, "the record to be empty", func() (bool, error) {
				text, err := os.ReadFile(filepath.Join(s.Dir, "pool.json"))
				if err == nil && !strings.Contains(string(text), `"addresses":[]`) {
					err = errors.New(string(text))
				}
				return err == nil, err
			})
		})
	}
}
