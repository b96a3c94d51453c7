package integration_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// settleLimit is how long a group may take to come to rest on a busy machine.
const settleLimit = harness.Patience

// subject is a replication group under test, and what it should be by now.
type subject struct {
	*harness.Server
	id        string
	engine    string
	tls       bool
	automatic bool              // failover
	nodes     []string          // ids
	primary   string            // one of them
	tokens    []string          // that it accepts, oldest first; "" is a client without one
	retired   []string          // that it accepted once
	written   map[string]int    // keys that must be there
	acked     []string          // more of them, of writers
	events    map[string]int    // how often each kind of event must have been told
	receipts  []receipt         // of failovers, oldest first
	address   map[string]string // of each node, and of the endpoints
	but       string            // a node that loginAllTheTime leaves out
	late      time.Duration     // the longest that a replica was found to be behind
	others    int               // nodes of other groups of the same control plane
	api       *client.Client    // of the control plane at url
	url       string
}

// What subject.address has beside the nodes.
const (
	primaryEndpoint = "primary endpoint"
	readerEndpoint  = "reader endpoint"
)

func newSubject(s *harness.Server, id, engine string, replicas int, tls bool) *subject {
	g := &subject{
		Server: s, id: id, engine: engine, tls: tls,
		tokens: []string{""}, written: map[string]int{}, events: map[string]int{}, address: map[string]string{},
	}
	for n := range replicas + 1 {
		g.nodes = append(g.nodes, g.member(n+1))
	}
	g.primary = g.nodes[0]
	return g
}

// member is the id that the control plane gives the n-th node, counted from 1.
func (g *subject) member(n int) string { return fmt.Sprintf("%s-%03d", g.id, n) }

// once makes an SDK client that does not hide a failed call by repeating it.
func once(o *elasticache.Options) { o.RetryMaxAttempts = 1 }

func (g *subject) t() testing.TB { return g.TB }

// client is the client of the control plane that runs now.
func (g *subject) client() *client.Client {
	if g.url != g.URL {
		g.api, g.url = g.Client(), g.URL
	}
	return g.api
}

// token makes a token that a failing test may print.
func tokenOf(name string, n int) string { return fmt.Sprintf("%s-token-%032d", name, n) }

func (g *subject) create(authToken string) error {
	in := &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &g.id, CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("under test"), Engine: &g.engine,
		NumCacheClusters: aws.Int32(int32(len(g.nodes))), TransitEncryptionEnabled: &g.tls, AutomaticFailoverEnabled: &g.automatic,
	}
	if authToken != "" {
		in.AuthToken = &authToken
	}
	_, err := g.client().ElastiCache.CreateReplicationGroup(context.Background(), in, once)
	return err
}

func (g *subject) modify(strategy types.AuthTokenUpdateStrategyType, authToken string) error {
	_, err := g.client().ElastiCache.ModifyReplicationGroup(context.Background(), &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.id, AuthToken: &authToken, AuthTokenUpdateStrategy: strategy, ApplyImmediately: aws.Bool(true),
	}, once)
	return err
}

func (g *subject) reboot(node string) error {
	_, err := g.client().ElastiCache.RebootCacheCluster(context.Background(), &elasticache.RebootCacheClusterInput{
		CacheClusterId: &node, CacheNodeIdsToReboot: []string{"0001"},
	}, once)
	return err
}

func (g *subject) delete() error {
	_, err := g.client().ElastiCache.DeleteReplicationGroup(context.Background(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id}, once)
	return err
}

// node is the id of the n-th member; the first was created as the primary.
func (g *subject) node(n int) string { return g.nodes[n] }

// access is what the store says of the group; ok is false when there is none.
func (g *subject) access() (access own.Access, ok bool, err error) {
	access, err = g.client().Access(context.Background(), g.id)
	if client.IsCode(err, "ReplicationGroupNotFoundFault") {
		return access, false, nil
	}
	return access, err == nil, err
}

// isSettled reports whether the group and all of its nodes are available.
func (g *subject) isSettled() (bool, error) {
	access, ok, err := g.access()
	if !ok {
		return false, err
	}
	g.address[primaryEndpoint], g.address[readerEndpoint] = access.PrimaryEndpoint, access.ReaderEndpoint
	if access.Failover != nil {
		return false, fmt.Errorf("a failover is %s", access.Failover.Status)
	}
	for _, n := range access.Nodes {
		g.address[n.CacheClusterId] = n.Address + ":6379"
		if n.Status != "available" {
			return false, fmt.Errorf("%s is %s", n.CacheClusterId, n.Status)
		}
	}
	return access.Status == "available", fmt.Errorf("group is %s", access.Status)
}

// pids are the processes of the group's nodes by node id.
func (g *subject) pids() map[string]int {
	found := map[string]int{}
	for name, pid := range g.Nodes() {
		id, _, _ := strings.Cut(name, ".")
		if slices.Contains(g.nodes, id) {
			found[id] = pid
		}
	}
	return found
}

// wantPIDs checks that no process was replaced, but for those of some nodes.
func (g *subject) wantPIDs(before map[string]int, but ...string) {
	g.t().Helper()
	for id, pid := range g.pids() {
		if replaced := before[id] != pid; replaced != slices.Contains(but, id) {
			g.t().Errorf("%s: process was %d and is %d", id, before[id], pid)
		}
	}
}

// dirOf is a node's directory, or "" if there is none.
func (g *subject) dirOf(node string) string {
	found, _ := filepath.Glob(filepath.Join(g.Dir, "nodes", node+".*"))
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

func (g *subject) pool() *x509.CertPool {
	if !g.tls {
		return nil
	}
	return g.CA()
}

// connect opens a connection to a node or an endpoint with the newest credential.
func (g *subject) connect(node string) *rawClient {
	g.t().Helper()
	c, err := g.tryConnect(node)
	if err != nil {
		g.t().Fatal(err)
	}
	return c
}

// tryConnect is connect to an address that may be on its way from one node to another.
func (g *subject) tryConnect(node string) (*rawClient, error) {
	c, err := dialRaw(g.address[node], g.pool())
	if err == nil {
		err = c.login(g.newest())
	}
	if err != nil {
		return nil, fmt.Errorf("log in to %s: %w", node, err)
	}
	return c, nil
}

func (g *subject) newest() string { return g.tokens[len(g.tokens)-1] }

// write stores a key through the primary, and returns when every replica has it.
func (g *subject) write(key string) {
	g.t().Helper()
	c := g.connect(g.primary)
	defer c.Close()
	if _, err := c.do("SET", key, "v"); err != nil {
		g.t().Fatalf("write %s: %v", key, err)
	}
	g.written[key]++
	replicas := strconv.Itoa(len(g.nodes) - 1)
	if reached, err := c.do("WAIT", replicas, "10000"); err != nil || reached != replicas {
		g.t().Fatalf("%s reached %s of %s replicas (%v)", key, reached, replicas, err)
	}
}

// held are connections that must survive what happens to the control plane.
type held map[string]*rawClient

func (g *subject) hold() held {
	g.t().Helper()
	connections := held{}
	for _, id := range g.nodes {
		connections[id] = g.connect(id)
	}
	return connections
}

// check asks each connection whose node was not meant to end.
func (h held) check(tb testing.TB, ended ...string) {
	tb.Helper()
	for id, c := range h {
		if !slices.Contains(ended, id) {
			if _, err := c.do("PING"); err != nil {
				tb.Errorf("connection to %s, opened before: %v", id, err)
			}
		}
		c.Close()
	}
}

// await polls until done reports true; slower than harness.Await, because many lives
// wait at once.
func (g *subject) await(what string, done func() (bool, error)) {
	g.t().Helper()
	deadline := time.Now().Add(settleLimit)
	for {
		ok, err := done()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			g.t().Fatalf("%s: not after %s (last error: %v)", what, settleLimit, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// awaitSettled waits until the group is at rest, whatever happened before.
func (g *subject) awaitSettled() {
	g.t().Helper()
	g.await(g.id+" to settle", g.isSettled)
}

func (g *subject) awaitGone() {
	g.t().Helper()
	g.await(g.id+" to be gone", func() (bool, error) {
		access, ok, err := g.access()
		return !ok && err == nil, errors.Join(err, fmt.Errorf("it is %s", access.Status))
	})
}
