package integration_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
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
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
)

// settleLimit is how long a group may take to come to rest on a busy machine.
const settleLimit = 60 * time.Second

// subject is a replication group under test, and what it should be by now.
type subject struct {
	*harness.Server
	id       string
	engine   string
	tls      bool
	replicas int
	tokens   []string       // that it accepts, oldest first; "" is a client without one
	retired  []string       // that it accepted once
	written  map[string]int // keys that must be there
	events   map[string]int // how often each kind of event must have been told
	address  map[string]string
	but      string         // a node that loginAllTheTime leaves out
	others   int            // nodes of other groups of the same control plane
	api      *client.Client // of the control plane at url
	url      string
}

func newSubject(s *harness.Server, id, engine string, replicas int, tls bool) *subject {
	return &subject{
		Server: s, id: id, engine: engine, replicas: replicas, tls: tls,
		tokens: []string{""}, written: map[string]int{}, events: map[string]int{}, address: map[string]string{},
	}
}

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
func token(name string, n int) string { return fmt.Sprintf("%s-token-%032d", name, n) }

func (g *subject) create(authToken string) error {
	in := &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &g.id, ReplicationGroupDescription: aws.String("under test"), Engine: &g.engine,
		NumCacheClusters: aws.Int32(int32(g.replicas + 1)), TransitEncryptionEnabled: &g.tls,
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

// node is the id of the n-th member; the first is the primary.
func (g *subject) node(n int) string { return fmt.Sprintf("%s-%03d", g.id, n+1) }

func (g *subject) nodeIDs() []string {
	var ids []string
	for n := range g.replicas + 1 {
		ids = append(ids, g.node(n))
	}
	return ids
}

// access is what the store says of the group; ok is false when there is none.
func (g *subject) access() (access client.Access, ok bool, err error) {
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
	for _, n := range access.Nodes {
		g.address[n.CacheClusterID] = n.Address + ":6379"
		if n.Status != "available" {
			return false, fmt.Errorf("%s is %s", n.CacheClusterID, n.Status)
		}
	}
	return access.Status == "available", fmt.Errorf("group is %s", access.Status)
}

// pids are the processes of the group's nodes by node id.
func (g *subject) pids() map[string]int {
	found := map[string]int{}
	for name, pid := range g.Nodes() {
		id, _, _ := strings.Cut(name, ".")
		if slices.Contains(g.nodeIDs(), id) {
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

// connect opens a connection to a node with the newest credential.
func (g *subject) connect(node string) *rawClient {
	g.t().Helper()
	c, err := dialRaw(g.address[node], g.pool())
	if err == nil {
		err = c.login(g.newest())
	}
	if err != nil {
		g.t().Fatalf("log in to %s: %v", node, err)
	}
	return c
}

func (g *subject) newest() string { return g.tokens[len(g.tokens)-1] }

// write stores a key through the primary, and returns when every replica has it.
func (g *subject) write(key string) {
	g.t().Helper()
	c := g.connect(g.node(0))
	defer c.Close()
	if _, err := c.do("SET", key, "v"); err != nil {
		g.t().Fatalf("write %s: %v", key, err)
	}
	g.written[key]++
	reached, err := c.do("WAIT", strconv.Itoa(g.replicas), "10000")
	if err != nil || reached != strconv.Itoa(g.replicas) {
		g.t().Fatalf("%s reached %s of %d replicas (%v)", key, reached, g.replicas, err)
	}
}

// held are connections that must survive what happens to the control plane.
type held map[string]*rawClient

func (g *subject) hold() held {
	g.t().Helper()
	connections := held{}
	for _, id := range g.nodeIDs() {
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

// verify looks at everything that can be seen from outside of a group at rest.
func (g *subject) verify() {
	g.t().Helper()
	g.verifyStore()
	for _, id := range g.nodeIDs() {
		g.verifyLogins(id)
		g.verifyNode(id)
	}
	g.verifyFiles(g.replicas + 1 + g.others)
	g.verifyEvents()
}

func (g *subject) verifyStore() {
	g.t().Helper()
	access, ok, err := g.access()
	if !ok {
		g.t().Fatalf("group is gone (%v)", err)
	}
	var have, want []string
	for _, c := range access.Credentials {
		have = append(have, c.Fingerprint)
	}
	for _, t := range g.tokens {
		want = append(want, fingerprint(t))
	}
	if !slices.Equal(have, want) {
		g.t().Errorf("store holds the credentials %v, want %v", have, want)
	}
}

func fingerprint(authToken string) string {
	if authToken == "" {
		return "NONE"
	}
	t, err := cache.ParseToken(authToken)
	if err != nil {
		panic(err)
	}
	return t.Digest().Fingerprint()
}

// verifyLogins tries who must get in, who must not any more, and who never might.
func (g *subject) verifyLogins(node string) {
	g.t().Helper()
	tries := map[string]bool{"": false, token("wrong", 0): false}
	for _, t := range g.retired {
		tries[t] = false
	}
	for _, t := range g.tokens {
		tries[t] = true
	}
	for t, want := range tries {
		if got, err := tryLogin(g.address[node], g.pool(), t); err != nil || got != want {
			g.t().Errorf("%s: login with token %q accepted: %t (%v), want %t", node, t, got, err, want)
		}
	}
}

func (g *subject) verifyNode(node string) {
	g.t().Helper()
	c := g.connect(node)
	defer c.Close()
	info, err := c.do("INFO", "replication")
	if err != nil {
		g.t().Errorf("%s: INFO: %v", node, err)
	}
	wantRole, wantLink := "master", ""
	if node != g.node(0) {
		wantRole, wantLink = "slave", "up"
	}
	if role, link := field(info, "role"), field(info, "master_link_status"); role != wantRole || link != wantLink {
		g.t().Errorf("%s is a %s with link %q, want %s %q", node, role, link, wantRole, wantLink)
	}
	for key := range g.written {
		if value, err := c.do("GET", key); value != "v" {
			g.t().Errorf("%s: key %s is %q (%v)", node, key, value, err)
		}
	}
}

// verifyFiles checks that there is one process and one directory for each node, and
// nothing that somebody meant to remove.
func (g *subject) verifyFiles(nodes int) {
	g.t().Helper()
	running := leaders(g.Dir)
	entries, err := os.ReadDir(filepath.Join(g.Dir, "nodes"))
	if err != nil {
		g.t().Fatal(err)
	}
	if len(entries) != nodes || len(running) != nodes {
		g.t().Errorf("%d directories and processes in %v, want %d of each", len(entries), running, nodes)
	}
	for name, pids := range running {
		if len(pids) != 1 {
			g.t().Errorf("processes %v run in %s", pids, name)
		}
	}
	_ = filepath.WalkDir(g.Dir, func(path string, _ fs.DirEntry, err error) error {
		name := filepath.Base(path)
		if err == nil && (strings.Contains(name, ".tmp-") || name == ".install" || strings.HasPrefix(name, ".removed-")) {
			g.t().Errorf("%s was left behind", path)
		}
		return nil
	})
}

// leaders lists every process that leads a node, several for one node too.
func leaders(dataDir string) map[string][]int {
	found := map[string][]int{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		link, _ := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		name, ours := strings.CutPrefix(link, filepath.Join(dataDir, "nodes")+"/")
		stat, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "stat"))
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if ours && len(fields) > 3 && fields[0] != "Z" && fields[3] == e.Name() {
			found[name] = append(found[name], pid)
		}
	}
	return found
}

// messages are the texts of all events of the group and its nodes, in order.
func (g *subject) messages() []string {
	g.t().Helper()
	var all []string
	pages := elasticache.NewDescribeEventsPaginator(g.client().ElastiCache, &elasticache.DescribeEventsInput{Duration: aws.Int32(14 * 24 * 60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			g.t().Fatal(err)
		}
		for _, e := range page.Events {
			all = append(all, aws.ToString(e.SourceIdentifier)+": "+aws.ToString(e.Message))
		}
	}
	return all
}

// verifyEvents compares how often each thing was told with how often it happened.
func (g *subject) verifyEvents() {
	g.t().Helper()
	all := strings.Join(g.messages(), "\n")
	for _, part := range slices.Sorted(maps.Keys(g.events)) {
		if count := strings.Count(all, part); count != g.events[part] {
			g.t().Errorf("%d events say %q, want %d; all events:\n%s", count, part, g.events[part], all)
		}
	}
}

// verifyGone checks that nothing is left of a deleted group.
func (g *subject) verifyGone() {
	g.t().Helper()
	if _, ok, err := g.access(); ok || err != nil {
		g.t().Errorf("group is still there (%v)", err)
	}
	g.verifyFiles(0)
	g.verifyEvents()
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
