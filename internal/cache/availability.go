package cache

import (
	"strings"
	"time"
)

// TestFailoversMax is how often TestFailover may be called in any TestFailoverSpan,
// over all groups.
//
// Source: API reference, TestFailover ("on up to 15 shards in any rolling 24-hour
// period").
const (
	TestFailoversMax = 15
	TestFailoverSpan = 24 * time.Hour
)

// Refusals of what automatic failover and Multi-AZ need. The first two are in the
// original's words.
//
// Source: answers quoted in hashicorp/terraform issue 25077 and in
// aws-cloudformation/cloudformation-coverage-roadmap issue 1275; for Multi-AZ, which
// the original documents without a text, ElastiCache User Guide, "Minimizing downtime
// by using Multi-AZ".
var (
	errFailoverNeedsTwo     = Errorf(KindCombination, "When using automatic failover, there must be at least 2 cache clusters in the replication group.")
	errFailoverNeedsReplica = Errorf(KindCombination, "Replication group must have at least one read replica to enable autofailover.")
	errMultiAZNeedsFailover = Errorf(KindCombination, "Multi-AZ needs automatic failover: AutomaticFailoverEnabled must be true while MultiAZEnabled is.")
)

// changeAvailability switches automatic failover and Multi-AZ. No node needs to know.
func (g *ReplicationGroup) changeAvailability(change Change) error {
	was := g.AutomaticFailover
	if change.AutomaticFailover != nil {
		g.AutomaticFailover = *change.AutomaticFailover
	}
	if change.MultiAZ != nil {
		g.MultiAZ = *change.MultiAZ
	}
	switch {
	case g.AutomaticFailover && !was && len(g.NodeGroup.Nodes) < 2:
		return errFailoverNeedsReplica
	case g.MultiAZ && !g.AutomaticFailover:
		return errMultiAZNeedsFailover
	case g.AutomaticFailover != was && g.NodeGroup.Failover != nil:
		return g.mustBeQuiet()
	}
	return nil
}

// promote asks for a replica to become the primary. before is the group as it was.
//
// Source: ElastiCache User Guide, "Promoting a read replica to primary": only while
// Multi-AZ and automatic failover are off.
func (g *ReplicationGroup) promote(change Change, before *ReplicationGroup, now time.Time) ([]Event, error) {
	if change.PrimaryID == nil {
		return nil, nil
	}
	id := strings.ToLower(*change.PrimaryID)
	switch {
	case g.Node(id) == nil:
		return nil, ResourceErrorf(KindNotFound, ResourceCacheCluster, "Cache cluster %s is not part of replication group %s.", id, g.ID)
	case id == g.NodeGroup.PrimaryID:
		return nil, nil
	case g.AutomaticFailover || g.MultiAZ:
		return nil, Errorf(KindCombination, "A replica can only be promoted while automatic failover and Multi-AZ are disabled. "+
			"Disable them first, or in the same call; or use TestFailover.")
	case g.needsNodes(before):
		return nil, Errorf(KindCombination, "PrimaryClusterId cannot be combined with a token or a node type that takes effect at once.")
	}
	return g.RequestFailover(CausePromote, id, now)
}

// TestFailover asks for a failover that shows clients what one is like. recent is the
// number of those asked for, over all groups, within [TestFailoverSpan]. Errors:
// [KindNotFound] about [ResourceNodeGroup], [KindState], [KindRate].
func (g *ReplicationGroup) TestFailover(nodeGroupID string, recent int, now time.Time) ([]Event, error) {
	switch {
	case nodeGroupID != g.NodeGroup.ID:
		return nil, ResourceErrorf(KindNotFound, ResourceNodeGroup, "Node group %s not found in replication group %s.", nodeGroupID, g.ID)
	case !g.AutomaticFailover:
		return nil, ResourceErrorf(KindState, ResourceReplicationGroup, "Automatic failover must be enabled on replication group %s to test it.", g.ID)
	}
	if err := g.mustBeQuiet(); err != nil {
		return nil, err
	}
	if recent >= TestFailoversMax {
		return nil, Errorf(KindRate, "TestFailover can be called for at most %d node groups in any 24 hours.", TestFailoversMax)
	}
	return g.RequestFailover(CauseTest, "", now)
}
