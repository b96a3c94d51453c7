package elasticache

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// PutAuthTokenRotationScheduleInput has a group's token rotated again and again, in its
// maintenance window; see [cache.RotationSchedule]. It takes the place of the schedule that
// the group has. The other members are those of [StartAuthTokenRotationInput].
type PutAuthTokenRotationScheduleInput struct {
	ReplicationGroupId *string
	EveryDays          *int32
	Delivery           *string
	Finish             *string
	Brownout           *string
	EvictOver          *string
	Grace              *string
	RollBackOver       *int64
}

// AuthTokenRotationScheduleOutput answers with the schedule that the group has now; with
// none after DeleteAuthTokenRotationSchedule.
type AuthTokenRotationScheduleOutput struct {
	ReplicationGroupId *string
	RotationSchedule   *AuthTokenRotationSchedule
}

// AuthTokenRotationSchedule is when a group's token is rotated, and how.
type AuthTokenRotationSchedule struct {
	EveryDays    *int32
	Delivery     *string
	Finish       *string
	Brownout     *string
	EvictOver    *string
	Grace        *string
	RollBackOver *int64
	SetAt        *time.Time
	LastAt       *time.Time // the newest rotation, by schedule or by hand, or attempt
	NextAt       *time.Time // in the past: it waits for the group
	Failed       *string    // why the last date came to nothing; absent: it did not fail
	FailedFact   *Fact      // what that says
	FailedAt     *time.Time
}

func (a *API) putAuthTokenRotationSchedule(ctx context.Context, in *PutAuthTokenRotationScheduleInput) (*AuthTokenRotationScheduleOutput, error) {
	if in.EveryDays == nil {
		return nil, cache.Errorf(cache.KindMissing, "The request must contain the parameter EveryDays.")
	}
	form := rotationForm{
		delivery: in.Delivery, finish: in.Finish, brownout: in.Brownout, evictOver: in.EvictOver, grace: in.Grace, rollBackOver: in.RollBackOver,
	}
	spec, err := form.spec()
	if err != nil {
		return nil, err
	}
	if err := a.checkDelivery(ctx, spec); err != nil {
		return nil, err
	}
	return a.schedule(ctx, in.ReplicationGroupId, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.SetRotationSchedule(int(*in.EveryDays), spec, a.Now())
	})
}

// DeleteAuthTokenRotationScheduleInput ends a group's schedule. A rotation that is under way
// goes on.
type DeleteAuthTokenRotationScheduleInput struct {
	ReplicationGroupId *string
}

func (a *API) deleteAuthTokenRotationSchedule(ctx context.Context, in *DeleteAuthTokenRotationScheduleInput) (*AuthTokenRotationScheduleOutput, error) {
	return a.schedule(ctx, in.ReplicationGroupId, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.DropRotationSchedule(a.Now())
	})
}

func (a *API) schedule(ctx context.Context, group *string, step func(*cache.ReplicationGroup) ([]cache.Event, error)) (*AuthTokenRotationScheduleOutput, error) {
	g, err := act.ChangeGroup(ctx, a.groups(), act.NamedGroup(group), step)
	if err != nil {
		return nil, err
	}
	return &AuthTokenRotationScheduleOutput{ReplicationGroupId: &g.ID, RotationSchedule: a.rotationSchedule(g)}, nil
}

func (a *API) rotationSchedule(g *cache.ReplicationGroup) *AuthTokenRotationSchedule {
	s := g.RotationSchedule
	if s == nil {
		return nil
	}
	_, next := g.DueRotation(a.Now())
	return &AuthTokenRotationSchedule{
		EveryDays: aws.Int32(int32(s.Every)), Delivery: aws.String(s.Spec.Delivery.String()), Finish: aws.String(s.Spec.Finish.String()),
		Brownout: aws.String(s.Spec.Brownout.String()), EvictOver: aws.String(s.Spec.EvictOver.String()), Grace: aws.String(s.Spec.Grace.String()),
		RollBackOver: aws.Int64(s.Spec.RollBackOver), SetAt: instant(s.SetAt), LastAt: instant(s.LastAt), NextAt: instant(next),
		Failed: optional(s.Failed.Text), FailedFact: factOf(s.Failed), FailedAt: instant(s.FailedAt),
	}
}
