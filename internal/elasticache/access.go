package elasticache

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// DescribeReplicationGroupAccessInput asks which credentials a group accepts. No
// action of the original tells.
type DescribeReplicationGroupAccessInput struct {
	ReplicationGroupId *string
}

// DescribeReplicationGroupAccessOutput is the answer.
type DescribeReplicationGroupAccessOutput struct {
	ReplicationGroupId *string
	Status             *string
	StatusReason       *string
	// PasswordlessOpen says that clients without a token are accepted although the
	// group has one: a rotation was begun and never finished with SET.
	PasswordlessOpen  *bool
	AutomaticFailover *bool
	MultiAZ           *bool
	Failover          *Failover                  // under way
	Rotation          *AuthTokenRotation         // under way
	LastRotation      *AuthTokenRotation         // the newest that is over
	RotationSchedule  *AuthTokenRotationSchedule // absent: none
	PrimaryEndpoint   *string                    // host:port
	ReaderEndpoint    *string                    // host:port; absent without replicas
	Credentials       []AccessCredential         // oldest first
	Nodes             []AccessNode
}

// AccessCredential is one credential that is accepted.
type AccessCredential struct {
	Fingerprint *string // the first 12 hexadecimal digits of the token's SHA-256, or NONE
	AddedAt     *time.Time
}

// AccessNode is one node of the group.
type AccessNode struct {
	CacheClusterId *string
	Role           *string
	Status         *string
	Address        *string
	Zone           *string
}

func (a *API) describeReplicationGroupAccess(ctx context.Context, in *DescribeReplicationGroupAccessInput) (*DescribeReplicationGroupAccessOutput, error) {
	id := lower(in.ReplicationGroupId)
	if id == "" {
		return nil, errNoGroupID
	}
	var g *cache.ReplicationGroup
	var last *AuthTokenRotation
	err := a.Store.View(ctx, func(tx store.Tx) (err error) {
		if g, err = tx.ReplicationGroup(cache.NewKey(cache.ResourceReplicationGroup, id)); err == nil {
			last, err = lastRotation(tx, g)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	status, open := string(g.Status), g.PasswordlessOpen()
	out := &DescribeReplicationGroupAccessOutput{
		ReplicationGroupId: &g.ID, Status: &status, StatusReason: optional(g.StatusReason), PasswordlessOpen: &open,
		AutomaticFailover: &g.AutomaticFailover, MultiAZ: &g.MultiAZ, LastRotation: last, RotationSchedule: a.rotationSchedule(g),
	}
	if f := g.NodeGroup.Failover; f != nil {
		underWay := failover(*f)
		out.Failover = &underWay
	}
	if g.RotationUnderWay() != nil {
		underWay := authTokenRotation(*g.Rotation)
		out.Rotation = &underWay
	}
	out.PrimaryEndpoint = a.hostPort(g, g.NodeGroup.PrimaryEndpoint)
	out.ReaderEndpoint = a.hostPort(g, g.NodeGroup.ReaderEndpoint)
	for _, c := range g.Tokens.Credentials() {
		fingerprint := c.String()
		out.Credentials = append(out.Credentials, AccessCredential{Fingerprint: &fingerprint, AddedAt: &c.AddedAt})
	}
	for i := range g.NodeGroup.Nodes {
		node := &g.NodeGroup.Nodes[i]
		role, status, address := "replica", string(nodeStatus(g, node)), node.Address.String()
		if node.ID == g.NodeGroup.PrimaryID {
			role = "primary"
		}
		out.Nodes = append(out.Nodes, AccessNode{CacheClusterId: &node.ID, Role: &role, Status: &status, Address: &address, Zone: &node.Zone})
	}
	return out, nil
}

func (a *API) hostPort(g *cache.ReplicationGroup, address netip.Addr) *string {
	if !address.IsValid() {
		return nil
	}
	text := net.JoinHostPort(a.host(g, address), strconv.Itoa(g.Port))
	return &text
}
