package rotation

import (
	"context"
	"fmt"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/reconcile"
	"github.com/aikagi/aikagi/internal/store"
)

// lookEvery is how long a date may be away to be slept until. A timer stands still while the
// machine is suspended and does not know of a clock that is set, so the clock is asked again.
const lookEvery = time.Hour

// await begins the rotation that the group's schedule asks for, or returns when to ask
// again.
func (r *Reconciler) await(ctx context.Context, g *replication.Group) (reconcile.Result, error) {
	now := r.Now()
	due, next := g.DueRotation(now)
	switch {
	case next.IsZero():
		return reconcile.Done(), nil
	case !due && now.Before(next):
		return reconcile.After(min(next.Sub(now), lookEvery)), nil
	case !due: // the group is busy
		return reconcile.After(waitEvery), nil
	}
	problem := r.tryDestination(ctx, *g.RotationSchedule.Spec.Delivery)
	if ctx.Err() != nil {
		return reconcile.Done(), ctx.Err()
	}
	err := r.Store.Update(ctx, func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.Groups, g.Key())
		if err != nil {
			return err
		}
		if due, _ := g.DueRotation(now); !due {
			return nil
		}
		if problem != nil {
			return r.put(tx, g, g.FailScheduledRotation(cache.Why(problem), now))
		}
		return r.put(tx, g, g.StartScheduledRotation(rotation.NewSalt(), now))
	})
	if err != nil {
		return reconcile.Done(), fmt.Errorf("begin scheduled rotation: %w", err)
	}
	return reconcile.Again(), nil
}

// tryDestination finds out before anything is changed whether a delivery would work.
func (r *Reconciler) tryDestination(ctx context.Context, target rotation.Target) error {
	to, err := r.Delivery(target)
	if err != nil {
		return err
	}
	return to.Check(ctx)
}
