package client

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// Kinds of a Group.
const (
	KindReplicationGroup = "replication-group"
	KindCacheCluster     = "cache-cluster"
)

// Group is a replication group, or a cache cluster that stands alone, which is a group of
// one node. Its JSON is what commands print with -o json (docs/commands.md).
type Group struct {
	Kind string `json:"kind"`
	own.Access
	ARN               string     `json:"arn"`
	Description       string     `json:"description,omitempty"`
	Engine            string     `json:"engine"`
	NodeType          string     `json:"node_type"`
	TransitEncryption bool       `json:"transit_encryption"`
	AtRestEncryption  bool       `json:"at_rest_encryption"`
	KMSKeyID          string     `json:"kms_key_id,omitempty"` // ARN of the key that wraps the group's own; empty: the master key, or nothing does
	CreatedAt         *time.Time `json:"created_at,omitempty"`
	MaintenanceWindow string     `json:"maintenance_window,omitempty"`
	ParameterGroup    string     `json:"parameter_group,omitempty"`

	// Of one group that was asked for:
	Tags  map[string]string `json:"tags,omitempty"`
	Gates []own.NodeGate    `json:"gates,omitempty"` // see [Client.Refused]; Groups and Group leave it out
}

// NeedsToken reports whether nobody gets in without a token.
func (g Group) NeedsToken() bool {
	open := func(c own.Credential) bool { return c.Fingerprint == token.None }
	return len(g.Credentials) > 0 && !slices.ContainsFunc(g.Credentials, open)
}

// Groups returns all groups, in the order of the service, and the clusters that stand alone
// after them.
func (c *Client) Groups(ctx context.Context) ([]Group, error) {
	access, err := c.allAccess(ctx)
	if err != nil {
		return nil, err
	}
	groups := []Group{}
	pages := elasticache.NewDescribeReplicationGroupsPaginator(c.ElastiCache, &elasticache.DescribeReplicationGroupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.ReplicationGroups {
			if a, found := access[aws.ToString(g.ReplicationGroupId)]; found { // else it was created in between
				groups = append(groups, replicationGroup(g, a))
			}
		}
	}
	clusters, err := c.clusters(ctx, &elasticache.DescribeCacheClustersInput{ShowCacheClustersNotInReplicationGroups: aws.Bool(true)})
	return append(groups, clusters...), err
}

// groupNotFound is the code of the answer where there is no such group.
const groupNotFound = "ReplicationGroupNotFoundFault"

// Group returns one of them, in full. The error has the code ReplicationGroupNotFoundFault if
// there is neither a group nor a cluster that stands alone of that name.
func (c *Client) Group(ctx context.Context, id string) (Group, error) {
	access, err := c.Access(ctx, id)
	if IsCode(err, groupNotFound) {
		alone, otherwise := c.clusters(ctx, &elasticache.DescribeCacheClustersInput{CacheClusterId: &id, ShowCacheClustersNotInReplicationGroups: aws.Bool(true)})
		if otherwise == nil && len(alone) == 1 && alone[0].ReplicationGroupId != "" {
			return c.tagged(ctx, alone[0])
		}
	}
	if err != nil {
		return Group{}, err
	}
	out, err := c.ElastiCache.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &id})
	if err != nil {
		return Group{}, err
	}
	g := replicationGroup(out.ReplicationGroups[0], access)
	if len(access.Nodes) == 0 {
		return c.tagged(ctx, g)
	}
	// What the original tells of members only.
	members, err := c.clusters(ctx, &elasticache.DescribeCacheClustersInput{CacheClusterId: &access.Nodes[0].CacheClusterId})
	if err == nil && len(members) == 1 {
		g.MaintenanceWindow, g.ParameterGroup = members[0].MaintenanceWindow, members[0].ParameterGroup
	}
	return c.tagged(ctx, g)
}

func (c *Client) tagged(ctx context.Context, g Group) (Group, error) {
	out, err := c.ElastiCache.ListTagsForResource(ctx, &elasticache.ListTagsForResourceInput{ResourceName: &g.ARN})
	if IsCode(err, "CacheClusterNotFound") { // it went between two questions, and is as absent as one that never was
		return Group{}, &Error{Code: groupNotFound, Message: "ReplicationGroup " + g.ReplicationGroupId + " not found."}
	}
	if err != nil {
		return g, err
	}
	g.Tags = map[string]string{}
	for _, t := range out.TagList {
		g.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return g, nil
}

func replicationGroup(g types.ReplicationGroup, access own.Access) Group {
	return Group{
		Kind: KindReplicationGroup, Access: access, ARN: aws.ToString(g.ARN), Description: aws.ToString(g.Description),
		Engine: aws.ToString(g.Engine), NodeType: aws.ToString(g.CacheNodeType),
		TransitEncryption: aws.ToBool(g.TransitEncryptionEnabled), CreatedAt: g.ReplicationGroupCreateTime,
		AtRestEncryption: aws.ToBool(g.AtRestEncryptionEnabled), KMSKeyID: aws.ToString(g.KmsKeyId),
	}
}

func (c *Client) clusters(ctx context.Context, in *elasticache.DescribeCacheClustersInput) ([]Group, error) {
	in.ShowCacheNodeInfo = aws.Bool(true)
	var groups []Group
	pages := elasticache.NewDescribeCacheClustersPaginator(c.ElastiCache, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, cluster := range page.CacheClusters {
			groups = append(groups, cacheCluster(cluster))
		}
	}
	return groups, c.nameSecurityGroups(ctx, groups)
}

// nameSecurityGroups fills in what the original does not tell of the security groups of clusters.
func (c *Client) nameSecurityGroups(ctx context.Context, groups []Group) error {
	if !slices.ContainsFunc(groups, func(g Group) bool { return len(g.SecurityGroups) > 0 }) {
		return nil
	}
	known, err := c.SecurityGroups(ctx)
	for _, k := range known {
		for _, g := range groups {
			for i := range g.SecurityGroups {
				if s := &g.SecurityGroups[i]; s.SecurityGroupId == k.SecurityGroupId {
					s.GroupName, s.Known = k.GroupName, true
				}
			}
		}
	}
	return err
}

func cacheCluster(c types.CacheCluster) Group {
	id := aws.ToString(c.CacheClusterId)
	g := Group{
		Kind: KindCacheCluster, ARN: aws.ToString(c.ARN), Engine: aws.ToString(c.Engine), NodeType: aws.ToString(c.CacheNodeType),
		TransitEncryption: aws.ToBool(c.TransitEncryptionEnabled), CreatedAt: c.CacheClusterCreateTime,
		MaintenanceWindow: aws.ToString(c.PreferredMaintenanceWindow),
		Access: own.Access{
			ReplicationGroupId: id, Status: aws.ToString(c.CacheClusterStatus), EngineVersion: aws.ToString(c.EngineVersion),
			SecurityGroups: []own.AccessSecurityGroup{},
			Credentials:    []own.Credential{{Fingerprint: token.None, AddedAt: aws.ToTime(c.CacheClusterCreateTime)}}, // it cannot have a token
		},
	}
	for _, s := range c.SecurityGroups {
		g.SecurityGroups = append(g.SecurityGroups, own.AccessSecurityGroup{SecurityGroupId: aws.ToString(s.SecurityGroupId)})
	}
	if p := c.CacheParameterGroup; p != nil {
		g.ParameterGroup = aws.ToString(p.CacheParameterGroupName)
	}
	if c.ReplicationGroupId != nil {
		g.ReplicationGroupId = "" // it does not stand alone
	}
	node := own.AccessNode{CacheClusterId: id, Role: "primary", Status: g.Status, Zone: aws.ToString(c.PreferredAvailabilityZone)}
	for _, n := range c.CacheNodes {
		if e := n.Endpoint; e != nil {
			node.Address = aws.ToString(e.Address)
			node.Endpoint = net.JoinHostPort(node.Address, strconv.Itoa(int(aws.ToInt32(e.Port))))
			g.PrimaryEndpoint = node.Endpoint
		}
	}
	expose(&g.Access, node.Address, g.TransitEncryption)
	g.Nodes = []own.AccessNode{node}
	return g
}

// expose says of a cache cluster that stands alone what our own actions say of groups. It has no token, and a name does not tell who
// can connect.
func expose(access *own.Access, address string, encrypted bool) {
	access.AddressPlan = cache.PlanLoopback.String()
	if at, err := netip.ParseAddr(address); err != nil || at.IsLoopback() {
		return
	}
	access.AddressPlan = cache.PlanHost.String() + " or " + cache.PlanPool.String() // which of them, the original's answer does not tell
	facts := []cache.Saying{cache.Say(cache.FactExposedTokenless, "group", access.ReplicationGroupId)}
	if !encrypted {
		facts = slices.Insert(facts, 0, cache.Say(cache.FactExposedPlaintext, "group", access.ReplicationGroupId))
	}
	var texts []string
	for _, f := range facts {
		texts = append(texts, f.Text)
		access.ExposureReasons = append(access.ExposureReasons, own.StatusReason{Text: f.Text})
	}
	access.Exposure = strings.Join(texts, "; ")
}
