package trial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

const (
	groupID  = "chaos"
	replicas = 2
	port     = ":6379"
)

// group is the replication group of a trial.
type group struct {
	id              string
	token           string
	plane           *plane
	primaryEndpoint string            // host:port
	readerEndpoint  string            // host:port
	nodes           map[string]string // node id to host:port
}

// spec is what a group is created from.
type spec struct {
	id, token, engine string
	replicas          int
	failover          bool // automatic
}

// createGroup creates a group with TLS and a token, and returns when it and
// all of its nodes are available.
func createGroup(ctx context.Context, p *plane, s spec) (*group, error) {
	g := &group{id: s.id, token: s.token, plane: p, nodes: map[string]string{}}
	api, err := p.client()
	if err != nil {
		return nil, err
	}
	// The referee writes to replicas all the time, to notice the first write that a node takes, and would have to connect again for each.
	parameters := s.id + "-parameters"
	if err := load.CreateParameters(ctx, api.ElastiCache, parameters, s.engine, map[string]string{"close-on-replica-write": "no"}); err != nil {
		return nil, err
	}
	_, err = api.ElastiCache.CreateReplicationGroup(ctx, &elasticache.CreateReplicationGroupInput{
		CacheParameterGroupName: &parameters, ReplicationGroupId: &g.id, ReplicationGroupDescription: aws.String("chaos"), Engine: &s.engine,
		CacheNodeType: aws.String("cache.t3.small"), NumCacheClusters: aws.Int32(int32(s.replicas + 1)),
		TransitEncryptionEnabled: aws.Bool(true), AuthToken: &g.token, AutomaticFailoverEnabled: &s.failover,
	})
	if err != nil {
		return nil, fmt.Errorf("create group: %w", err)
	}
	var access own.Access
	err = await(ctx, func() (err error) {
		access, err = g.available(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("create group: %w", err)
	}
	g.primaryEndpoint, g.readerEndpoint = hostPort(access.PrimaryEndpoint), hostPort(access.ReaderEndpoint)
	for _, n := range access.Nodes {
		g.nodes[n.CacheClusterId] = hostPort(n.Address)
	}
	return g, nil
}

func hostPort(address string) string {
	if strings.Contains(address, ":") {
		return address
	}
	return address + port
}

func (g *group) tls() *tls.Config {
	return &tls.Config{RootCAs: g.plane.CA(), MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.X25519}}
}

// available returns what the control plane says of the group when it and all of its
// nodes are available; else what is not.
func (g *group) available(ctx context.Context) (own.Access, error) {
	access, err := g.access(ctx)
	if err != nil {
		return access, err
	}
	if access.Status != "available" {
		return access, fmt.Errorf("group is %s %s", access.Status, access.StatusReason)
	}
	for _, n := range access.Nodes {
		if n.Status != "available" {
			return access, fmt.Errorf("%s is %s", n.CacheClusterId, n.Status)
		}
	}
	return access, nil
}

func (g *group) access(ctx context.Context) (own.Access, error) {
	c, err := g.plane.client()
	if err != nil {
		return own.Access{}, err
	}
	return c.Access(ctx, g.id)
}

// primary is the node that the control plane calls the primary.
func (g *group) primary(ctx context.Context) (string, error) {
	access, err := g.access(ctx)
	for _, n := range access.Nodes {
		if n.Role == "primary" {
			return n.CacheClusterId, err
		}
	}
	return "", errors.Join(err, errors.New("group has no primary"))
}

// replicaIDs are the other nodes.
func (g *group) replicaIDs(primary string) []string {
	var ids []string
	for n := range replicas + 1 {
		if id := fmt.Sprintf("%s-%03d", g.id, n+1); id != primary {
			ids = append(ids, id)
		}
	}
	return ids
}

// pid is the process of a node, 0 if it has none.
func (g *group) pid(node string) int {
	for name, pid := range g.plane.Nodes() {
		if id, _, _ := strings.Cut(name, "."); id == node {
			return pid
		}
	}
	return 0
}

// ask runs fn with a connection to an address.
func (g *group) ask(ctx context.Context, address string, fn func(*conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	c, err := dial(ctx, address, g.tls(), g.token)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	return errors.Join(fn(c), c.Close())
}

// await polls until done returns nil, or the context ends; then its last error counts.
func await(ctx context.Context, done func() error) error {
	for {
		err := done()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
