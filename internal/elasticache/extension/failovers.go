package extension

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// failovers returns receipts, newest first. Each is stored with every write of its group,
// so those that are under way are there too.
func failovers(tx store.Tx, q store.EntryQuery) ([]replication.Failover, error) {
	q.Newest = true
	found, err := store.Read(tx, store.Failovers, q)
	if err != nil {
		return nil, err
	}
	for i := range found {
		f := &found[i]
		if !f.RecoveredAt.IsZero() || !f.GivenUp.Empty() {
			continue
		}
		g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, f.GroupID))
		switch {
		case cache.IsKind(err, cache.KindNotFound), err == nil && !underWay(g, f):
			f.GivenUp = cache.Say(cache.FactFailoverOvertaken)
		case err != nil:
			return nil, err
		}
	}
	return found, nil
}

// underWay reports whether a failover is what a shard of its group is going through.
func underWay(g *replication.Group, f *replication.Failover) bool {
	shard := g.Shard(f.NodeGroupID)
	return shard != nil && shard.Failover != nil && shard.Failover.ID == f.ID
}

// overtaken reports whether a failover never came to its end, and no group has it under way.
func overtaken(f replication.Failover) bool {
	return f.GivenUp.Fact != nil && f.GivenUp.Fact.Code == cache.FactFailoverOvertaken
}

// DescribeFailovers is the action [own.DescribeFailovers].
func (h Handlers) DescribeFailovers(ctx context.Context, in *own.DescribeFailoversInput) (out *own.DescribeFailoversOutput, err error) {
	out = &own.DescribeFailoversOutput{}
	log := receipts[replication.Failover, own.Failover]{failovers, func(f replication.Failover) string { return f.ID }, failover}
	out.Failovers, out.Marker, err = log.page(ctx, h.Deps, receiptQuery{group: in.ReplicationGroupId, marker: in.Marker, max: in.MaxRecords})
	return out, err
}

func failover(f replication.Failover) own.Failover {
	bytes, exact := f.Loss()
	out := own.Failover{
		FailoverId: f.ID, ReplicationGroupId: f.GroupID, NodeGroupId: f.NodeGroupID, Cause: string(f.Cause), Planned: f.Cause.Planned(),
		Status: failoverStatus(f), GivenUpReason: f.GivenUp.Text, GivenUpFact: factOf(f.GivenUp), Resumed: f.Resumed,
		FromCacheClusterId: f.From, ToCacheClusterId: f.To, DetectedAt: f.DetectedAt,
		PausedMicroseconds: since(f, f.PausedAt), FencedMicroseconds: since(f, f.FencedAt), ElectedMicroseconds: since(f, f.ElectedAt),
		PromotedMicroseconds: since(f, f.PromotedAt), EndpointMovedMicroseconds: since(f, f.EndpointMovedAt),
		WriteAcceptedMicroseconds: since(f, f.WriteAcceptedAt), RecoveredMicroseconds: since(f, f.RecoveredAt),
	}
	for _, o := range f.Offsets {
		out.Offsets = append(out.Offsets, own.FailoverOffset{CacheClusterId: o.NodeID, Offset: o.Offset})
	}
	if !f.ElectedAt.IsZero() {
		out.FromOffset, out.LossBytes, out.LossExact, out.Loss = &f.FromOffset, &bytes, &exact, f.LossText()
	}
	return out
}

func since(f replication.Failover, at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	return aws.Int64(at.Sub(f.DetectedAt).Microseconds())
}

func failoverStatus(f replication.Failover) string {
	switch {
	case overtaken(f):
		return "overtaken"
	case !f.GivenUp.Empty():
		return "given up"
	case f.ElectedAt.IsZero():
		return "pending"
	case f.RecoveredAt.IsZero():
		return "recovering"
	}
	return "recovered"
}
