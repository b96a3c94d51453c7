package elasticache

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

func (a *API) modifyReplicationGroup(ctx context.Context, in *sdk.ModifyReplicationGroupInput) (*sdk.ModifyReplicationGroupOutput, error) {
	token, err := parseToken(in.AuthToken)
	if err != nil {
		return nil, err
	}
	change := replication.Change{
		Description: in.ReplicationGroupDescription, MaintenanceWindow: in.PreferredMaintenanceWindow,
		SnapshotWindow: in.SnapshotWindow, AutoMinorUpgrade: in.AutoMinorVersionUpgrade, NodeType: in.CacheNodeType,
		AutomaticFailover: in.AutomaticFailoverEnabled, MultiAZ: in.MultiAZEnabled, PrimaryID: in.PrimaryClusterId,
		Immediately: aws.ToBool(in.ApplyImmediately), Token: tokenUpdate(token, in.AuthTokenUpdateStrategy),
	}
	g, err := act.ChangeGroup(ctx, a.groups(), act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) {
		return modify(g, change, a.Now(), checkTransit(g, in), checkEngine(g, in.Engine, in.EngineVersion, in.CacheParameterGroupName))
	}, act.Token(token), act.Question(&change))
	if err != nil {
		return nil, err
	}
	rendered := a.replicationGroup(g)
	return &sdk.ModifyReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}

// modify carries a change out unless faults were found before. The error names those and everything that is wrong with
// the change. But a group that is busy says only that: the rest may be right by the time it is available.
func modify(g *replication.Group, change replication.Change, now time.Time, faults ...error) ([]cache.Event, error) {
	next := *g.Clone()
	events, err := next.Modify(change, now)
	fault := cache.Join(faults...)
	switch {
	case fault == nil && err == nil:
		*g = next
		return events, nil
	case fault == nil, cache.IsKind(err, cache.KindState):
		return nil, err
	case errors.Is(err, cache.ErrNoModification): // tools take it for success
		return nil, fault
	}
	return nil, cache.Join(fault, err)
}

// checkTransit refuses a change of in-transit encryption, in the original's words
// where it refuses it too.
func checkTransit(g *replication.Group, in *sdk.ModifyReplicationGroupInput) error {
	on, mode := in.TransitEncryptionEnabled, in.TransitEncryptionMode
	switch {
	case on == nil && mode == "":
		return nil
	case g.TransitEncryption && len(g.Tokens.Tokens()) > 0:
		return cache.Errorf(cache.KindCombination, "Modification of transit encryption is not supported for access control enabled clusters.")
	case g.TransitEncryption && (on == nil || *on) && mode != types.TransitEncryptionModePreferred:
		return nil // it is what the group has
	case !g.TransitEncryption && (on == nil || !*on) && mode == "":
		return nil
	case !g.TransitEncryption && mode != types.TransitEncryptionModePreferred:
		return cache.Errorf(cache.KindCombination, "Direct transition from transit-encryption-disabled to transit-encryption-enabled "+
			"is not allowed. Update the cluster to transit-encryption-mode preferred prior to enabling transit encryption.")
	}
	return cache.Errorf(cache.KindNotImplemented, "aikagi cannot change in-transit encryption of a group yet. Create a group with TransitEncryptionEnabled=true.")
}

// checkEngine lets through what names the engine that the group has.
func checkEngine(g *replication.Group, engine, version, parameterGroup *string) error {
	if e := aws.ToString(engine); e != "" && !strings.EqualFold(e, string(g.Engine)) {
		return cache.Errorf(cache.KindNotImplemented, "aikagi cannot change the engine of a group yet.")
	}
	v := aws.ToString(version)
	if err := cache.CheckVersionSpelling(g.Engine, v); err != nil {
		return err
	}
	if _, err := cache.ResolveVersion([]cache.EngineVersion{g.Version()}, g.Engine, v); err != nil {
		return cache.Errorf(cache.KindNotImplemented, "aikagi cannot change the engine version of a group yet. It has %s %s.", g.Engine, g.Version().Release())
	}
	return cache.CheckParameterGroup(aws.ToString(parameterGroup), g.Version())
}

func (a *API) modifyCacheCluster(ctx context.Context, in *sdk.ModifyCacheClusterInput) (*sdk.ModifyCacheClusterOutput, error) {
	if in.NumCacheNodes != nil && *in.NumCacheNodes != 1 {
		return nil, cache.Errorf(cache.KindInvalid, "The parameter NumCacheNodes must be 1 for engine redis.")
	}
	id := act.Lower(in.CacheClusterId)
	g, err := act.ChangeGroup(ctx, a.groups(), act.GroupOf(id), func(g *replication.Group) ([]cache.Event, error) {
		if !g.Standalone {
			return nil, memberRefusal(id, g, "modify")
		}
		change := replication.Change{
			MaintenanceWindow: in.PreferredMaintenanceWindow, SnapshotWindow: in.SnapshotWindow,
			AutoMinorUpgrade: in.AutoMinorVersionUpgrade, NodeType: in.CacheNodeType, Immediately: aws.ToBool(in.ApplyImmediately),
		}
		return modify(g, change, a.Now(), checkEngine(g, in.Engine, in.EngineVersion, in.CacheParameterGroupName))
	})
	if err != nil {
		return nil, err
	}
	rendered := a.cacheCluster(g, g.Node(id), false)
	return &sdk.ModifyCacheClusterOutput{CacheCluster: &rendered}, nil
}

func memberRefusal(id string, g *replication.Group, verb string) error {
	return cache.Errorf(cache.KindCombination, "Cache cluster %s is part of replication group %s; %s the replication group instead.", id, g.ID, verb)
}
