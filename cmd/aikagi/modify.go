package main

import (
	"context"
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/client"
)

// modifyCommand has the parameters of ModifyReplicationGroup that people use, and the count of
// replicas, for which the API has two actions of its own.
type modifyCommand struct {
	groupFlags
	outputFlag
	waitFlags

	ReplicationGroupDescription *string  `name:"replication-group-description" aliases:"description" help:"What it is for." placeholder:"TEXT"`
	NewReplicaCount             *int32   `help:"How many replicas it should have, 0 to 5. Cannot be combined with other changes." placeholder:"N"`
	AutomaticFailoverEnabled    *bool    `help:"Replace a lost primary with a replica." negatable:""`
	MultiAZEnabled              *bool    `name:"multi-az-enabled" help:"Spread the nodes over zones." negatable:""`
	PrimaryClusterId            string   `name:"primary-cluster-id" help:"Node to make the primary." placeholder:"NODE"`
	CacheNodeType               string   `help:"Node type, which sets the memory limit." placeholder:"TYPE"`
	EngineVersion               string   `help:"Version of the engine." placeholder:"VERSION"`
	CacheParameterGroupName     string   `help:"Parameter group." placeholder:"NAME"`
	PreferredMaintenanceWindow  string   `help:"When scheduled work is done, in UTC." placeholder:"ddd:hh:mm-ddd:hh:mm"`
	SecurityGroupIDs            []string `name:"security-group-ids" help:"Security groups, by id or name, of which one has to let a client in, instead of those that it has." placeholder:"sg-…"`
	TransitEncryptionEnabled    *bool    `help:"Encrypt connections with TLS. Needs --transit-encryption-mode preferred where it is off." negatable:""`
	TransitEncryptionMode       string   `help:"preferred: accept TLS and plaintext; required: accept TLS only. aikagi tls usage shows who still connects in plaintext." placeholder:"MODE" enum:"preferred,required," default:""`
	AuthTokenUpdateStrategy     string   `help:"ROTATE: accept another token as well; SET: accept only this one; DELETE: accept none, but the users of a group. The token is taken from AIKAGI_AUTH_TOKEN, asked for on the terminal, or read from standard input. aikagi token rotate does both, safely." placeholder:"STRATEGY" enum:"ROTATE,SET,DELETE," default:""`
	UserGroupIDsToAdd           []string `name:"user-group-ids-to-add" help:"User group whose users log in from now on." placeholder:"ID"`
	UserGroupIDsToRemove        []string `name:"user-group-ids-to-remove" help:"User group whose users no longer log in." placeholder:"ID"`
	RemoveUserGroups            bool     `env:"-" help:"Let no users log in any more; with SET, a token takes their place."`
	ApplyImmediately            bool     `help:"Apply the change now, not in the maintenance window." default:"true" negatable:""`
}

// Help has examples.
func (modifyCommand) Help() string {
	return `The flags have the names of ModifyReplicationGroup's parameters. For parameters that have no flag here, use
aws elasticache modify-replication-group. Only what you give is changed.

Examples:

  aikagi modify shop --new-replica-count 2
  aikagi modify shop --automatic-failover-enabled --multi-az-enabled
  aikagi modify shop --transit-encryption-enabled --transit-encryption-mode preferred
  aikagi modify shop --auth-token-update-strategy ROTATE
  aikagi modify shop --auth-token-update-strategy DELETE --user-group-ids-to-add shop-users

Exit codes: 0 done, or accepted with --no-wait; 1 refused or failed; 2 interrupted or timed out, while the change goes on.`
}

// Run changes a group and waits until it is available again.
func (c *modifyCommand) Run(ctx context.Context) error {
	in := c.input()
	changes := c.changes(in)
	switch {
	case !changes && c.NewReplicaCount == nil:
		return errors.New("say what to change; see aikagi modify --help")
	case changes && c.NewReplicaCount != nil:
		return errors.New("--new-replica-count cannot be combined with other changes: do one after the other")
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	if c.NewReplicaCount != nil {
		err = c.scale(ctx, api)
	} else {
		err = c.modify(ctx, api, in)
	}
	if err != nil {
		return err
	}
	return settle(ctx, os.Stdout, api, c.Group, c.waitFlags, c.outputFlag)
}

func (c *modifyCommand) modify(ctx context.Context, api *client.Client, in *elasticache.ModifyReplicationGroupInput) (err error) {
	if in.SecurityGroupIds, err = api.SecurityGroupIDs(ctx, c.SecurityGroupIDs); err != nil {
		return err
	}
	in.AuthTokenUpdateStrategy = types.AuthTokenUpdateStrategyType(c.AuthTokenUpdateStrategy)
	if in.AuthTokenUpdateStrategy != "" && in.AuthTokenUpdateStrategy != types.AuthTokenUpdateStrategyTypeDelete {
		token, err := askToken(ctx, tokenVariable)
		if err != nil {
			return err
		}
		in.AuthToken = &token
	}
	_, err = api.ElastiCache.ModifyReplicationGroup(ctx, in)
	return err
}

// scale asks for more replicas or for fewer, which are two actions.
func (c *modifyCommand) scale(ctx context.Context, api *client.Client) error {
	access, err := api.Access(ctx, c.Group)
	if err != nil {
		return err
	}
	if int(*c.NewReplicaCount) >= len(access.Nodes) {
		_, err = api.ElastiCache.IncreaseReplicaCount(ctx, &elasticache.IncreaseReplicaCountInput{
			ReplicationGroupId: &c.Group, NewReplicaCount: c.NewReplicaCount, ApplyImmediately: &c.ApplyImmediately,
		})
		return err
	}
	_, err = api.ElastiCache.DecreaseReplicaCount(ctx, &elasticache.DecreaseReplicaCountInput{
		ReplicationGroupId: &c.Group, NewReplicaCount: c.NewReplicaCount, ApplyImmediately: &c.ApplyImmediately,
	})
	return err
}

func (c *modifyCommand) input() *elasticache.ModifyReplicationGroupInput {
	in := &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &c.Group, ApplyImmediately: &c.ApplyImmediately, ReplicationGroupDescription: c.ReplicationGroupDescription,
		AutomaticFailoverEnabled: c.AutomaticFailoverEnabled, MultiAZEnabled: c.MultiAZEnabled, PrimaryClusterId: given(c.PrimaryClusterId),
		CacheNodeType: given(c.CacheNodeType), EngineVersion: given(c.EngineVersion), CacheParameterGroupName: given(c.CacheParameterGroupName),
		PreferredMaintenanceWindow: given(c.PreferredMaintenanceWindow),
		TransitEncryptionEnabled:   c.TransitEncryptionEnabled, TransitEncryptionMode: types.TransitEncryptionMode(c.TransitEncryptionMode),
		UserGroupIdsToAdd: c.UserGroupIDsToAdd, UserGroupIdsToRemove: c.UserGroupIDsToRemove,
	}
	if c.RemoveUserGroups {
		in.RemoveUserGroups = &c.RemoveUserGroups
	}
	return in
}

// changes reports whether anything but the count of replicas is to change.
func (c *modifyCommand) changes(in *elasticache.ModifyReplicationGroupInput) bool {
	return c.AuthTokenUpdateStrategy != "" || in.ReplicationGroupDescription != nil || in.AutomaticFailoverEnabled != nil || in.MultiAZEnabled != nil ||
		in.PrimaryClusterId != nil || in.CacheNodeType != nil || in.EngineVersion != nil || in.CacheParameterGroupName != nil ||
		in.PreferredMaintenanceWindow != nil || len(c.SecurityGroupIDs) > 0 || c.changesUsers() || in.TransitEncryptionEnabled != nil || in.TransitEncryptionMode != ""
}

func (c *modifyCommand) changesUsers() bool {
	return len(c.UserGroupIDsToAdd)+len(c.UserGroupIDsToRemove) > 0 || c.RemoveUserGroups
}
