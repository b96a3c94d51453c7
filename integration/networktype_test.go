package integration

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache"
)

// TestNetworkTypes has caches of each network type on one machine.
func TestNetworkTypes(t *testing.T) {
	t.Parallel()
	engine := harness.Engines(t)[0]
	s := harness.Start(t, "--address-plan", "host", "--host-address", "127.0.0.1", "--host-address", "::1", "--port-range", freePorts(t, 16).String())
	for asked, want := range map[types.NetworkType]string{"": "127.0.0.1", types.NetworkTypeIpv6: "::1"} {
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("of-" + string(cache.NetworkTypeOf(netip.MustParseAddr(want)))), NetworkType: asked})
		g.checkNetwork(want, types.NetworkType(cache.NetworkTypeOf(netip.MustParseAddr(want))))
		_, err := s.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, IpDiscovery: otherThan(g.describe().IpDiscovery)})
		checkRefusal(t, err, invalidCombi, "IpDiscovery")
	}
	alone := &elasticache.CreateCacheClusterInput{
		CacheClusterId: aws.String("alone"), Engine: aws.String("redis"), CacheNodeType: aws.String("cache.t4g.micro"), NetworkType: types.NetworkTypeDualStack,
		Tags: []types.Tag{{Key: aws.String(cache.TagAllowPlaintext), Value: aws.String("true")}},
	}
	if slices.Contains(harness.Engines(t), "redis") {
		if out, err := s.API().CreateCacheCluster(t.Context(), alone); err != nil || out.CacheCluster.NetworkType != types.NetworkTypeDualStack {
			t.Errorf("a cluster on its own: %v, %+v", err, out)
		}
	}

	both := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NetworkType: types.NetworkTypeDualStack, NumCacheClusters: aws.Int32(2)})
	for range 2 {
		both.checkNetwork("127.0.0.1", types.NetworkTypeDualStack)
		both.mustModify(elasticache.ModifyReplicationGroupInput{IpDiscovery: types.IpDiscoveryIpv6})
		both.checkNetwork("::1", types.NetworkTypeDualStack)
		both.checkBothFamilies()
		both.mustModify(elasticache.ModifyReplicationGroupInput{IpDiscovery: types.IpDiscoveryIpv4})
		s.Kill()
		s.Start()
		both.AwaitStatus(both.id, "available")
	}
	groups, err := s.API().DescribeCacheSubnetGroups(t.Context(), &elasticache.DescribeCacheSubnetGroupsInput{})
	if err != nil || len(groups.CacheSubnetGroups) != 1 || len(groups.CacheSubnetGroups[0].SupportedNetworkTypes) != 3 {
		t.Errorf("subnet groups: %v, %+v", err, groups)
	}
}

func otherThan(family types.IpDiscovery) types.IpDiscovery {
	if family == types.IpDiscoveryIpv4 {
		return types.IpDiscoveryIpv6
	}
	return types.IpDiscoveryIpv4
}

// checkNetwork checks what answers say, and that every place serves at the address that they show.
func (g *group) checkNetwork(address string, want types.NetworkType) {
	g.t.Helper()
	family := types.IpDiscovery(cache.NetworkTypeOf(netip.MustParseAddr(address)))
	d := g.describe()
	member, err := g.API().DescribeCacheClusters(g.t.Context(), &elasticache.DescribeCacheClustersInput{CacheClusterId: &d.MemberClusters[0]})
	if err != nil {
		g.t.Fatal(err)
	}
	if m := member.CacheClusters[0]; d.NetworkType != want || d.IpDiscovery != family || m.NetworkType != want || m.IpDiscovery != family {
		g.t.Errorf("the group answers %s and %s, its member %s and %s; want %s and %s", d.NetworkType, d.IpDiscovery, m.NetworkType, m.IpDiscovery, want, family)
	}
	for _, at := range g.addresses() {
		if host, _, _ := net.SplitHostPort(at); host != address {
			g.t.Errorf("a place is %s, want one at %s", at, address)
		}
		g.checkPing(dial(g.t, at, g.ca), true)
	}
}

// checkBothFamilies has every place serve at the loopback addresses of both families, at one port.
func (g *group) checkBothFamilies() {
	g.t.Helper()
	for _, at := range g.addresses() {
		_, port, _ := net.SplitHostPort(at)
		for _, host := range []string{"127.0.0.1", "::1"} {
			g.checkPing(dial(g.t, net.JoinHostPort(host, port), g.ca), true)
		}
	}
}

// TestDualStack has clients of both families, on another machine, live through what happens to their cache.
func TestDualStack(t *testing.T) {
	t.Parallel()
	n := harness.NewNetwork(t)
	range4, range6 := n.AddPool()
	s := n.New("--address-plan", "pool", "--pool-range", range4, "--pool-range", range6,
		"--host-address", n.Address, "--host-address", n.Address6, "--port-range", networkPorts, "--dns-listen", n.Address+":5300")
	s.Start()
	g := &farGroup{network: n, group: newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{
		NetworkType: types.NetworkTypeDualStack, NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true),
	})}
	at4, at6 := g.bothPlaces("g")
	client4, client6 := g.steadyBy(g.options(at4, none)), g.steadyBy(g.options(at6, none))
	s.Kill()
	s.Start()
	g.AwaitStatus(g.id, "available")
	g.scaleTo(2)
	g.bothPlaces("g-003")
	g.failOver()
	client4.progress(50)
	client6.progress(50)
	client4.stop(-1)
	client6.stop(-1)

	g.checkMoveRefused("127.0.0.0/8", "--to", "loopback")
	g.moves("--to", "host")
	g.awaitMove("open")
	g.moves("--finish", "--force")
	g.checkNotMoving("host")
	new4, new6 := g.bothPlaces("g")
	for host, at := range map[string]string{n.Address: new4, n.Address6: new6} {
		if got, port, _ := net.SplitHostPort(at); got != host || port != strconv.Itoa(int(*g.describe().NodeGroups[0].PrimaryEndpoint.Port)) {
			t.Errorf("after the move the primary is at %s, want it at %s", at, host)
		}
		g.steadyBy(g.options(at, none)).stop(0)
	}
	for _, old := range []string{at4, at6} {
		host, _, _ := net.SplitHostPort(old)
		harness.Await(t, harness.Patience, host+" to be given back", func() (bool, error) { return n.Has(host) == "", nil })
	}
}

// bothPlaces are where the names of the primary endpoint, or of another node, lead to.
func (g *farGroup) bothPlaces(name string) (at4, at6 string) {
	g.t.Helper()
	endpoint := g.describe().NodeGroups[0].PrimaryEndpoint
	for _, m := range g.describe().NodeGroups[0].NodeGroupMembers {
		if aws.ToString(m.CacheClusterId) == name {
			endpoint = m.ReadEndpoint
		}
	}
	resolver := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return g.network.Dial(ctx, "tcp", g.network.Address+":5300")
	}}
	for family, at := range map[string]*string{"ip4": &at4, "ip6": &at6} {
		found, err := resolver.LookupNetIP(g.t.Context(), family, *endpoint.Address+".")
		if err != nil || len(found) != 1 {
			g.t.Fatalf("%s leads to %v (%v)", *endpoint.Address, found, err)
		}
		*at = net.JoinHostPort(found[0].String(), strconv.Itoa(int(*endpoint.Port)))
	}
	return at4, at6
}
