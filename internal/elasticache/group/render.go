package group

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// replicationGroup renders a group as the API shows it. Terraform replaces a group
// whose answer lacks PrimaryEndpoint, MemberClusters or Engine.
func (h Handlers) render(g *replication.Group) types.ReplicationGroup {
	out := types.ReplicationGroup{
		ARN:                        h.ARN(cache.ResourceReplicationGroup, g.ID),
		AtRestEncryptionEnabled:    aws.Bool(g.AtRestEncryption),
		AuthTokenEnabled:           aws.Bool(len(g.Tokens.Tokens()) > 0),
		AutoMinorVersionUpgrade:    aws.Bool(g.AutoMinorVersionUpgrade),
		AutomaticFailover:          automaticFailover(g),
		CacheNodeType:              aws.String(g.NodeType),
		ClusterEnabled:             aws.Bool(false),
		ClusterMode:                types.ClusterModeDisabled,
		DataTiering:                types.DataTieringStatusDisabled,
		Description:                aws.String(g.Description),
		Durability:                 types.DurabilityDefault, // controllers take it into their own state, and ask forever where it is absent
		EffectiveDurability:        types.EffectiveDurabilityDisabled,
		Engine:                     aws.String(string(g.Asked().Engine)),
		GlobalReplicationGroupInfo: &types.GlobalReplicationGroupInfo{}, // is shown empty
		IpDiscovery:                act.Discovery(g),
		LogDeliveryConfigurations:  []types.LogDeliveryConfiguration{},
		MultiAZ:                    multiAZ(g),
		NetworkType:                act.NetworkType(g),
		PendingModifiedValues:      pendingValues(g),
		ReplicationGroupCreateTime: aws.Time(g.CreatedAt),
		ReplicationGroupId:         aws.String(g.ID),
		SnapshotRetentionLimit:     aws.Int32(0),
		SnapshotWindow:             aws.String(g.SnapshotWindow),
		Status:                     aws.String(string(g.Status)),
		TransitEncryptionEnabled:   aws.Bool(g.TransitInForce().TLS()),
		TransitEncryptionMode:      act.TransitMode(g),
	}
	if g.DataKey != nil && g.DataKey.KMSKeyID != "" {
		out.KmsKeyId = &g.DataKey.KMSKeyID
	}
	if in := g.UserGroupInForce(); in != "" {
		out.UserGroupIds = []string{in}
	}
	if !g.TokensModifiedAt.IsZero() {
		out.AuthTokenLastModifiedDate = aws.Time(g.TokensModifiedAt)
	}
	if g.Status != cache.StatusCreating {
		for i := range g.Shards {
			out.NodeGroups = append(out.NodeGroups, h.nodeGroup(g, &g.Shards[i]))
		}
	}
	for _, node := range g.Nodes() {
		out.MemberClusters = append(out.MemberClusters, node.ID)
	}
	return out
}

func (h Handlers) nodeGroup(g *replication.Group, shard *replication.Shard) types.NodeGroup {
	out := types.NodeGroup{NodeGroupId: aws.String(shard.ID), Status: aws.String(string(g.Status))}
	if ready(g) {
		out.PrimaryEndpoint = h.Endpoint(g, g.Shown(shard.PrimaryEndpoint, shard.PrimaryEndpoint6))
		out.ReaderEndpoint = h.Endpoint(g, g.Shown(shard.ReaderEndpoint, shard.ReaderEndpoint6))
	}
	for i := range shard.Nodes {
		node := &shard.Nodes[i]
		role := "replica"
		if node.ID == shard.PrimaryID {
			role = "primary"
		}
		member := types.NodeGroupMember{
			CacheClusterId: aws.String(node.ID), CacheNodeId: aws.String(cache.CacheNodeID),
			CurrentRole: aws.String(role), PreferredAvailabilityZone: aws.String(node.Zone),
		}
		if ready(g) && node.Status != cache.StatusCreating {
			member.ReadEndpoint = h.Endpoint(g, g.Shown(node.Address, node.Address6))
		}
		out.NodeGroupMembers = append(out.NodeGroupMembers, member)
	}
	return out
}

// ready reports whether the group's addresses answer, or did once.
func ready(g *replication.Group) bool {
	return g.Status != cache.StatusCreating && g.Status != cache.StatusCreateFailed
}

func pendingValues(g *replication.Group) *types.ReplicationGroupPendingModifiedValues {
	pending := &types.ReplicationGroupPendingModifiedValues{AuthTokenStatus: act.TokenStatus(g)}
	pending.UserGroups = pendingUsers(g)
	pending.TransitEncryptionEnabled, pending.TransitEncryptionMode = act.PendingTransit(g)
	if f := g.Shards[0].Failover; f != nil && f.Cause == replication.CausePromote && f.Pending() {
		pending.PrimaryClusterId = aws.String(f.To)
	}
	return pending
}

// pendingUsers are the user groups that a change on its way to the nodes adds and removes; nil: none is.
func pendingUsers(g *replication.Group) *types.UserGroupsUpdateStatus {
	if g.UserGroupFrom == nil {
		return nil
	}
	out := &types.UserGroupsUpdateStatus{}
	if g.UserGroup != "" {
		out.UserGroupIdsToAdd = []string{g.UserGroup}
	}
	if from := *g.UserGroupFrom; from != "" {
		out.UserGroupIdsToRemove = []string{from}
	}
	return out
}

func automaticFailover(g *replication.Group) types.AutomaticFailoverStatus {
	switch {
	case g.AutomaticFailover && g.Status == cache.StatusCreating:
		return types.AutomaticFailoverStatusEnabling
	case g.AutomaticFailover:
		return types.AutomaticFailoverStatusEnabled
	}
	return types.AutomaticFailoverStatusDisabled
}

func multiAZ(g *replication.Group) types.MultiAZStatus {
	if g.MultiAZ {
		return types.MultiAZStatusEnabled
	}
	return types.MultiAZStatusDisabled
}
