package integration

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

var welcomedDNS = regexp.MustCompile(`DNS: +(\S+) answers for (\S+)\n`)

// resolverOf is Go's own resolver, asking the DNS server of a control plane alone.
func resolverOf(s *harness.Server) *net.Resolver {
	s.TB.Helper()
	found := welcomedDNS.FindStringSubmatch(s.Output())
	if found == nil {
		s.TB.Fatalf("no DNS server:\n%s", s.Output())
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, found[1])
	}}
}

// dialName is dial for a name of the built-in DNS server, which the certificate must
// be good for.
func dialName(t *testing.T, s *harness.Server, address string, ca *x509.CertPool) *wire {
	t.Helper()
	w, err := tryName(t, s, address, ca)
	if err != nil {
		t.Fatalf("connect to %s: %v", address, err)
	}
	return w
}

func tryName(t *testing.T, s *harness.Server, address string, ca *x509.CertPool) (*wire, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	conn, err := (&net.Dialer{Resolver: resolverOf(s)}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = conn.Close() })
	if ca != nil {
		host, _, _ := net.SplitHostPort(address)
		secured := tls.Client(conn, &tls.Config{RootCAs: ca, ServerName: host, MinVersion: tls.VersionTLS12})
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		conn = secured
	}
	return &wire{t: t, conn: conn, in: bufio.NewReader(conn)}, nil
}

// The endpoints that the API shows are names; clients resolve them, and their
// certificates are good for them.
func TestNamesOfGroup(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t, "--dns-listen", "127.0.0.1:0")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("shop"), NumCacheClusters: aws.Int32(3),
		})
		endpoints := g.addresses()
		want := []string{
			"master.shop.cache.internal:6379", "replica.shop.cache.internal:6379", "shop-001.shop.cache.internal:6379",
			"shop-002.shop.cache.internal:6379", "shop-003.shop.cache.internal:6379",
		}
		if !slices.Equal(endpoints, want) {
			t.Fatalf("endpoints: %q", endpoints)
		}
		primary := dialName(t, s, endpoints[0], g.ca)
		if reply := primary.do("SET", "greeting", "hello"); reply != "OK" {
			t.Fatalf("SET at %s: %s", endpoints[0], reply)
		}
		if reply := primary.do("WAIT", "2", "10000"); reply != "2" {
			t.Fatalf("replicas that have it: %s", reply)
		}
		for _, endpoint := range endpoints[1:] {
			reader := dialName(t, s, endpoint, g.ca)
			role, _, _ := strings.Cut(reader.do("ROLE"), "\n")
			if wantRole := map[bool]string{true: "master", false: "slave"}[endpoint == want[2]]; role != wantRole {
				t.Errorf("%s is a %s", endpoint, role)
			}
			if reply := reader.do("GET", "greeting"); reply != "hello" {
				t.Errorf("GET at %s: %s", endpoint, reply)
			}
		}
		readers, err := resolverOf(s).LookupHost(t.Context(), "REPLICA.shop.Cache.Internal.")
		if err != nil || len(readers) != 2 {
			t.Errorf("readers: %q, %v", readers, err)
		}
		if status, err := s.Aikagi("status", "shop"); err != nil || !strings.Contains(status, endpoints[0]) || !strings.Contains(status, endpoints[1]) {
			t.Errorf("status: %v\n%s", err, status)
		}
		if _, err := s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id}); err != nil {
			t.Fatal(err)
		}
		s.AwaitStatus(g.id, "")
		var none *net.DNSError
		if _, err := resolverOf(s).LookupHost(t.Context(), "master.shop.cache.internal."); !errors.As(err, &none) || !none.IsNotFound {
			t.Errorf("a deleted group's name: %v", err)
		}
	})
}

func TestNamesWithoutTLS(t *testing.T) {
	t.Parallel()
	engine := harness.Engines(t)[0]
	s := harness.Start(t, "--dns-listen", "localhost:0", "--dns-domain", "Caches.Test.")
	g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
		NumCacheClusters: aws.Int32(2), TransitEncryptionEnabled: aws.Bool(false),
	})
	endpoints := g.addresses()
	want := []string{"g.ng.0001.caches.test:6379", "g-ro.ng.0001.caches.test:6379", "g-001.0001.caches.test:6379", "g-002.0001.caches.test:6379"}
	if !slices.Equal(endpoints, want) {
		t.Errorf("endpoints: %q", endpoints)
	}
	_, err := s.API().CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{
		CacheClusterId: aws.String("alone"), Engine: aws.String(clusterEngine(t)), NumCacheNodes: aws.Int32(1), CacheNodeType: aws.String("cache.t3.micro"), Port: aws.Int32(7000),
	})
	if err != nil {
		t.Fatal(err)
	}
	alone := elasticache.DescribeCacheClustersInput{CacheClusterId: aws.String("alone"), ShowCacheNodeInfo: aws.Bool(true)}
	harness.Await(t, harness.Patience, "alone to be available", func() (bool, error) {
		out, err := s.API().DescribeCacheClusters(t.Context(), &alone)
		if err != nil || aws.ToString(out.CacheClusters[0].CacheClusterStatus) != "available" {
			return false, err
		}
		endpoints = append(endpoints, hostPort(out.CacheClusters[0].CacheNodes[0].Endpoint))
		return true, nil
	})
	if last := endpoints[len(endpoints)-1]; last != "alone.0001.caches.test:7000" {
		t.Errorf("endpoint of the cache cluster: %s", last)
	}
	for _, endpoint := range append(endpoints, "master.g.caches.test:6379", "replica.g.caches.test:6379", "g-002.g.caches.test:6379") {
		if reply := dialName(t, s, endpoint, nil).do("PING"); reply != "PONG" {
			t.Errorf("PING at %s: %s", endpoint, reply)
		}
	}
}

// Names are added to the certificates of nodes that run, and changed, without a
// restart and without a connection that ends.
func TestDomainChanges(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		nodes := s.Nodes()
		before := dial(t, g.primary(), g.ca)
		before.do("PING") // who says nothing for ten seconds is sent away
		for _, domain := range []string{"cache.internal", "other.test"} {
			s.Stop()
			s.Args = []string{"--dns-listen", "127.0.0.1:0", "--dns-domain", domain}
			s.Start()
			for _, name := range []string{"master.g.", "replica.g.", "g-001.g.", "g-002.g."} {
				harness.Await(t, harness.Patience, "a certificate for "+name+domain, func() (bool, error) {
					w, err := tryName(t, s, name+domain+":6379", g.ca)
					return err == nil && w.do("PING") == "PONG", err
				})
			}
		}
		if reply := before.do("PING"); reply != "PONG" {
			t.Errorf("a connection from before: %s", reply)
		}
		if after := s.Nodes(); !maps.Equal(nodes, after) {
			t.Errorf("processes: %v, before: %v", after, nodes)
		}
		// Without the server, endpoints are addresses again.
		s.Stop()
		s.Args = nil
		s.Start()
		if host, _, _ := net.SplitHostPort(g.primary()); net.ParseIP(host) == nil {
			t.Errorf("without names: %s", g.primary())
		}
	})
}

func TestDNSRefusals(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, test := range []struct{ listen, domain, want string }{
		{"127.0.0.1:0", "cache.example.com", "may not vouch for names there; choose a domain below one of: "},
		{"127.0.0.1:0", "no_domain", "want letters, digits and hyphens"},
		{"127.0.0.1", "cache.internal", "want host:port"},
		{taken.Addr().String(), "cache.internal", "choose another address with --dns-listen"},
	} {
		s := harness.New(t, "--dns-listen", test.listen, "--dns-domain", test.domain)
		if err := s.TryStart(); err == nil || !strings.Contains(s.Output(), test.want) {
			t.Errorf("%+v: %v\n%s", test, err, s.Output())
		}
	}
}
