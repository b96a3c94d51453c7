package integration

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/address"
)

// nextPorts keeps tests that run at the same time out of each other's ranges.
var nextPorts atomic.Uint32

// freePorts is a range of so many ports at which nobody listens at 127.0.0.1.
func freePorts(t *testing.T, count uint16) address.PortRange {
	t.Helper()
	at := netip.MustParseAddr("127.0.0.1")
search:
	for {
		first := uint16(10000 + (uint32(os.Getpid()%100)*200+nextPorts.Add(uint32(count)))%20000)
		for port := range count {
			if address.Occupied(netip.AddrPortFrom(at, first+port)) {
				continue search
			}
		}
		return address.PortRange{First: first, Last: first + count - 1}
	}
}

// TestAdvertisedName shows to clients what they call the machine, as in front of a container, and that a full range is said at once.
func TestAdvertisedName(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		ports := freePorts(t, 9)
		busy, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(ports.First))))
		if err != nil {
			t.Fatal(err)
		}
		defer busy.Close()
		s := harness.Start(t, "--address-plan", "host", "--host-address", "127.0.0.1", "--port-range", ports.String(), "--advertise", "localhost")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(3), Port: aws.Int32(6380)})
		for _, where := range [][]string{nil, {"--reader"}, {"--node", "g-002"}, {"--node", "g-003"}} {
			if out, err := s.Aikagi(slices.Concat([]string{"connect", "g"}, where, []string{"ping"})...); err != nil || !strings.Contains(out, "PONG") {
				t.Errorf("aikagi connect %v: %v: %s", where, err, out)
			}
		}
		g.change(rotate, token1)
		g.change(set, token1)
		g.checkAccess(token1)
		for _, at := range g.addresses() {
			host, port, _ := net.SplitHostPort(at)
			if number, _ := strconv.Atoi(port); host != "localhost" || number <= int(ports.First) || number > int(ports.Last) {
				t.Errorf("a place is shown as %s", at)
			}
		}
		_, err = s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("more"), ReplicationGroupDescription: aws.String("is too much"), Engine: &engine, CacheNodeType: aws.String("cache.t4g.micro"),
			NumCacheClusters: aws.Int32(2), TransitEncryptionEnabled: aws.Bool(true),
		})
		checkRefusal(t, err, "InsufficientCacheClusterCapacity", "--port-range")

		// Served with another plan, the group stays where it is, and a new one follows the plan.
		at := g.addresses()
		s.Stop()
		s.Args = nil
		s.Start()
		g.AwaitStatus("g", "available")
		for i, now := range g.addresses() {
			if now != at[i] { // its certificates are for the name that it was advertised by
				t.Errorf("%s has moved to %s", at[i], now)
			}
		}
		g.checkAccess(token1)
		_, err = s.API().IncreaseReplicaCount(t.Context(), &elasticache.IncreaseReplicaCountInput{
			ReplicationGroupId: aws.String("g"), NewReplicaCount: aws.Int32(3), ApplyImmediately: aws.Bool(true),
		})
		checkRefusal(t, err, "InsufficientCacheClusterCapacity", "--address-plan host")
		other := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("here"), NumCacheClusters: aws.Int32(1)})
		if host, _, _ := net.SplitHostPort(other.primary()); !netip.MustParsePrefix(s.Range).Contains(netip.MustParseAddr(host)) {
			t.Errorf("a new group is at %s", other.primary())
		}
	})
}
