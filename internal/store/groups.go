package store

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
)

// The spaces of what only one group at a time can have.
const (
	spaceNodes = "cache-cluster" // ids of nodes: of members, and of clusters that stand alone
	// What nodes and endpoints are reached at. A name is an address that is a place's own, or, of one that places share, the address
	// and the port. Every address was a place's own in earlier releases: their names stay as they are.
	spaceAddresses = "address"
	// What has no address yet: not to make it unique, but so that it is found.
	spaceUnaddressed = "unaddressed"
	spacePortless    = "portless"  // the same, of those that are to have a port at an address which others have, too
	spacePoolless    = "poolless"  // the same, of those that are to have an address of their own which other machines reach
	spacePortless6   = "portless6" // both of IPv6
	spacePoolless6   = "poolless6"
	spacePairless    = "pairless" // of those that are to have a port at addresses of both families, which others have, too
	// The use of security groups, which need not be known here: likewise, to be found by the group.
	spaceSecurity = "security-group-use"
)

// Groups are the replication groups and the cache clusters that stand alone.
var Groups = Kind[cache.Key, replication.Group]{
	Name:     "group",
	ID:       (*replication.Group).Key,
	UID:      func(g *replication.Group) string { return g.UID },
	Revision: func(g *replication.Group) *int64 { return &g.Revision },
	Claims:   groupClaims,
	Refs:     groupRefs,
	Check:    (*replication.Group).CheckAccess,
	Version:  10,
	Upgrade:  upgradeGroup,
	Missing:  groupMissing,
	Exists:   groupExists,
	Taken:    groupTaken,
	Dangling: groupDangling,
}

// GroupRange selects the groups of a resource, those whose id is greater than after.
func GroupRange(resource cache.Resource, after string, limit int) Range {
	return Range{Prefix: string(cache.NewKey(resource, "")), After: string(cache.NewKey(resource, after)), Limit: limit}
}

// GroupOfNode returns the group that a cache cluster belongs to (or is). The error is of [cache.KindNotFound] about
// [cache.ResourceCacheCluster] if there is none.
func GroupOfNode(tx Tx, nodeID string) (*replication.Group, error) {
	g, err := Holder(tx, Groups, spaceNodes, nodeID)
	if err == nil && g == nil {
		err = groupMissing(cache.NewKey(cache.ResourceCacheCluster, nodeID))
	}
	return g, err
}

// NodeRef is a node's id and the group that the node is part of.
type NodeRef struct {
	NodeID string
	Group  *replication.Group
}

// GroupsOfNodes returns, for the first limit node ids (0: all) greater than after in the order of the ids, each
// node's id with its group. Nodes of one group share the pointer.
func GroupsOfNodes(tx Tx, after string, limit int) ([]NodeRef, error) {
	held, err := tx.Holdings(spaceNodes, Range{After: after, Limit: limit})
	if err != nil {
		return nil, err
	}
	keys := make([]cache.Key, len(held))
	for i, h := range held {
		keys[i] = cache.Key(h.Holder.ID)
	}
	groups, err := Some(tx, Groups, slices.Compact(slices.Clone(keys))...) // nodes of one group are mostly beside each other
	if err != nil {
		return nil, err
	}
	byKey := make(map[cache.Key]*replication.Group, len(groups))
	for _, g := range groups {
		byKey[g.Key()] = g
	}
	refs := make([]NodeRef, len(held))
	for i, h := range held {
		refs[i] = NodeRef{NodeID: h.Name, Group: byKey[keys[i]]}
	}
	return refs, nil
}

// Addresses returns the addresses that groups hold, and the ports of those that they share, as text.
func Addresses(tx Tx) (map[string]cache.Key, error) {
	held, err := tx.Holdings(spaceAddresses, Range{})
	if err != nil {
		return nil, err
	}
	addresses := make(map[string]cache.Key, len(held))
	for _, h := range held {
		addresses[h.Name] = cache.Key(h.Holder.ID)
	}
	return addresses, nil
}

// OwnAddresses returns those of the addresses that groups hold which are their own and not loopback ones: what this machine is to have on
// its network.
func OwnAddresses(tx Tx) (map[netip.Addr]cache.Key, error) {
	held, err := Addresses(tx)
	if err != nil {
		return nil, err
	}
	own := map[netip.Addr]cache.Key{}
	for name, key := range held {
		if a, err := netip.ParseAddr(name); err == nil && !a.IsLoopback() { // one that is shared has a port
			own[a] = key
		}
	}
	return own, nil
}

// HoldsAddress reports whether a group holds the address as its own, or the port at the address.
func HoldsAddress(tx Tx, at netip.AddrPort) (bool, error) {
	for _, name := range []string{at.Addr().String(), at.String()} {
		held, err := tx.Holdings(spaceAddresses, Range{Prefix: name, Limit: 1})
		if err != nil || len(held) > 0 && held[0].Name == name {
			return err == nil, err
		}
	}
	return false, nil
}

// Unaddressed returns for how many nodes and endpoints, of all groups but one, an address is waited for.
func Unaddressed(tx Tx, but cache.Key) (wanted replication.Wanted, err error) {
	for space, count := range map[string]*int{
		spaceUnaddressed: &wanted.Addresses, spacePortless: &wanted.Ports, spacePoolless: &wanted.Pool, spacePortless6: &wanted.Ports6, spacePoolless6: &wanted.Pool6, spacePairless: &wanted.PortPairs,
	} {
		held, err := tx.Holdings(space, Range{})
		if err != nil {
			return wanted, err
		}
		for _, h := range held {
			if h.Holder.ID != string(but) {
				*count++
			}
		}
	}
	return wanted, nil
}

// PutGroup writes a change of a group: the group with what is known of its failover and its rotation, the receipts of what
// ended with the change, and what is told of it. Errors are those of [Put].
func PutGroup(tx UpdateTx, g *replication.Group, events ...cache.Event) error {
	if err := Put(tx, Groups, g); err != nil {
		return err
	}
	over := g.Over
	g.Over = replication.Receipts{}
	tx.OnUndo(func() { g.Over = over })
	failovers := over.Failovers
	for _, shard := range g.Shards {
		if shard.Failover != nil {
			failovers = append(slices.Clip(failovers), *shard.Failover)
		}
	}
	if err := Append(tx, Failovers, failovers...); err != nil {
		return err
	}
	for _, r := range []*rotation.Rotation{over.Rotation, g.Rotation} {
		if r == nil {
			continue
		}
		if err := Append(tx, Rotations, *r); err != nil {
			return err
		}
	}
	return Append(tx, Events, events...)
}

// DeleteGroup removes a group, and writes what is told of that. Errors are those of [Delete].
func DeleteGroup(tx UpdateTx, g *replication.Group, events ...cache.Event) error {
	if err := Delete(tx, Groups, g.Key()); err != nil {
		return err
	}
	return Append(tx, Events, events...)
}

func groupClaims(g *replication.Group) []Claim {
	var claims []Claim
	for _, n := range g.Nodes() {
		claims = append(claims, Claim{Space: spaceNodes, Name: n.ID, UID: n.UID})
	}
	for _, at := range g.Addresses() {
		claims = append(claims, Claim{Space: spaceAddresses, Name: addressName(g, at)})
	}
	for _, id := range g.SecurityGroupIDs {
		claims = append(claims, Claim{Space: spaceSecurity, Name: id + "/" + g.UID})
	}
	if g.Status == cache.StatusDeleting || g.Status == cache.StatusCreateFailed {
		return claims // nobody waits for its addresses any more
	}
	for _, p := range g.Unaddressed() {
		if _, _, paired := g.Beside(p); !paired || !g.WantsPort(p) { // else the pair is claimed once
			claims = append(claims, unaddressed(g, p))
		}
	}
	return claims
}

func addressName(g *replication.Group, at netip.AddrPort) string {
	if g.IsShared(at) {
		return at.String()
	}
	return at.Addr().String()
}

func unaddressed(g *replication.Group, p replication.Place) Claim {
	claim := Claim{Space: spaceUnaddressed, Name: g.UID + "/" + p.Shard + "/" + string(p.Endpoint) + "/" + p.NodeID}
	if p.Link {
		claim.Name += "/link"
	}
	if p.Other {
		claim.Name += "/other"
	}
	if p.IPv6 {
		claim.Name += "/ipv6"
	}
	switch is6 := g.NetworkOf(p) == cache.NetworkIPv6; {
	case g.WantsPort(p) && g.NetworkType == cache.NetworkDualStack:
		claim.Space = spacePairless
	case g.WantsPort(p) && is6:
		claim.Space = spacePortless6
	case g.WantsPort(p):
		claim.Space = spacePortless
	case g.WantsPool(p) && is6:
		claim.Space = spacePoolless6
	case g.WantsPool(p):
		claim.Space = spacePoolless
	}
	return claim
}

// groupRefs are what a group uses. The default subnet group and the default parameter groups are always there, and need not be kept.
func groupRefs(g *replication.Group) (refs []Ref) {
	if g.SubnetGroup != "" {
		refs = append(refs, Ref{SubnetGroups.Name, g.SubnetGroup})
	}
	for _, id := range g.UserGroups() {
		refs = append(refs, Ref{UserGroups.Name, id})
	}
	for _, name := range g.ParameterGroups() {
		if !parameter.IsDefault(name) { // which is there without being stored
			refs = append(refs, Ref{ParameterGroups.Name, name})
		}
	}
	return refs
}

// The refusals are in the original's words.

func groupMissing(key cache.Key) error {
	if key.Resource() == cache.ResourceReplicationGroup {
		return cache.ResourceErrorf(cache.KindNotFound, key.Resource(), "ReplicationGroup %s not found.", key.ID())
	}
	return cache.ResourceErrorf(cache.KindNotFound, key.Resource(), "CacheCluster not found: %s", key.ID())
}

func groupExists(key cache.Key) error {
	if key.Resource() == cache.ResourceReplicationGroup {
		return cache.ResourceErrorf(cache.KindExists, key.Resource(), "Replication group %s already exists.", key.ID())
	}
	return cache.ResourceErrorf(cache.KindExists, key.Resource(), "Cache cluster %s already exists.", key.ID())
}

func groupTaken(claim Claim) error {
	if claim.Space == spaceNodes {
		return groupExists(cache.NewKey(cache.ResourceCacheCluster, claim.Name))
	}
	return fmt.Errorf("put group: %w", &TakenError{claim})
}

// groupDangling is the refusal of a group that uses what is not there.
func groupDangling(to Ref) error {
	if to.Kind == UserGroups.Name {
		return UserGroups.Missing(to.ID)
	}
	if to.Kind == ParameterGroups.Name {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceParameterGroup, "CacheParameterGroup not found: %s", to.ID)
	}
	return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceSubnetGroup, "Cache Subnet Group %s does not exist.", to.ID)
}
