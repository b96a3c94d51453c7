package extension

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// DescribeReplicationGroupAccess is the action [own.DescribeReplicationGroupAccess].
func (h Handlers) DescribeReplicationGroupAccess(ctx context.Context, in *own.GroupInput) (out *own.Access, err error) {
	err = h.Store.View(ctx, func(tx store.Tx) error {
		g, err := act.NamedGroup(in.ReplicationGroupId)(tx)
		if err != nil {
			return err
		}
		out, err = h.access(tx, g)
		return err
	})
	return out, err
}

// ListReplicationGroupAccess is the action [own.ListReplicationGroupAccess].
func (h Handlers) ListReplicationGroupAccess(ctx context.Context, in *own.ListReplicationGroupAccessInput) (*own.ListReplicationGroupAccessOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	out := &own.ListReplicationGroupAccessOutput{}
	err = h.Store.View(ctx, func(tx store.Tx) error {
		groups, err := store.Page(tx, store.Groups, store.GroupRange(cache.ResourceReplicationGroup, p.After, p.Size+1))
		if err != nil {
			return err
		}
		groups, out.Marker = act.Cut(p, groups, func(g *replication.Group) string { return g.ID })
		for _, g := range groups {
			access, err := h.access(tx, g)
			if err != nil {
				return err
			}
			out.ReplicationGroups = append(out.ReplicationGroups, *access)
		}
		return nil
	})
	return out, err
}

func (h Handlers) access(tx store.Tx, g *replication.Group) (*own.Access, error) {
	last, err := lastRotation(tx, g)
	if err != nil {
		return nil, err
	}
	groups, leftOut, err := accessSecurityGroups(tx, g)
	if err != nil {
		return nil, err
	}
	admission, err := store.AdmissionOf(tx, g)
	if err != nil {
		return nil, err
	}
	reasons := append(h.reasons(g), g.LateRules(admission)...)
	shard := &g.Shards[0]
	out := &own.Access{
		ReplicationGroupId: g.ID, Status: string(g.Status), StatusReason: strings.Join(textsOf(reasons), "; "), StatusReasons: []own.StatusReason{},
		AddressPlan: g.AddressPlan.String(), Move: moveOf(g.Move), ExposureReasons: []own.StatusReason{},
		PasswordlessOpen: g.PasswordlessOpen(), AutomaticFailover: g.AutomaticFailover, MultiAZ: g.MultiAZ,
		SecurityGroups: groups, NetworksLeftOut: int32(leftOut), LastRotation: last, RotationSchedule: h.rotationSchedule(g),
		PrimaryEndpoint: h.hostPort(g, g.Shown(shard.PrimaryEndpoint, shard.PrimaryEndpoint6)), ReaderEndpoint: h.hostPort(g, g.Shown(shard.ReaderEndpoint, shard.ReaderEndpoint6)),
	}
	out.EngineVersion, out.ServedBy = versionOf(g)
	for _, r := range reasons {
		out.StatusReasons = append(out.StatusReasons, own.StatusReason{Text: r.Text, Fact: factOf(r)})
	}
	if shard.Failover != nil {
		underWay := failover(*shard.Failover)
		out.Failover = &underWay
	}
	if held := g.Tokens.Holds(g.Undelivered); held {
		out.Undelivered = g.Undelivered.Fingerprint()
	}
	if g.RotationUnderWay() != nil {
		underWay := authTokenRotation(*g.Rotation)
		out.Rotation = &underWay
	}
	for _, c := range g.Tokens.Credentials() {
		out.Credentials = append(out.Credentials, accessCredential(c))
	}
	for _, node := range g.Nodes() {
		out.Nodes = append(out.Nodes, h.accessNode(g, node))
	}
	accounts, err := store.AccountsFor(tx, g)
	tellExposure(out, g, accounts)
	return out, err
}

// tellExposure tells who gets in without what should protect the group.
func tellExposure(out *own.Access, g *replication.Group, accounts []user.Account) {
	out.UserGroup = g.UserGroup
	if open, found := user.Open(accounts); found {
		out.OpenUser = open.ID
	}
	exposure := g.Exposure(accounts)
	out.Exposure = strings.Join(textsOf(exposure), "; ")
	for _, r := range exposure {
		out.ExposureReasons = append(out.ExposureReasons, own.StatusReason{Text: r.Text, Fact: factOf(r)})
	}
}

// versionOf is the version of a group as people know it: what it has asked for, and if that is an alias, what serves it.
func versionOf(g *replication.Group) (version, servedBy string) {
	if offer := g.Offer(); offer.Aliased() {
		return offer.Asked.Version, offer.Build.String()
	}
	return g.Version().Version, ""
}

func accessSecurityGroups(tx store.Tx, g *replication.Group) (all []own.AccessSecurityGroup, leftOut int, err error) {
	all = []own.AccessSecurityGroup{}
	if len(g.SecurityGroupIDs) == 0 {
		return all, 0, nil
	}
	known, err := store.Some(tx, store.SecurityGroups, g.SecurityGroupIDs...)
	for _, id := range g.SecurityGroupIDs {
		one := own.AccessSecurityGroup{SecurityGroupId: id}
		if found := security.Known([]string{id}, known); len(found) > 0 {
			one.GroupName, one.Known = found[0].Name, true
		}
		all = append(all, one)
	}
	return all, g.Admits(known).LeftOut, err
}

func (h Handlers) accessNode(g *replication.Group, node *replication.Node) own.AccessNode {
	out := own.AccessNode{
		CacheClusterId: node.ID, Role: "replica", Status: string(act.NodeStatus(g, node)), Zone: node.Zone,
		Fault: nodeFault(node), Crowd: nodeCrowd(g, node),
	}
	if at := g.Shown(node.Address, node.Address6); at.IsValid() {
		out.Address, out.Endpoint = at.Addr().String(), h.hostPort(g, at)
	}
	if g.IsPrimary(node.ID) {
		out.Role = "primary"
	}
	if node.Behind() {
		out.BehindSince = &node.BehindSince
	}
	return out
}

// reasons are what keeps a group, or all of the service, from doing its work.
func (h Handlers) reasons(g *replication.Group) []cache.Saying {
	reasons := g.Reasons()
	if h.Trouble != nil && !h.Trouble().Empty() {
		reasons = append(reasons, h.Trouble())
	}
	return reasons
}

func accessCredential(c token.Credential) own.Credential {
	return own.Credential{Fingerprint: c.String(), AddedAt: c.AddedAt}
}

// hostPort is an endpoint; empty if the group has none.
func (h Handlers) hostPort(g *replication.Group, at netip.AddrPort) string {
	if !at.IsValid() {
		return ""
	}
	return net.JoinHostPort(h.Host(g, at), strconv.Itoa(int(at.Port())))
}
