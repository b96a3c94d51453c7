package elasticache

import (
	"cmp"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// replicationGroup renders a group as the API shows it. Terraform replaces a group
// whose answer lacks PrimaryEndpoint, MemberClusters or Engine.
func (a *API) replicationGroup(g *replication.Group) types.ReplicationGroup {
	out := types.ReplicationGroup{
		ARN:                        aws.String(a.arn(cache.ResourceReplicationGroup, g.ID)),
		AtRestEncryptionEnabled:    aws.Bool(g.AtRestEncryption),
		AuthTokenEnabled:           aws.Bool(len(g.Tokens.Tokens()) > 0),
		AutoMinorVersionUpgrade:    aws.Bool(g.AutoMinorVersionUpgrade),
		AutomaticFailover:          automaticFailover(g),
		CacheNodeType:              aws.String(g.NodeType),
		ClusterEnabled:             aws.Bool(false),
		ClusterMode:                types.ClusterModeDisabled,
		DataTiering:                types.DataTieringStatusDisabled,
		Description:                aws.String(g.Description),
		Engine:                     aws.String(string(g.Engine)),
		GlobalReplicationGroupInfo: &types.GlobalReplicationGroupInfo{}, // is shown empty
		IpDiscovery:                types.IpDiscoveryIpv4,
		LogDeliveryConfigurations:  []types.LogDeliveryConfiguration{},
		MultiAZ:                    multiAZ(g),
		NetworkType:                types.NetworkTypeIpv4,
		PendingModifiedValues:      pendingValues(g),
		ReplicationGroupCreateTime: aws.Time(g.CreatedAt),
		ReplicationGroupId:         aws.String(g.ID),
		SnapshotRetentionLimit:     aws.Int32(0),
		SnapshotWindow:             aws.String(g.SnapshotWindow),
		Status:                     aws.String(string(g.Status)),
		TransitEncryptionEnabled:   aws.Bool(g.TransitEncryption),
		TransitEncryptionMode:      transitMode(g),
	}
	if !g.TokensModifiedAt.IsZero() {
		out.AuthTokenLastModifiedDate = aws.Time(g.TokensModifiedAt)
	}
	if g.Status != cache.StatusCreating {
		for i := range g.Shards {
			out.NodeGroups = append(out.NodeGroups, a.nodeGroup(g, &g.Shards[i]))
		}
	}
	for _, node := range g.Nodes() {
		out.MemberClusters = append(out.MemberClusters, node.ID)
	}
	return out
}

func (a *API) nodeGroup(g *replication.Group, shard *replication.Shard) types.NodeGroup {
	out := types.NodeGroup{NodeGroupId: aws.String(shard.ID), Status: aws.String(string(g.Status))}
	if ready(g) {
		out.PrimaryEndpoint = a.endpoint(g, shard.PrimaryEndpoint)
		out.ReaderEndpoint = a.endpoint(g, shard.ReaderEndpoint)
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
			member.ReadEndpoint = a.endpoint(g, node.Address)
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
	pending := &types.ReplicationGroupPendingModifiedValues{AuthTokenStatus: tokenStatus(g)}
	if f := g.Shards[0].Failover; f != nil && f.Cause == replication.CausePromote && f.Pending() {
		pending.PrimaryClusterId = aws.String(f.To)
	}
	return pending
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

// tokenStatus says what a token change is doing; it is empty when none is under way.
func tokenStatus(g *replication.Group) types.AuthTokenUpdateStatus {
	switch g.TokenChange {
	case token.StrategyRotate:
		return types.AuthTokenUpdateStatusRotating
	case token.StrategySet:
		return types.AuthTokenUpdateStatusSetting
	}
	return ""
}

// cacheCluster renders one node as the API shows it.
func (a *API) cacheCluster(g *replication.Group, node *replication.Node, withNodes bool) types.CacheCluster {
	out := types.CacheCluster{
		ARN:                       aws.String(a.arn(cache.ResourceCacheCluster, node.ID)),
		AtRestEncryptionEnabled:   aws.Bool(g.AtRestEncryption),
		AuthTokenEnabled:          aws.Bool(len(g.Tokens.Tokens()) > 0),
		AutoMinorVersionUpgrade:   aws.Bool(g.AutoMinorVersionUpgrade),
		CacheClusterCreateTime:    aws.Time(node.CreatedAt),
		CacheClusterId:            aws.String(node.ID),
		CacheClusterStatus:        aws.String(string(nodeStatus(g, node))),
		CacheNodeType:             aws.String(g.NodeType),
		CacheParameterGroup:       parameterGroup(g),
		CacheSecurityGroups:       []types.CacheSecurityGroupMembership{},
		CacheSubnetGroupName:      aws.String(cmp.Or(g.SubnetGroup, subnet.DefaultName)),
		ClientDownloadLandingPage: aws.String(""),
		Engine:                    aws.String(string(g.Engine)),
		EngineVersion:             aws.String(g.Version().Release()),
		IpDiscovery:               types.IpDiscoveryIpv4,
		LogDeliveryConfigurations: []types.LogDeliveryConfiguration{},
		NetworkType:               types.NetworkTypeIpv4,
		NumCacheNodes:             aws.Int32(1),
		PendingModifiedValues: &types.PendingModifiedValues{
			AuthTokenStatus: tokenStatus(g), CacheNodeType: optional(g.Deferred.NodeType),
		},
		PreferredAvailabilityZone:  aws.String(node.Zone),
		PreferredMaintenanceWindow: aws.String(g.MaintenanceWindow),
		SecurityGroups:             []types.SecurityGroupMembership{},
		SnapshotRetentionLimit:     aws.Int32(0),
		SnapshotWindow:             aws.String(g.SnapshotWindow),
		TransitEncryptionEnabled:   aws.Bool(g.TransitEncryption),
		TransitEncryptionMode:      transitMode(g),
	}
	if !g.TokensModifiedAt.IsZero() {
		out.AuthTokenLastModifiedDate = aws.Time(g.TokensModifiedAt)
	}
	if !g.Standalone {
		out.ReplicationGroupId = aws.String(g.ID)
		out.ReplicationGroupLogDeliveryEnabled = aws.Bool(false)
	}
	if withNodes {
		out.CacheNodes = []types.CacheNode{a.cacheNode(g, node)}
	}
	return out
}

func (a *API) cacheNode(g *replication.Group, node *replication.Node) types.CacheNode {
	out := types.CacheNode{
		CacheNodeCreateTime: aws.Time(node.CreatedAt), CacheNodeId: aws.String(cache.CacheNodeID),
		CacheNodeStatus:          aws.String(cacheNodeStatus(g, node)),
		CustomerAvailabilityZone: aws.String(node.Zone), ParameterGroupStatus: aws.String("in-sync"),
	}
	if node.Status != cache.StatusCreating && node.Status != cache.StatusCreateFailed {
		out.Endpoint = a.endpoint(g, node.Address)
	}
	return out
}

// nodeStatus is the node's own, and its group's while the group is being changed.
func nodeStatus(g *replication.Group, node *replication.Node) cache.Status {
	if node.Status == cache.StatusAvailable {
		return g.Status
	}
	return node.Status
}

// cacheNodeStatus is the status of a cluster in the words for its cache node.
//
// Source: API reference, CacheNode.
func cacheNodeStatus(g *replication.Group, node *replication.Node) string {
	if status := nodeStatus(g, node); status != cache.StatusRebooting {
		return string(status)
	}
	return "rebooting"
}

func parameterGroup(g *replication.Group) *types.CacheParameterGroupStatus {
	return &types.CacheParameterGroupStatus{
		CacheNodeIdsToReboot: []string{}, CacheParameterGroupName: aws.String(g.ParameterGroup),
		ParameterApplyStatus: aws.String("in-sync"),
	}
}

func transitMode(g *replication.Group) types.TransitEncryptionMode {
	if g.TransitEncryption {
		return types.TransitEncryptionModeRequired
	}
	return ""
}

func (a *API) endpoint(g *replication.Group, address netip.Addr) *types.Endpoint {
	if !address.IsValid() {
		return nil
	}
	return &types.Endpoint{Address: aws.String(a.host(g, address)), Port: aws.Int32(int32(g.Port))}
}

// host is what clients connect to: the name of one of the group's addresses where
// names are served, else the address.
func (a *API) host(g *replication.Group, address netip.Addr) string {
	if a.HostName == nil {
		return address.String()
	}
	return a.HostName(g, address)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (a *API) arn(resource cache.Resource, id string) string {
	return cache.ARN{Region: a.Region, Account: a.Account, Resource: resource, ID: id}.String()
}
