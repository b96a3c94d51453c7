package group

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/reconcile"
	"github.com/aikagi/aikagi/internal/store"
)

// settling is the context in which it is written down that a group is what it should be. Only a creation waits for the disk. After a loss of
// power any other group would be looked at anyway, and settled once more: what it should be is on the disk since it was asked for.
func settling(ctx context.Context, g *replication.Group) context.Context {
	if g.Status == cache.StatusCreating {
		return ctx
	}
	return store.WithDeferredSync(ctx)
}

// rest ends the work on a group that was settled just now by what was seen before: to ask every node once more would be in the way of
// clients, who have waited for this. rests is false when there is more to do than to slow nodes down.
func (s *session) rest(ctx context.Context, g *replication.Group, observed Observed) (result reconcile.Result, rests bool) {
	decision := Plan(g, s.uses, observed, s.Now())
	if decision.Then != OutcomeRest || s.carryOut(ctx, g, decision.Steps) != nil {
		return reconcile.Done(), false
	}
	return reconcile.After(decision.After), true
}
