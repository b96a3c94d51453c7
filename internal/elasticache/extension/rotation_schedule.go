package extension

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// PutAuthTokenRotationSchedule is the action [own.PutAuthTokenRotationSchedule].
func (h Handlers) PutAuthTokenRotationSchedule(ctx context.Context, in *own.PutAuthTokenRotationScheduleInput) (*own.RotationScheduleOutput, error) {
	if in.EveryDays == nil {
		return nil, cache.Errorf(cache.KindMissing, "The request must contain the parameter EveryDays.")
	}
	spec, err := rotationSpec(&own.StartAuthTokenRotationInput{
		Delivery: in.Delivery, Finish: in.Finish, Brownout: in.Brownout, EvictOver: in.EvictOver, Grace: in.Grace, RollBackOver: in.RollBackOver,
	})
	if err != nil {
		return nil, err
	}
	if err := h.checkDelivery(ctx, spec); err != nil {
		return nil, err
	}
	return h.stepSchedule(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.SetRotationSchedule(int(*in.EveryDays), spec, h.Now())
	})
}

// DeleteAuthTokenRotationSchedule is the action [own.DeleteAuthTokenRotationSchedule].
func (h Handlers) DeleteAuthTokenRotationSchedule(ctx context.Context, in *own.GroupInput) (*own.RotationScheduleOutput, error) {
	return h.stepSchedule(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.DropRotationSchedule(h.Now())
	})
}

func (h Handlers) stepSchedule(ctx context.Context, group *string, step func(*replication.Group) ([]cache.Event, error)) (*own.RotationScheduleOutput, error) {
	g, err := act.ChangeGroup(ctx, h.Groups, act.NamedGroup(group), step)
	if err != nil {
		return nil, err
	}
	return &own.RotationScheduleOutput{ReplicationGroupId: g.ID, RotationSchedule: h.rotationSchedule(g)}, nil
}

func (h Handlers) rotationSchedule(g *replication.Group) *own.RotationSchedule {
	s := g.RotationSchedule
	if s == nil {
		return nil
	}
	_, next := g.DueRotation(h.Now())
	return &own.RotationSchedule{
		EveryDays: int32(s.Every), Delivery: s.Spec.Delivery.String(), Finish: s.Spec.Finish.String(),
		Brownout: s.Spec.Brownout.String(), EvictOver: s.Spec.EvictOver.String(), Grace: s.Spec.Grace.String(),
		RollBackOver: s.Spec.RollBackOver, SetAt: s.SetAt, LastAt: instant(s.LastAt), NextAt: next,
		Failed: s.Failed.Text, FailedFact: factOf(s.Failed), FailedAt: instant(s.FailedAt),
	}
}
