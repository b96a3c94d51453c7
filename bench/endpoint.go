package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
)

// endpointTrio is a group of ours. Its clients know one address, the primary
// endpoint, which follows the role.
type endpointTrio struct {
	server   *harness.Server
	api      *elasticache.Client
	id       string
	endpoint string // host:port
	token    string
	ca       *x509.CertPool
	mature   bool // whether a primary must have lived for a while before it is lost
}

// newEndpointTrio creates a group with TLS and a token. With automatic failover a
// lost primary is replaced; without, PrimaryClusterId may be set, as in the original.
func (s *session) newEndpointTrio(ctx context.Context, server *harness.Server, id string, automatic bool) (*endpointTrio, error) {
	return s.newTrio(ctx, server, groupSpec{id: id, replicas: 2, automatic: automatic})
}

// newTrio creates a group with a token of its own.
func (s *session) newTrio(ctx context.Context, server *harness.Server, spec groupSpec) (*endpointTrio, error) {
	spec.token = rand.Text()
	t := &endpointTrio{server: server, api: server.API(), id: spec.id, token: spec.token, ca: server.CA()}
	if err := s.createGroup(ctx, t.api, spec); err != nil {
		return nil, err
	}
	group, err := t.available(ctx, 5*time.Millisecond)
	if err == nil {
		t.endpoint = load.HostPort(group.NodeGroups[0].PrimaryEndpoint)
	}
	return t, err
}

// available asks so often until the group is available.
func (t *endpointTrio) available(ctx context.Context, every time.Duration) (group types.ReplicationGroup, err error) {
	err = poll(ctx, every, wholeTimeout, t.id+" to be available", func() (err error) {
		if group, err = t.describe(ctx); err == nil && aws.ToString(group.Status) != "available" {
			err = fmt.Errorf("it is %s", aws.ToString(group.Status))
		}
		return err
	})
	return group, err
}

// groupSpec is what a benchmark's group is created from.
type groupSpec struct {
	id        string
	engine    cache.Engine // empty: the session's
	replicas  int
	token     string
	automatic bool // failover
	// what is the control plane's to choose if empty
	version, parameterGroup, window string
}

// createGroup returns when the request was accepted.
func (s *session) createGroup(ctx context.Context, api *elasticache.Client, spec groupSpec) error {
	_, err := api.CreateReplicationGroup(ctx, &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &spec.id, ReplicationGroupDescription: aws.String("bench"), Engine: aws.String(string(cmp.Or(spec.engine, s.engine.Engine))),
		CacheNodeType: aws.String(load.NodeType), NumCacheClusters: aws.Int32(int32(spec.replicas + 1)),
		TransitEncryptionEnabled: aws.Bool(true), AuthToken: &spec.token, AutomaticFailoverEnabled: aws.Bool(spec.automatic),
		EngineVersion: given(spec.version), CacheParameterGroupName: given(spec.parameterGroup), PreferredMaintenanceWindow: given(spec.window),
	})
	if err != nil {
		return fmt.Errorf("create %s: %w", spec.id, err)
	}
	return nil
}

// given is what a request has for a value that may be left out.
func given(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// trust is how a client connects to an address of ours.
func trust(ca *x509.CertPool, at string) *tls.Config {
	host, _, _ := net.SplitHostPort(at)
	return &tls.Config{RootCAs: ca, ServerName: host, MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.X25519}}
}

func (t *endpointTrio) describe(ctx context.Context) (types.ReplicationGroup, error) {
	out, err := t.api.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &t.id}, once)
	if err != nil {
		return types.ReplicationGroup{}, err
	}
	return out.ReplicationGroups[0], nil
}

func (t *endpointTrio) whole(ctx context.Context) error {
	return poll(ctx, 20*time.Millisecond, wholeTimeout, t.id+" to be whole", func() error {
		group, err := t.describe(ctx)
		if err != nil {
			return err
		}
		if status := aws.ToString(group.Status); status != "available" {
			return fmt.Errorf("it is %s", status)
		}
		for _, member := range group.MemberClusters {
			if err := t.nodeAvailable(ctx, member); err != nil {
				return err
			}
		}
		return t.replicasInSync(ctx, len(group.MemberClusters)-1)
	})
}

func (t *endpointTrio) nodeAvailable(ctx context.Context, id string) error {
	out, err := t.api.DescribeCacheClusters(ctx, &elasticache.DescribeCacheClustersInput{CacheClusterId: &id}, once)
	if err != nil {
		return err
	}
	if status := aws.ToString(out.CacheClusters[0].CacheClusterStatus); status != "available" {
		return fmt.Errorf("%s is %s", id, status)
	}
	return nil
}

func (t *endpointTrio) replicasInSync(ctx context.Context, want int) error {
	conn, err := t.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	online, err := replicasOnline(conn)
	if err == nil && online != want {
		err = fmt.Errorf("%d replicas are in sync, want %d", online, want)
	}
	return err
}

// ready waits, where the trio is to lose its primary, until that has lived long enough
// for its end not to be one of a row of crashes, after which nodes are started again
// more and more slowly.
func (t *endpointTrio) ready(ctx context.Context) error {
	if err := t.whole(ctx); err != nil || !t.mature {
		return err
	}
	return poll(ctx, 100*time.Millisecond, wholeTimeout, t.id+" to be ready", func() error {
		pid, err := t.primary(ctx)
		if err != nil {
			return err
		}
		lived, err := age(pid)
		if err == nil && lived < provider.StableAfter+time.Second {
			err = fmt.Errorf("its primary is %s old", lived)
		}
		return err
	})
}

func (t *endpointTrio) primary(ctx context.Context) (int, error) {
	group, err := t.describe(ctx)
	if err != nil {
		return 0, err
	}
	for _, member := range group.NodeGroups[0].NodeGroupMembers {
		if aws.ToString(member.CurrentRole) != "primary" {
			continue
		}
		for node, pid := range t.server.Nodes() {
			if strings.HasPrefix(node, aws.ToString(member.CacheClusterId)+".") {
				return pid, nil
			}
		}
	}
	return 0, fmt.Errorf("%s has no primary that runs", t.id)
}

func (t *endpointTrio) connect(context.Context) (*load.Conn, error) {
	return connectTo(t.endpoint, t.token, trust(t.ca, t.endpoint))
}

func (t *endpointTrio) clients() []string { return []string{tightClient, libraryClient} }

func (t *endpointTrio) writer(client string) writer {
	if client == tightClient {
		return &tight{at: t.endpoint, token: t.token, tls: trust(t.ca, t.endpoint)}
	}
	return library{redis.NewClient(&redis.Options{Addr: t.endpoint, Password: t.token, TLSConfig: trust(t.ca, t.endpoint)})}
}

func (t *endpointTrio) handOver(ctx context.Context) (time.Time, error) {
	group, err := t.describe(ctx)
	if err != nil {
		return time.Time{}, err
	}
	for _, member := range group.NodeGroups[0].NodeGroupMembers {
		if aws.ToString(member.CurrentRole) == "replica" {
			return t.handOverTo(ctx, *member.CacheClusterId)
		}
	}
	return time.Time{}, errors.New("there is no replica to hand over to")
}

func (t *endpointTrio) handOverTo(ctx context.Context, replica string) (time.Time, error) {
	began := time.Now()
	_, err := t.api.ModifyReplicationGroup(ctx, &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &t.id, PrimaryClusterId: &replica, ApplyImmediately: aws.Bool(true),
	}, once)
	if err != nil {
		return began, fmt.Errorf("hand over to %s: %w", replica, err)
	}
	return began, poll(ctx, 25*time.Millisecond, wholeTimeout, "hand over to "+replica, func() error {
		group, err := t.describe(ctx)
		if err != nil {
			return err
		}
		for _, member := range group.NodeGroups[0].NodeGroupMembers {
			if aws.ToString(member.CacheClusterId) == replica && aws.ToString(member.CurrentRole) == "primary" {
				return nil
			}
		}
		return errors.New("it is a replica yet")
	})
}

// bury does nothing: the control plane looks after what was lost.
func (t *endpointTrio) bury(context.Context, int) error { return nil }
