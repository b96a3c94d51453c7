package cluster

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// render renders one node as the API shows it, with who may connect to it.
func (h Handlers) render(g *replication.Group, node *replication.Node, admission security.Admission, withNodes bool) types.CacheCluster {
	out := types.CacheCluster{
		ARN:                       h.ARN(cache.ResourceCacheCluster, node.ID),
		AtRestEncryptionEnabled:   aws.Bool(g.AtRestEncryption),
		AuthTokenEnabled:          aws.Bool(len(g.Tokens.Tokens()) > 0),
		AutoMinorVersionUpgrade:   aws.Bool(g.AutoMinorVersionUpgrade),
		CacheClusterCreateTime:    aws.Time(node.CreatedAt),
		CacheClusterId:            aws.String(node.ID),
		CacheClusterStatus:        aws.String(string(act.NodeStatus(g, node))),
		CacheNodeType:             aws.String(g.NodeType),
		CacheParameterGroup:       parameterGroup(g),
		CacheSecurityGroups:       []types.CacheSecurityGroupMembership{},
		CacheSubnetGroupName:      aws.String(cmp.Or(g.SubnetGroup, subnet.DefaultName)),
		ClientDownloadLandingPage: aws.String(""),
		Engine:                    aws.String(string(g.Asked().Engine)),
		EngineVersion:             aws.String(g.Offer().Full()),
		IpDiscovery:               act.Discovery(g),
		LogDeliveryConfigurations: []types.LogDeliveryConfiguration{},
		NetworkType:               act.NetworkType(g),
		NumCacheNodes:             aws.Int32(1),
		PendingModifiedValues: &types.PendingModifiedValues{
			AuthTokenStatus: act.TokenStatus(g), CacheNodeType: act.Optional(g.Deferred.NodeType), EngineVersion: act.PendingVersion(g),
		},
		PreferredAvailabilityZone:  aws.String(node.Zone),
		PreferredMaintenanceWindow: aws.String(g.MaintenanceWindow),
		SecurityGroups:             securityGroups(g, node, admission),
		SnapshotRetentionLimit:     aws.Int32(0),
		SnapshotWindow:             aws.String(g.SnapshotWindow),
		TransitEncryptionEnabled:   aws.Bool(g.TransitInForce().TLS()),
		TransitEncryptionMode:      act.TransitMode(g),
	}
	if !g.TokensModifiedAt.IsZero() {
		out.AuthTokenLastModifiedDate = aws.Time(g.TokensModifiedAt)
	}
	if !g.Standalone {
		out.ReplicationGroupId = aws.String(g.ID)
		out.ReplicationGroupLogDeliveryEnabled = aws.Bool(false)
	}
	if withNodes {
		out.CacheNodes = []types.CacheNode{h.cacheNode(g, node)}
	}
	return out
}

// changed renders one node after a change of its group.
func (h Handlers) changed(ctx context.Context, g *replication.Group, node *replication.Node, withNodes bool) (*types.CacheCluster, error) {
	var admission security.Admission
	if len(g.SecurityGroupIDs) == 0 { // there is nothing to say of them
		rendered := h.render(g, node, admission, withNodes)
		return &rendered, nil
	}
	err := h.Store.View(ctx, func(tx store.Tx) (err error) {
		admission, err = store.AdmissionOf(tx, g)
		return err
	})
	rendered := h.render(g, node, admission, withNodes)
	return &rendered, err
}

// securityGroups are those of a node, active when it has taken their rules.
//
// Source: API reference, SecurityGroupMembership; the original's words are adding, active and removing.
func securityGroups(g *replication.Group, node *replication.Node, admission security.Admission) []types.SecurityGroupMembership {
	all, status := []types.SecurityGroupMembership{}, "active"
	if !node.Enforces(admission) {
		status = "adding"
	}
	for _, id := range g.SecurityGroupIDs {
		all = append(all, types.SecurityGroupMembership{SecurityGroupId: aws.String(id), Status: aws.String(status)})
	}
	return all
}

func (h Handlers) cacheNode(g *replication.Group, node *replication.Node) types.CacheNode {
	out := types.CacheNode{
		CacheNodeCreateTime: aws.Time(node.CreatedAt), CacheNodeId: aws.String(cache.CacheNodeID),
		CacheNodeStatus:          aws.String(cacheNodeStatus(g, node)),
		CustomerAvailabilityZone: aws.String(node.Zone), ParameterGroupStatus: aws.String(applyStatus(g)),
	}
	if node.Status != cache.StatusCreating && node.Status != cache.StatusCreateFailed {
		out.Endpoint = h.Endpoint(g, g.Shown(node.Address, node.Address6))
	}
	return out
}

// cacheNodeStatus is the status of a cluster in the words for its cache node.
//
// Source: API reference, CacheNode.
func cacheNodeStatus(g *replication.Group, node *replication.Node) string {
	if status := act.NodeStatus(g, node); status != cache.StatusRebooting {
		return string(status)
	}
	return "rebooting"
}

// parameterGroup says whether a node has the parameters of its group. It never waits for a reboot: what needs one is chosen when a
// cache is created.
func parameterGroup(g *replication.Group) *types.CacheParameterGroupStatus {
	return &types.CacheParameterGroupStatus{
		CacheNodeIdsToReboot: []string{}, CacheParameterGroupName: aws.String(g.ParameterGroup),
		ParameterApplyStatus: aws.String(applyStatus(g)),
	}
}

func applyStatus(g *replication.Group) string {
	if g.Parameters != nil {
		return "applying"
	}
	return "in-sync"
}
