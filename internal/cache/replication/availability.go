package replication

import (
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Refusals of what automatic failover and Multi-AZ need. The first two are in the
// original's words.
//
// Source: answers quoted in hashicorp/terraform issue 25077 and in
// aws-cloudformation/cloudformation-coverage-roadmap issue 1275; for Multi-AZ, which
// the original documents without a text, ElastiCache User Guide, "Minimizing downtime
// by using Multi-AZ".
var (
	errFailoverNeedsTwo     = cache.Errorf(cache.KindCombination, "When using automatic failover, there must be at least 2 cache clusters in the replication group.")
	errFailoverNeedsReplica = cache.Errorf(cache.KindCombination, "Replication group must have at least one read replica to enable autofailover.")
	errMultiAZNeedsFailover = cache.Errorf(cache.KindCombination, "Multi-AZ needs automatic failover: AutomaticFailoverEnabled must be true while MultiAZEnabled is.")
)

// changeAvailability switches automatic failover and Multi-AZ. No node needs to know.
func (g *Group) changeAvailability(change Change) error {
	was := g.AutomaticFailover
	if change.AutomaticFailover != nil {
		g.AutomaticFailover = *change.AutomaticFailover
	}
	if change.MultiAZ != nil {
		g.MultiAZ = *change.MultiAZ
	}
	switch {
	case g.AutomaticFailover && !was && len(g.only().Nodes) < 2:
		return errFailoverNeedsReplica
	case g.MultiAZ && !g.AutomaticFailover:
		return errMultiAZNeedsFailover
	case g.AutomaticFailover != was && g.failingOver():
		return g.mustBeQuiet()
	}
	return nil
}

// promote asks for a replica to become the primary. before is the group as it was.
//
// Source: ElastiCache User Guide, "Promoting a read replica to primary": only while
// Multi-AZ and automatic failover are off.
func (g *Group) promote(change Change, before *Group, now time.Time) ([]cache.Event, error) {
	if change.PrimaryID == nil {
		return nil, nil
	}
	id := strings.ToLower(*change.PrimaryID)
	switch {
	case g.Node(id) == nil:
		return nil, cache.ResourceErrorf(cache.KindNotFound, cache.ResourceCacheCluster, "Cache cluster %s is not part of replication group %s.", id, g.ID)
	case id == g.only().PrimaryID:
		return nil, nil
	case g.AutomaticFailover || g.MultiAZ:
		return nil, cache.Errorf(cache.KindCombination, "A replica can only be promoted while automatic failover and Multi-AZ are disabled. "+
			"Disable them first, or in the same call; or use TestFailover.")
	case g.needsNodes(before):
		return nil, cache.Errorf(cache.KindCombination, "PrimaryClusterId cannot be combined with a token or a node type that takes effect at once.")
	}
	return g.RequestFailover(g.only(), CausePromote, id, now)
}
