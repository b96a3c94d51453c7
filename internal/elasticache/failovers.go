package elasticache

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// failovers returns receipts, newest first. Each is stored with every write of its group,
// so those that are under way are there too.
func failovers(tx store.Tx, q store.EntryQuery) ([]cache.Failover, error) {
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
		case cache.IsKind(err, cache.KindNotFound), err == nil && (g.NodeGroup.Failover == nil || g.NodeGroup.Failover.ID != f.ID):
			f.GivenUp = cache.Say(cache.FactFailoverOvertaken)
		case err != nil:
			return nil, err
		}
	}
	return found, nil
}

// overtaken reports whether a failover never came to its end, and no group has it under way.
func overtaken(f cache.Failover) bool {
	return f.GivenUp.Fact != nil && f.GivenUp.Fact.Code == cache.FactFailoverOvertaken
}

// DescribeFailoversInput asks for the receipts of failovers. No action of the
// original tells what a failover cost.
type DescribeFailoversInput struct {
	ReplicationGroupId *string // of this group only, which may be deleted by now
	MaxRecords         *int32
	Marker             *string
}

// DescribeFailoversOutput is the answer, newest first.
type DescribeFailoversOutput struct {
	Failovers []Failover
	Marker    *string
}

// Failover is a receipt; see [cache.Failover]. The microseconds are those since
// DetectedAt. What is absent did not come to pass (yet), or passed unseen.
type Failover struct {
	FailoverId                *string
	ReplicationGroupId        *string
	NodeGroupId               *string
	Cause                     *string // crash, hang, test, promote, reboot
	Planned                   *bool
	Status                    *string // pending, recovering, recovered, given up, overtaken
	GivenUpReason             *string
	GivenUpFact               *Fact // what the reason says
	FromCacheClusterId        *string
	ToCacheClusterId          *string
	DetectedAt                *string // RFC 3339 with microseconds
	PausedMicroseconds        *int64  // of a planned failover: writes were held back from here on
	FencedMicroseconds        *int64
	ElectedMicroseconds       *int64
	PromotedMicroseconds      *int64
	EndpointMovedMicroseconds *int64
	WriteAcceptedMicroseconds *int64
	RecoveredMicroseconds     *int64
	Resumed                   *bool            // aikagi was killed meanwhile: the times from the promotion on are when it saw it
	Offsets                   []FailoverOffset // of the nodes that could be asked
	FromOffset                *int64           // the last that is known of the old primary
	LossBytes                 *int64
	LossExact                 *bool   // else the old primary may have taken more
	Loss                      *string // the same in words
}

// FailoverOffset is how far a node had come in the stream of its primary's writes.
type FailoverOffset struct {
	CacheClusterId *string
	Offset         *int64 // bytes
}

func (a *API) describeFailovers(ctx context.Context, in *DescribeFailoversInput) (*DescribeFailoversOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	var found []cache.Failover
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		id := act.Lower(in.ReplicationGroupId)
		if found, err = failovers(tx, store.EntryQuery{Subject: id}); err != nil || id == "" || len(found) > 0 {
			return err
		}
		_, err = store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, id))
		return err
	})
	if err != nil {
		return nil, err
	}
	found, marker, err := act.Within(p, found, func(f cache.Failover) string { return f.ID })
	if err != nil {
		return nil, err
	}
	out := &DescribeFailoversOutput{Marker: marker}
	for _, f := range found {
		out.Failovers = append(out.Failovers, failover(f))
	}
	return out, nil
}

func failover(f cache.Failover) Failover {
	bytes, exact := f.Loss()
	out := Failover{
		FailoverId: aws.String(f.ID), ReplicationGroupId: aws.String(f.GroupID), NodeGroupId: aws.String(f.NodeGroupID),
		Cause: aws.String(string(f.Cause)), Planned: aws.Bool(f.Cause.Planned()), Status: aws.String(failoverStatus(f)),
		GivenUpReason: optional(f.GivenUp.Text), GivenUpFact: factOf(f.GivenUp), Resumed: aws.Bool(f.Resumed), FromCacheClusterId: optional(f.From), ToCacheClusterId: optional(f.To),
		DetectedAt:         aws.String(f.DetectedAt.UTC().Format("2006-01-02T15:04:05.000000Z07:00")),
		PausedMicroseconds: since(f, f.PausedAt), FencedMicroseconds: since(f, f.FencedAt), ElectedMicroseconds: since(f, f.ElectedAt),
		PromotedMicroseconds: since(f, f.PromotedAt), EndpointMovedMicroseconds: since(f, f.EndpointMovedAt),
		WriteAcceptedMicroseconds: since(f, f.WriteAcceptedAt), RecoveredMicroseconds: since(f, f.RecoveredAt),
	}
	for _, o := range f.Offsets {
		out.Offsets = append(out.Offsets, FailoverOffset{CacheClusterId: aws.String(o.NodeID), Offset: aws.Int64(o.Offset)})
	}
	if !f.ElectedAt.IsZero() {
		out.FromOffset, out.LossBytes, out.LossExact, out.Loss = aws.Int64(f.FromOffset), aws.Int64(bytes), aws.Bool(exact), aws.String(f.LossText())
	}
	return out
}

func since(f cache.Failover, at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	return aws.Int64(at.Sub(f.DetectedAt).Microseconds())
}

func failoverStatus(f cache.Failover) string {
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
