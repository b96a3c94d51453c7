package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/client"
)

// createCommand has the parameters of CreateReplicationGroup that people use; all of them are
// there for the AWS CLI.
type createCommand struct {
	clientFlags
	outputFlag
	waitFlags
	Group string `arg:"" help:"Name of the new replication group."`

	ReplicationGroupDescription string            `name:"replication-group-description" aliases:"description" help:"What it is for. Default: its name." placeholder:"TEXT"`
	Engine                      string            `help:"valkey or redis. Default: redis if it is installed, else valkey." placeholder:"NAME"`
	EngineVersion               string            `help:"Version of the engine. Default: the newest that is installed." placeholder:"VERSION"`
	CacheNodeType               string            `help:"Node type, which sets the memory limit." default:"${node_type}" placeholder:"TYPE"`
	NumCacheClusters            int32             `help:"How many nodes: a primary and up to five replicas." default:"1"`
	AutomaticFailoverEnabled    *bool             `help:"Replace a lost primary with a replica. Default: yes, if there is one." negatable:""`
	MultiAZEnabled              bool              `name:"multi-az-enabled" help:"Spread the nodes over zones."`
	TransitEncryptionEnabled    bool              `help:"Encrypt connections with TLS." default:"true" negatable:""`
	TransitEncryptionMode       string            `help:"preferred: accept TLS and plaintext; required: accept TLS only. Default: required." placeholder:"MODE" enum:"preferred,required," default:""`
	AtRestEncryptionEnabled     bool              `help:"Encrypt what the nodes write (docs/encryption.md)."`
	KMSKeyID                    string            `name:"kms-key-id" help:"Key of the key management service that wraps the group's own. Default: the server's master key does." placeholder:"ARN"`
	AuthToken                   bool              `env:"-" help:"Require a token from the start. It is taken from AIKAGI_AUTH_TOKEN, asked for on the terminal, or read from standard input."`
	UserGroupIDs                []string          `name:"user-group-ids" help:"User group whose users log in to it, instead of a token; there can be one." placeholder:"ID"`
	Port                        int32             `help:"Port that clients connect to. Default: 6379." placeholder:"PORT"`
	SecurityGroupIDs            []string          `name:"security-group-ids" help:"Security groups, by id or name, of which one has to let a client in. Default: everybody may connect." placeholder:"sg-…"`
	NetworkType                 string            `help:"Family of its addresses; the server has to be served with some. Default: ipv4, if it has such." placeholder:"ipv4|ipv6|dual_stack"`
	IPDiscovery                 string            `name:"ip-discovery" help:"With dual_stack: which of its addresses are shown. Default: ipv4." placeholder:"ipv4|ipv6"`
	PreferredMaintenanceWindow  string            `help:"When scheduled work is done, in UTC. Default: the service chooses." placeholder:"ddd:hh:mm-ddd:hh:mm"`
	CacheParameterGroupName     string            `help:"Parameter group. Default: the engine version's own." placeholder:"NAME"`
	Tags                        map[string]string `help:"Tags of the group." placeholder:"KEY=VALUE;…"`
}

// tokenVariable holds a token for commands that set one.
const tokenVariable = "AIKAGI_AUTH_TOKEN"

// Help has examples.
func (createCommand) Help() string {
	return `The flags have the names of CreateReplicationGroup's parameters. For parameters that have no flag here, use
aws elasticache create-replication-group. Progress is shown on standard error, the group on standard output.

Examples:

  aikagi create shop
  aikagi create shop --num-cache-clusters 3 --auth-token
  aikagi create shop --engine redis --no-transit-encryption-enabled -o json

Exit codes: 0 available, or accepted with --no-wait; 1 refused or failed; 2 interrupted or timed out, while the creation goes on.`
}

// Run creates a group and waits for it.
func (c *createCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	in := c.input()
	if in.SecurityGroupIds, err = api.SecurityGroupIDs(ctx, c.SecurityGroupIDs); err != nil {
		return err
	}
	if c.AuthToken {
		token, err := askToken(ctx, tokenVariable)
		if err != nil {
			return err
		}
		in.AuthToken = &token
	}
	if _, err := api.ElastiCache.CreateReplicationGroup(ctx, in); err != nil {
		return err
	}
	return settle(ctx, os.Stdout, api, c.Group, c.waitFlags, c.outputFlag)
}

func (c *createCommand) input() *elasticache.CreateReplicationGroupInput {
	failover := c.NumCacheClusters > 1
	if c.AutomaticFailoverEnabled != nil {
		failover = *c.AutomaticFailoverEnabled
	}
	in := &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &c.Group, ReplicationGroupDescription: aws.String(cmp.Or(c.ReplicationGroupDescription, c.Group)),
		Engine: given(c.Engine), EngineVersion: given(c.EngineVersion), CacheNodeType: given(c.CacheNodeType),
		NumCacheClusters: &c.NumCacheClusters, AutomaticFailoverEnabled: &failover, MultiAZEnabled: &c.MultiAZEnabled,
		TransitEncryptionEnabled: &c.TransitEncryptionEnabled, TransitEncryptionMode: types.TransitEncryptionMode(c.TransitEncryptionMode), PreferredMaintenanceWindow: given(c.PreferredMaintenanceWindow),
		CacheParameterGroupName: given(c.CacheParameterGroupName), AtRestEncryptionEnabled: &c.AtRestEncryptionEnabled, KmsKeyId: given(c.KMSKeyID),
		UserGroupIds: c.UserGroupIDs, NetworkType: types.NetworkType(c.NetworkType), IpDiscovery: types.IpDiscovery(c.IPDiscovery),
	}
	if c.Port != 0 {
		in.Port = &c.Port
	}
	for _, key := range slices.Sorted(maps.Keys(c.Tags)) {
		in.Tags = append(in.Tags, types.Tag{Key: aws.String(key), Value: aws.String(c.Tags[key])})
	}
	return in
}

// given is nil for a flag that was left out.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// settle waits until a change is done, if it is to, and shows the group.
func settle(ctx context.Context, to io.Writer, api *client.Client, id string, wait waitFlags, output outputFlag) error {
	if wait.NoWait {
		g, err := api.Group(ctx, id)
		if err != nil {
			return err
		}
		return output.show(to, g, sentence("%s is %s; follow it: aikagi status %[1]s --watch", g.ReplicationGroupId, g.Status))
	}
	g, found, err := wait.await(ctx, api, id)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%s was deleted meanwhile", id)
	}
	return output.show(to, g, sentence("%s is %s at %s; talk to it: aikagi connect %[1]s", g.ReplicationGroupId, g.Status, g.PrimaryEndpoint))
}
