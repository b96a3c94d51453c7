package elasticache

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// DescribeReplicationGroupAccessInput asks which credentials a group accepts. No
// action of the original tells.
type DescribeReplicationGroupAccessInput struct {
	ReplicationGroupId *string
}

// ReplicationGroupAccess is how a group is reached: the credentials that it accepts, and what
// changes them.
type ReplicationGroupAccess struct {
	ReplicationGroupId *string
	Status             *string
	StatusReason       *string        // the reasons below in one line
	StatusReasons      []StatusReason // what keeps it from being as it should be; empty: nothing
	EngineVersion      *string        // which the original tells of cache clusters only
	// PasswordlessOpen says that clients without a token are accepted although the
	// group has one: a rotation was begun and never finished with SET.
	PasswordlessOpen  *bool
	AutomaticFailover *bool
	MultiAZ           *bool
	Failover          *Failover                  // under way
	Rotation          *AuthTokenRotation         // under way
	LastRotation      *AuthTokenRotation         // the newest that is over
	RotationSchedule  *AuthTokenRotationSchedule // absent: none
	Undelivered       *string                    // fingerprint of a token that a rotation made and may not have delivered; absent: there is none
	PrimaryEndpoint   *string                    // host:port
	ReaderEndpoint    *string                    // host:port
	Credentials       []AccessCredential         // oldest first
	Nodes             []AccessNode
}

// StatusReason is one sentence, and what it says, for who tells it in another language.
type StatusReason struct {
	Text *string
	Fact *Fact // absent: the words are somebody else's
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
	BehindSince    *time.Time // a replica that is too late to be read, and serves nobody; absent: it is not
	Fault          *NodeFault // why it cannot start; absent: nothing is known to keep it from that
	Crowd          *NodeCrowd // who has all connections that clients can have; absent: there are some left
}

func (a *API) describeReplicationGroupAccess(ctx context.Context, in *DescribeReplicationGroupAccessInput) (out *ReplicationGroupAccess, err error) {
	err = a.Store.View(ctx, func(tx store.Tx) error {
		g, err := act.NamedGroup(in.ReplicationGroupId)(tx)
		if err != nil {
			return err
		}
		out, err = a.access(tx, g)
		return err
	})
	return out, err
}

// ListReplicationGroupAccessInput asks the same of all groups, a page at a time.
type ListReplicationGroupAccessInput struct {
	MaxRecords *int32
	Marker     *string
}

// ListReplicationGroupAccessOutput is the answer, in the order of the groups' ids.
type ListReplicationGroupAccessOutput struct {
	ReplicationGroups []ReplicationGroupAccess
	Marker            *string
}

func (a *API) listReplicationGroupAccess(ctx context.Context, in *ListReplicationGroupAccessInput) (*ListReplicationGroupAccessOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	out := &ListReplicationGroupAccessOutput{}
	err = a.Store.View(ctx, func(tx store.Tx) error {
		groups, err := store.Page(tx, store.Groups, store.GroupRange(cache.ResourceReplicationGroup, p.After, p.Size+1))
		if err != nil {
			return err
		}
		groups, out.Marker = act.Cut(p, groups, func(g *cache.ReplicationGroup) string { return g.ID })
		for _, g := range groups {
			access, err := a.access(tx, g)
			if err != nil {
				return err
			}
			out.ReplicationGroups = append(out.ReplicationGroups, *access)
		}
		return nil
	})
	return out, err
}

func (a *API) access(tx store.Tx, g *cache.ReplicationGroup) (*ReplicationGroupAccess, error) {
	last, err := lastRotation(tx, g)
	if err != nil {
		return nil, err
	}
	reasons := a.reasons(g)
	status, version, open := string(g.Status), g.Version().Version, g.PasswordlessOpen()
	out := &ReplicationGroupAccess{
		ReplicationGroupId: &g.ID, Status: &status, StatusReason: optional(strings.Join(textsOf(reasons), "; ")), EngineVersion: &version, PasswordlessOpen: &open,
		AutomaticFailover: &g.AutomaticFailover, MultiAZ: &g.MultiAZ, LastRotation: last, RotationSchedule: a.rotationSchedule(g),
		StatusReasons: []StatusReason{},
	}
	for _, r := range reasons {
		out.StatusReasons = append(out.StatusReasons, StatusReason{Text: aws.String(r.Text), Fact: factOf(r)})
	}
	if f := g.NodeGroup.Failover; f != nil {
		underWay := failover(*f)
		out.Failover = &underWay
	}
	if held := g.Tokens.Holds(g.Undelivered); held {
		out.Undelivered = aws.String(g.Undelivered.Fingerprint())
	}
	if g.RotationUnderWay() != nil {
		underWay := authTokenRotation(*g.Rotation)
		out.Rotation = &underWay
	}
	out.PrimaryEndpoint = a.hostPort(g, g.NodeGroup.PrimaryEndpoint)
	out.ReaderEndpoint = a.hostPort(g, g.NodeGroup.ReaderEndpoint)
	for _, c := range g.Tokens.Credentials() {
		out.Credentials = append(out.Credentials, accessCredential(c))
	}
	for i := range g.NodeGroup.Nodes {
		node := &g.NodeGroup.Nodes[i]
		role, status, address := "replica", string(nodeStatus(g, node)), node.Address.String()
		if node.ID == g.NodeGroup.PrimaryID {
			role = "primary"
		}
		shown := AccessNode{CacheClusterId: &node.ID, Role: &role, Status: &status, Address: &address, Zone: &node.Zone, Fault: nodeFault(node), Crowd: nodeCrowd(g, node)}
		if node.Behind() {
			shown.BehindSince = &node.BehindSince
		}
		out.Nodes = append(out.Nodes, shown)
	}
	return out, nil
}

// reasons are what keeps a group, or all of the service, from doing its work.
func (a *API) reasons(g *cache.ReplicationGroup) []cache.Saying {
	reasons := g.Reasons()
	if a.Trouble != nil && !a.Trouble().Empty() {
		reasons = append(reasons, a.Trouble())
	}
	return reasons
}

func accessCredential(c cache.Credential) AccessCredential {
	fingerprint := c.String()
	return AccessCredential{Fingerprint: &fingerprint, AddedAt: &c.AddedAt}
}

func (a *API) hostPort(g *cache.ReplicationGroup, address netip.Addr) *string {
	if !address.IsValid() {
		return nil
	}
	text := net.JoinHostPort(a.host(g, address), strconv.Itoa(g.Port))
	return &text
}
