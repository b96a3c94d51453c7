package load

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

// pollEvery is how often Describe is asked what has become of a change: seldom enough not to take what the change needs.
const pollEvery = 5 * time.Millisecond

// changeTimeout bounds a change of a group.
const changeTimeout = time.Minute

// NodeType is what groups are created with.
const NodeType = "cache.t3.small"

// Group is a replication group, as its clients and its administrator see it.
type Group struct {
	ID     string
	Nodes  []string // host:port of each node, the primary first
	Reader string   // host:port of the reader endpoint
	api    *elasticache.Client
	ca     *x509.CertPool
}

// Spec is what a group is created from.
type Spec struct {
	ID       string
	Engine   string
	Replicas int
	Token    string // empty: none
	// Mode is that of encryption in transit; empty: the group has no TLS.
	Mode types.TransitEncryptionMode
	// ParameterGroup is the name of its parameter group; empty: the default one.
	ParameterGroup string
}

// Create creates a group and returns when it reads available.
func Create(ctx context.Context, api *elasticache.Client, ca *x509.CertPool, spec Spec) (*Group, error) {
	in := &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &spec.ID, ReplicationGroupDescription: aws.String("load"), Engine: &spec.Engine,
		CacheNodeType: aws.String(NodeType), NumCacheClusters: aws.Int32(int32(spec.Replicas + 1)),
		TransitEncryptionEnabled: aws.Bool(spec.Mode != ""), TransitEncryptionMode: spec.Mode,
	}
	if spec.Token != "" {
		in.AuthToken = &spec.Token
	}
	if spec.ParameterGroup != "" {
		in.CacheParameterGroupName = &spec.ParameterGroup
	}
	if _, err := api.CreateReplicationGroup(ctx, in); err != nil {
		return nil, fmt.Errorf("create group: %w", err)
	}
	g := &Group{ID: spec.ID, api: api, ca: ca}
	described, err := g.awaitAvailable(ctx)
	if err != nil {
		return nil, fmt.Errorf("create group: %w", err)
	}
	g.Reader = HostPort(described.NodeGroups[0].ReaderEndpoint)
	for _, member := range described.NodeGroups[0].NodeGroupMembers {
		at := HostPort(member.ReadEndpoint)
		if aws.ToString(member.CurrentRole) == "primary" {
			g.Nodes = append([]string{at}, g.Nodes...)
		} else {
			g.Nodes = append(g.Nodes, at)
		}
	}
	return g, nil
}

// HostPort is an endpoint as clients are given it.
func HostPort(e *types.Endpoint) string {
	return net.JoinHostPort(aws.ToString(e.Address), strconv.Itoa(int(aws.ToInt32(e.Port))))
}

// Change calls ModifyReplicationGroup with a token and a strategy, and returns how
// long it took from the call until Describe read available.
func (g *Group) Change(ctx context.Context, strategy types.AuthTokenUpdateStrategyType, token string) (time.Duration, error) {
	began := time.Now()
	_, err := g.api.ModifyReplicationGroup(ctx, &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.ID, AuthToken: &token, AuthTokenUpdateStrategy: strategy, ApplyImmediately: aws.Bool(true),
	})
	if err == nil {
		_, err = g.awaitAvailable(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", strategy, err)
	}
	return time.Since(began), nil
}

// SetTransit calls ModifyReplicationGroup with a mode of encryption in transit, and returns how long it took from the call until
// Describe read available.
func (g *Group) SetTransit(ctx context.Context, mode types.TransitEncryptionMode) (time.Duration, error) {
	began := time.Now()
	_, err := g.api.ModifyReplicationGroup(ctx, &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.ID, TransitEncryptionEnabled: aws.Bool(true), TransitEncryptionMode: mode, ApplyImmediately: aws.Bool(true),
	})
	if err == nil {
		_, err = g.awaitAvailable(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("mode %s: %w", mode, err)
	}
	return time.Since(began), nil
}

// SetSecurityGroups has the group name security groups, and returns when Describe reads available.
func (g *Group) SetSecurityGroups(ctx context.Context, ids ...string) error {
	_, err := g.api.ModifyReplicationGroup(ctx, &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.ID, SecurityGroupIds: ids})
	if err == nil {
		_, err = g.awaitAvailable(ctx)
	}
	return err
}

// AddUserGroup has the users of a user group log in to the group, and waits until all nodes let them in.
func (g *Group) AddUserGroup(ctx context.Context, id string) error {
	_, err := g.api.ModifyReplicationGroup(ctx, &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.ID, ApplyImmediately: aws.Bool(true), UserGroupIdsToAdd: []string{id},
	})
	if err != nil {
		return fmt.Errorf("add user group: %w", err)
	}
	_, err = g.awaitAvailable(ctx)
	return err
}

// Delete deletes the group and returns when it is gone.
func (g *Group) Delete(ctx context.Context) error {
	_, err := g.api.DeleteReplicationGroup(ctx, &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.ID})
	for deadline := time.Now().Add(changeTimeout); err == nil && time.Now().Before(deadline); {
		_, err = g.describe(ctx)
		time.Sleep(pollEvery)
	}
	gone := new(types.ReplicationGroupNotFoundFault)
	switch {
	case errors.As(err, &gone):
		return nil
	case err == nil:
		return fmt.Errorf("delete group: it is still there after %s", changeTimeout)
	}
	return fmt.Errorf("delete group: %w", err)
}

func (g *Group) awaitAvailable(ctx context.Context) (types.ReplicationGroup, error) {
	for deadline := time.Now().Add(changeTimeout); ; {
		described, err := g.describe(ctx)
		if err != nil {
			return types.ReplicationGroup{}, err
		}
		switch status := aws.ToString(described.Status); {
		case status == "available":
			return described, nil
		case status == "create-failed":
			return types.ReplicationGroup{}, errors.New("group reads create-failed")
		case time.Now().After(deadline):
			return types.ReplicationGroup{}, fmt.Errorf("group still reads %s after %s", status, changeTimeout)
		}
		time.Sleep(pollEvery)
	}
}

func (g *Group) describe(ctx context.Context) (types.ReplicationGroup, error) {
	out, err := g.api.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &g.ID})
	if err != nil {
		return types.ReplicationGroup{}, err
	}
	return out.ReplicationGroups[0], nil
}

// TLS is how a client of one of the nodes connects. Nothing is resumed: there is no
// session cache. The one curve is what an engine would choose anyway; key shares for
// others would only cost the clients' side of the machine.
func (g *Group) TLS(node string) *tls.Config {
	host, _, _ := net.SplitHostPort(node)
	return &tls.Config{RootCAs: g.ca, ServerName: host, MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.X25519}}
}
