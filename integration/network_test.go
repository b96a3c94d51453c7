package integration

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache"
)

// networkPorts is a range of which a test may take any.
const networkPorts = "7000-7099"

// TestClientsOnAnotherMachine has clients on another machine live through whatever happens to their cache.
func TestClientsOnAnotherMachine(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		n := harness.NewNetwork(t)
		s := n.New("--address-plan", "host", "--host-address", n.Address, "--port-range", networkPorts)
		s.Start()
		g := &farGroup{group: newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true),
		}), network: n}
		at := g.addresses()
		g.checkPlaces(at, n.Address)
		g.checkPrograms(none)

		open := g.steady(none)
		g.allowPlaintext()
		g.setTransit(preferred)
		g.checkPlaintext(true)
		g.setTransit(required)
		g.checkPlaintext(false)
		g.change(rotate, token1)
		first := g.steady(token1)
		open.stop(0)
		g.change(set, token1)
		g.checkPrograms(token1)
		g.change(rotate, token2)
		g.checkPrograms(token2)

		g.Kill()
		first.progress(100)
		g.Start()
		g.AwaitStatus(g.id, "available")
		g.change(set, token2)
		second := g.steady(token2)
		first.stop(0)

		g.failOver()
		second.progress(100)
		second.stop(-1)
		g.checkPrograms(token2)
		g.checkPartitions(second)
		if now := g.addresses(); strings.Join(now, " ") != strings.Join(at, " ") {
			t.Errorf("addresses have changed from %v to %v", at, now)
		}
	})
}

// TestCacheAtIPv6 is the same in short for an address of IPv6, over which the service proves what it does at the nodes' links.
func TestCacheAtIPv6(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		n := harness.NewNetwork(t)
		s := n.New("--address-plan", "host", "--host-address", n.Address6, "--port-range", networkPorts)
		s.Start()
		g := &farGroup{group: newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true),
		}), network: n}
		g.checkPlaces(g.addresses(), n.Address6)
		g.change(rotate, token1)
		g.change(set, token1)
		client := g.steady(token1)
		g.failOver()
		client.progress(50)
		client.stop(-1)
		g.checkPrograms(token1)
	})
}

// TestMachineGetsAnotherAddress is what a container sees that is made anew: ports stay, and so does the data.
func TestMachineGetsAnotherAddress(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		n := harness.NewNetwork(t)
		s := n.New("--address-plan", "host", "--host-address", n.Address6, "--port-range", networkPorts)
		s.Start()
		g := &farGroup{group: newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)}), network: n}
		at := g.addresses()
		g.steady(none).stop(0)
		s.Stop()
		n.DropAddress6()
		s.Args[len(s.Args)-3] = n.Address
		s.Start()
		g.AwaitStatus(g.id, "available")
		for i, now := range g.addresses() {
			if _, port, _ := net.SplitHostPort(at[i]); now != net.JoinHostPort(n.Address, port) {
				t.Errorf("%s has become %s", at[i], now)
			}
		}
		g.steady(none).stop(0)
	})
}

// farGroup is a group whose clients are on another machine.
type farGroup struct {
	*group
	network *harness.Network
}

// checkPlaces checks that every place has a port of its own at the server's address.
func (g *farGroup) checkPlaces(places []string, address string) {
	g.t.Helper()
	seen := map[uint16]bool{}
	for _, text := range places {
		at, err := netip.ParseAddrPort(text)
		if err != nil || at.Addr() != netip.MustParseAddr(address) || seen[at.Port()] || at.Port() < 7000 || at.Port() > 7099 {
			g.t.Errorf("a place is %s, want %s at a port of its own in %s (%v)", text, address, networkPorts, err)
		}
		seen[at.Port()] = true
	}
}

// options are those of a go-redis client on the other machine, which itself says nothing twice.
func (g *farGroup) options(address, token string) *redis.Options {
	return &redis.Options{
		Addr: address, Password: token, ReadTimeout: time.Second, WriteTimeout: time.Second, DialTimeout: time.Second, MaxRetries: -1, PoolSize: 1,
		Dialer: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := g.network.Dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			config := g.clientTLS()
			config.ServerName, _, _ = net.SplitHostPort(address)
			secure := tls.Client(conn, config)
			if err := secure.HandshakeContext(ctx); err != nil {
				return nil, errors.Join(err, conn.Close())
			}
			return secure, nil
		},
	}
}

// checkPrograms has each client that is installed on the other machine log in at the primary endpoint.
func (g *farGroup) checkPrograms(token string) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), harness.Patience)
	defer cancel()
	host, port, _ := net.SplitHostPort(g.primary())
	command := g.network.OnClient(ctx, "redis-cli", "--tls", "--cacert", g.CAFile(), "-h", host, "-p", port, "SET", "far", "away")
	if token != none {
		command.Env = append(command.Environ(), "REDISCLI_AUTH="+token)
	}
	if out, err := command.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "OK" {
		g.t.Errorf("redis-cli: %v: %s", err, out)
	}
	python := redisPy()
	if python == "" {
		g.t.Log("redis-py is not tried: no Python has it (apt-get install python3-redis)")
		return
	}
	number, _ := strconv.Atoi(port)
	job, _ := json.Marshal(map[string]any{"host": host, "port": number, "ca": g.CAFile(), "logins": []login{{Password: token}}})
	if out, err := g.network.OnClient(ctx, python, "testdata/redis_py.py", string(job)).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "ok" {
		g.t.Errorf("redis-py: %v: %s", err, out)
	}
}

// allowPlaintext sees that plaintext is refused, gives the word, and sees that it is in the audit log.
func (g *farGroup) allowPlaintext() {
	g.t.Helper()
	_, err := g.API().ModifyReplicationGroup(g.t.Context(), g.transit(preferred, true))
	checkRefusal(g.t, err, invalidCombi, cache.TagAllowPlaintext)
	_, err = g.API().AddTagsToResource(g.t.Context(), &elasticache.AddTagsToResourceInput{
		ResourceName: g.describe().ARN, Tags: []types.Tag{{Key: aws.String(cache.TagAllowPlaintext), Value: aws.String("true")}},
	})
	if err != nil {
		g.t.Fatal(err)
	}
	if audit, err := os.ReadFile(filepath.Join(g.Dir, "audit.log")); !strings.Contains(string(audit), `"allows":"aikagi:allow-plaintext=true"`) {
		g.t.Errorf("the audit log does not have it (%v):\n%s", err, audit)
	}
}

// setTransit moves to a mode, and waits until every node has it.
func (g *farGroup) setTransit(mode types.TransitEncryptionMode) {
	g.t.Helper()
	if _, err := g.API().ModifyReplicationGroup(g.t.Context(), g.transit(mode, true)); err != nil {
		g.t.Fatal(err)
	}
	g.AwaitStatus(g.id, "available")
}

// checkPlaintext checks whether clients on the other machine are served in plaintext, and that the status warns of it if they are.
func (g *farGroup) checkPlaintext(served bool) {
	g.t.Helper()
	options := g.options(g.primary(), none)
	options.Dialer = g.network.Dial
	client := redis.NewClient(options)
	defer client.Close()
	if err := client.Set(g.t.Context(), "plain", "text", 0).Err(); (err == nil) != served {
		g.t.Errorf("plaintext is to be served: %t: %v", served, err)
	}
	status, err := g.Aikagi("status", g.id)
	if err != nil || strings.Contains(status, "EXPOSED: Other machines can reach g in plaintext") != served {
		g.t.Errorf("plaintext is served: %t (%v), and the status is:\n%s", served, err, status)
	}
}

// failOver has a replica take the primary's place.
func (g *farGroup) failOver() {
	g.t.Helper()
	was := primaryOf(g.describe())
	if _, err := g.API().TestFailover(g.t.Context(), &elasticache.TestFailoverInput{ReplicationGroupId: &g.id, NodeGroupId: aws.String("0001")}); err != nil {
		g.t.Fatal(err)
	}
	harness.Await(g.t, harness.Patience, "another primary", func() (bool, error) {
		d := g.describe()
		return primaryOf(d) != was && aws.ToString(d.Status) == "available", fmt.Errorf("%s is %s", g.id, aws.ToString(d.Status))
	})
}

func primaryOf(g types.ReplicationGroup) string {
	for _, member := range g.NodeGroups[0].NodeGroupMembers {
		if aws.ToString(member.CurrentRole) == "primary" {
			return aws.ToString(member.CacheClusterId)
		}
	}
	return ""
}

// checkPartitions cuts the client off, and then the server, and sees that clients come back by themselves and that the cache never noticed.
func (g *farGroup) checkPartitions(after *steadyClient) {
	g.t.Helper()
	primary := primaryOf(g.describe())
	client := redis.NewClient(g.options(g.primary(), after.token))
	defer client.Close()
	for name, cut := range map[string]func() func(){"the client": g.network.CutClient, "the server": g.network.CutServer} {
		mend := cut()
		if err := client.Set(g.t.Context(), "cut", name, 0).Err(); err == nil {
			g.t.Errorf("%s is cut off, and a write is acknowledged", name)
		}
		g.change(rotate, token3) // proven on every node all the same
		g.change(set, token3)
		mend()
		back := redis.NewClient(g.options(g.primary(), token3))
		harness.Await(g.t, harness.Patience, "a write after "+name+" was cut off", func() (bool, error) {
			err := back.Set(g.t.Context(), "mended", name, 0).Err()
			return err == nil, err
		})
		_ = back.Close()
		g.change(rotate, after.token)
		g.change(set, after.token)
	}
	if now := primaryOf(g.describe()); now != primary {
		g.t.Errorf("the primary was %s before the partitions, and is %s", primary, now)
	}
}

// steadyClient writes and reads over one connection after the other, on the other machine.
type steadyClient struct {
	g     *farGroup
	token string
	quit  chan struct{}
	ended sync.WaitGroup

	mu     sync.Mutex // guards all below
	done   int        // that were acknowledged
	failed []error
}

// steady begins to write at the primary endpoint, and returns when a write was acknowledged.
func (g *farGroup) steady(token string) *steadyClient {
	g.t.Helper()
	return g.steadyBy(g.options(g.primary(), token))
}

// steadyBy is the same of a client with these options.
func (g *farGroup) steadyBy(options *redis.Options) *steadyClient {
	g.t.Helper()
	c := &steadyClient{g: g, token: options.Password, quit: make(chan struct{})}
	c.ended.Go(func() { c.run(redis.NewClient(options)) })
	g.t.Cleanup(c.end)
	c.progress(1)
	return c
}

func (c *steadyClient) run(client *redis.Client) {
	defer client.Close()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-c.quit:
			return
		case <-tick.C:
		}
		err := client.Set(context.Background(), "steady", n, 0).Err()
		c.mu.Lock()
		if err == nil {
			c.done++
		} else {
			c.failed = append(c.failed, err)
		}
		c.mu.Unlock()
	}
}

// progress waits for so many more acknowledged writes.
func (c *steadyClient) progress(more int) {
	c.g.t.Helper()
	count := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.done
	}
	before := count()
	harness.Await(c.g.t, harness.Patience, "writes from another machine", func() (bool, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.done >= before+more, errors.Join(c.failed[max(0, len(c.failed)-1):]...)
	})
}

// failures is how many writes have failed so far.
func (c *steadyClient) failures() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.failed)
}

func (c *steadyClient) end() {
	select {
	case <-c.quit:
	default:
		close(c.quit)
	}
	c.ended.Wait()
}

// stop ends the client, of whose writes so many may have failed; -1: any number.
func (c *steadyClient) stop(mayFail int) {
	c.g.t.Helper()
	c.end()
	if mayFail >= 0 && len(c.failed) > mayFail {
		c.g.t.Errorf("%d of %d writes failed: %v", len(c.failed), c.done+len(c.failed), c.failed[0])
	}
	c.g.t.Logf("%d writes, %d failed", c.done, len(c.failed))
}
