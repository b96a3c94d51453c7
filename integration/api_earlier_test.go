package integration

import (
	"crypto/tls"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// rewrite changes what is stored, while no control plane runs, as an earlier release would have it.
func rewrite(t *testing.T, s *harness.Server, change func(store.UpdateTx) error) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(s.Dir, "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

// TestReaderEndpointForEarlierGroups starts with the store of a release in which a group without
// replicas had no reader endpoint. Its node goes on, and what it had stays.
func TestReaderEndpointForEarlierGroups(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{AuthToken: aws.String(token1)})
		primary, pids := g.primary(), s.Nodes()
		client := dial(t, primary, g.ca)
		client.do("AUTH", token1)
		if reply := client.do("SET", "k", "kept"); reply != "OK" {
			t.Fatalf("SET: %s", reply)
		}
		s.Stop()
		rewrite(t, s, func(tx store.UpdateTx) error {
			g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, "g"))
			if err != nil {
				return err
			}
			g.Shards[0].ReaderEndpoint, g.Shards[0].Nodes[0].Zone = netip.AddrPort{}, "local-1a"
			return store.Put(tx, store.Groups, g)
		})
		s.Start()
		g.AwaitStatus("g", "available")
		var now types.NodeGroup
		harness.Await(t, harness.Patience, "the reader endpoint", func() (bool, error) {
			now = g.describe().NodeGroups[0]
			return now.ReaderEndpoint != nil, nil
		})
		if hostPort(now.PrimaryEndpoint) != primary || hostPort(now.ReaderEndpoint) == primary {
			t.Fatalf("endpoints: %+v; the primary's was %s", now, primary)
		}
		harness.Await(t, harness.Patience, "the reader endpoint to answer", func() (bool, error) {
			conn, err := tls.Dial("tcp", hostPort(now.ReaderEndpoint), &tls.Config{RootCAs: g.ca, MinVersion: tls.VersionTLS12})
			if err == nil {
				_ = conn.Close()
			}
			return err == nil, err
		})
		g.checkCopies(token1, "k", "kept")
		g.checkAccess(token1)
		if reply := client.do("GET", "k"); reply != "kept" {
			t.Errorf("GET on the connection from before: %s", reply)
		}
		for name, pid := range s.Nodes() {
			if pids[name] != pid {
				t.Errorf("%s is process %d, was %d", name, pid, pids[name])
			}
		}
		if zone := aws.ToString(now.NodeGroupMembers[0].PreferredAvailabilityZone); zone != "local-1a" {
			t.Errorf("the node moved to %s", zone)
		}
	})
}

// TestValkeyClusterOfEarlierReleases has a cache cluster that can be created no more.
func TestValkeyClusterOfEarlierReleases(t *testing.T) {
	t.Parallel()
	if !slices.Contains(harness.Engines(t), "valkey") {
		t.Skip("valkey-server is not installed")
	}
	s := harness.Start(t)
	out, err := s.API().DescribeCacheEngineVersions(t.Context(), &elasticache.DescribeCacheEngineVersionsInput{Engine: aws.String("valkey")})
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(aws.ToString(out.CacheEngineVersions[0].CacheEngineVersionDescription))
	installed := cache.EngineVersion{Engine: cache.EngineValkey, Version: words[len(words)-1]}
	s.Stop()
	rewrite(t, s, func(tx store.UpdateTx) error {
		g, err := replication.NewGroup(replication.Spec{Standalone: true, ID: "alone", EngineVersion: installed}, time.Now())
		if err != nil {
			return err
		}
		address := netip.MustParsePrefix(s.Range).Addr().Next()
		if err := g.AssignAddresses(func() (netip.Addr, error) { return address, nil }); err != nil {
			return err
		}
		return store.Put(tx, store.Groups, g)
	})
	s.Start()
	awaitCluster(t, s, "alone", "available")
	address := hostPort(describeCluster(t, s, "alone").CacheNodes[0].Endpoint)
	if reply := dial(t, address, nil).do("SET", "k", "kept"); reply != "OK" {
		t.Errorf("SET: %s", reply)
	}
	_, err = s.API().ModifyCacheCluster(t.Context(), &elasticache.ModifyCacheClusterInput{
		CacheClusterId: aws.String("alone"), CacheNodeType: aws.String("cache.m7g.large"), ApplyImmediately: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	awaitCluster(t, s, "alone", "available")
	if _, err := s.API().RebootCacheCluster(t.Context(), &elasticache.RebootCacheClusterInput{
		CacheClusterId: aws.String("alone"), CacheNodeIdsToReboot: []string{"0001"},
	}); err != nil {
		t.Fatal(err)
	}
	awaitCluster(t, s, "alone", "available")
	if reply := dial(t, address, nil).do("GET", "k"); reply != "kept" {
		t.Errorf("GET after the reboot: %s", reply)
	}
	deleteCluster(t, s, "alone")
}
