package integration_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// A cache cluster on its own comes back from a crash with its last snapshot, and
// an event says what that was.
func TestStandaloneCrash(t *testing.T) {
	t.Parallel()
	if !slices.Contains(harness.Engines(t), "redis") {
		t.Skip("cache clusters run Redis, which is not installed")
	}
	s := harness.Start(t)
	api, id := s.API(), "alone"
	if _, err := api.CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{CacheClusterId: &id, CacheNodeType: aws.String("cache.t4g.micro"), Engine: aws.String("redis")}); err != nil {
		t.Fatal(err)
	}
	address := awaitCluster(t, api, id)
	c, err := dialRaw(address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		mustDo(t, c, "SET", fmt.Sprint("saved-", n), "v")
	}
	if _, err := api.RebootCacheCluster(t.Context(), &elasticache.RebootCacheClusterInput{CacheClusterId: &id, CacheNodeIdsToReboot: []string{"0001"}}); err != nil {
		t.Fatal(err)
	}
	awaitCluster(t, api, id)
	if c, err = dialRaw(address, nil); err != nil {
		t.Fatal(err)
	}
	mustDo(t, c, "SET", "not-saved", "v")
	for _, pid := range s.Nodes() {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	g := newSubject(s, id, "", 0, false)
	wantEvents(t, g, "alone: Cache node restarted: 5 keys were loaded from its last snapshot; what was written after that snapshot is lost")
	awaitCluster(t, api, id)
	if c, err = dialRaw(address, nil); err != nil {
		t.Fatal(err)
	}
	if size := mustDo(t, c, "DBSIZE"); size != "5" {
		t.Errorf("%s keys are back, want 5", size)
	}
	g.verifyFiles(1)
}

func mustDo(t *testing.T, c *rawClient, words ...string) string {
	t.Helper()
	answer, err := c.do(words...)
	if err != nil {
		t.Fatalf("%s: %v", words[0], err)
	}
	return answer
}

// wantEvents waits until each text was told of.
func wantEvents(t *testing.T, g *subject, texts ...string) {
	t.Helper()
	g.await("events", func() (bool, error) {
		all := strings.Join(g.messages(), "\n")
		for _, text := range texts {
			if !strings.Contains(all, text) {
				return false, fmt.Errorf("no event says %q:\n%s", text, all)
			}
		}
		return true, nil
	})
}

// awaitCluster waits until a cache cluster is available and returns its address.
func awaitCluster(t *testing.T, api *elasticache.Client, id string) (address string) {
	t.Helper()
	harness.Await(t, settleLimit, id+" to be available", func() (bool, error) {
		out, err := api.DescribeCacheClusters(context.Background(), &elasticache.DescribeCacheClustersInput{
			CacheClusterId: &id, ShowCacheNodeInfo: aws.Bool(true),
		})
		if err != nil {
			return false, err
		}
		cluster := out.CacheClusters[0]
		if aws.ToString(cluster.CacheClusterStatus) != "available" || len(cluster.CacheNodes) == 0 {
			return false, fmt.Errorf("it is %s", aws.ToString(cluster.CacheClusterStatus))
		}
		endpoint := cluster.CacheNodes[0].Endpoint
		address = net.JoinHostPort(aws.ToString(endpoint.Address), fmt.Sprint(aws.ToInt32(endpoint.Port)))
		return true, nil
	})
	return address
}

// A primary that crashes again and again, with replicas that live, never loses what
// they have, even if it was never saved.
func TestPrimaryCrashesKeepData(t *testing.T) {
	t.Parallel()
	g := newGroup(t, oneEngine(t, 1), 2)
	primary := g.node(0)
	if err := g.reboot(primary); err != nil { // the last snapshot there will be
		t.Fatal(err)
	}
	g.awaitSettled()
	for round := range 3 {
		var writing sync.WaitGroup
		for n := range 20 {
			writing.Go(func() {
				c, err := dialRaw(g.address[primary], g.pool())
				if err == nil {
					err = c.login(g.newest())
				}
				if err == nil {
					_, err = c.do("SET", fmt.Sprintf("round-%d-%d", round, n), "v")
				}
				if err != nil {
					t.Error(err)
					return
				}
				c.Close()
			})
		}
		writing.Wait()
		for n := range 20 {
			g.written[fmt.Sprintf("round-%d-%d", round, n)]++
		}
		g.write(fmt.Sprint("last-of-round-", round))
		before := g.pids()[primary]
		g.kill(primary, syscall.SIGKILL)
		g.await(primary+" to be back", func() (bool, error) {
			if pid := g.pids()[primary]; pid == 0 || pid == before {
				return false, fmt.Errorf("its process is %d", pid)
			}
			return g.isSettled()
		})
		g.verify() // roles as well
	}
}
