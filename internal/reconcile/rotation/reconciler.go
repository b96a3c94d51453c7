package rotation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/delivery"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/usage"
)

// Options are what a Reconciler needs.
type Options struct {
	Store   store.Store
	Keyring engine.Keyring
	Witness Witness
	Usage   Usage
	// Delivery returns what delivers to a target; an error when the service may not.
	Delivery func(cache.DeliveryTarget) (delivery.Delivery, error)
	// Changed is told of each group whose tokens are to be brought to its nodes.
	Changed func(cache.Key)
	Logger  *slog.Logger
	Now     func() time.Time
}

// Witness is told the tokens of changes, so that they are proven by a login.
type Witness interface {
	Remember(group cache.Key, token cache.Token)
	Drop(group cache.Key, token cache.Token)
}

// Usage asks nodes who uses which credential.
type Usage interface {
	// Of says how a group's credentials are used, and which nodes could not be asked.
	Of(ctx context.Context, g *cache.ReplicationGroup) (cache.GroupUsage, error)
	// Connections lists the connections that were opened with a credential, and the nodes
	// that could not be asked.
	Connections(ctx context.Context, g *cache.ReplicationGroup, credential string) ([]usage.NodeConnections, []cache.MissingNode)
	// End ends connections of one node.
	End(ctx context.Context, node *cache.Node, ids []int64) error
}

// Reconciler drives the rotations of groups. It is a [reconcile.Reconciler].
type Reconciler struct{ Options }

// New makes a reconciler.
func New(options Options) *Reconciler { return &Reconciler{options} }

// errMoved: somebody else changed the rotation since it was read.
var errMoved = errors.New("rotation was changed meanwhile")

// Reconcile does what is next for the rotation of a group, until there is nothing to do
// before the time that it returns. A group without one rests; its schedule may say when
// it has the next.
func (r *Reconciler) Reconcile(ctx context.Context, key cache.Key) (time.Duration, error) {
	for ctx.Err() == nil {
		g, err := r.load(ctx, key)
		switch {
		case cache.IsKind(err, cache.KindNotFound):
			return 0, nil
		case err != nil:
			return 0, err
		case g.Rotation == nil:
			return r.await(ctx, g)
		case g.Rotation.State.Final(): // the API ended it
			if err := r.write(ctx, g, nil, func(*cache.ReplicationGroup) ([]cache.Event, error) { return nil, nil }); err != nil && !errors.Is(err, errMoved) {
				return 0, err
			}
			continue
		}
		var seen cache.GroupUsage
		if NeedsUsage(g.Rotation) {
			if seen, err = r.Usage.Of(ctx, g); err != nil {
				return 0, r.explain(ctx, g, fmt.Errorf("ask who uses the credentials: %w", err))
			}
		}
		decision := Plan(g, seen, r.Now())
		err = r.carryOut(ctx, g, decision)
		switch {
		case errors.Is(err, errMoved):
			continue
		case err != nil:
			return 0, r.explain(ctx, g, err)
		case decision.After > 0:
			return decision.After, nil
		}
	}
	return 0, ctx.Err()
}

func (r *Reconciler) load(ctx context.Context, key cache.Key) (*cache.ReplicationGroup, error) {
	var g *cache.ReplicationGroup
	err := r.Store.View(ctx, func(tx store.Tx) (err error) {
		g, err = tx.ReplicationGroup(key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read group: %w", err)
	}
	return g, nil
}

// carryOut does one step, and writes down what it led to.
func (r *Reconciler) carryOut(ctx context.Context, g *cache.ReplicationGroup, d Decision) error {
	now := r.Now()
	switch d.Step {
	case StepRest:
		return nil
	case StepRotate:
		return r.rotate(ctx, g)
	case StepDeliver:
		return r.deliver(ctx, g)
	case StepGiveUp:
		return r.giveUp(ctx, g, d.Reason)
	case StepEvict:
		return r.evict(ctx, g, d.Evict)
	case StepNoteSet:
		return r.noteSet(ctx, g)
	case StepEnd:
		return r.write(ctx, g, r.witness(g), func(g *cache.ReplicationGroup) ([]cache.Event, error) { return g.EndOld(d.Brownout, d.Refused, now) })
	case StepEndBrownout:
		return r.write(ctx, g, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
			return g.EndBrownout(d.Refused, d.Culprits, now)
		})
	case StepRollBack:
		return r.write(ctx, g, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) { return g.RollBack(d.Refused, d.Culprits, now) })
	}
	return r.write(ctx, g, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		switch d.Step {
		case StepNoteRotated:
			return nil, g.NoteRotated(now)
		case StepConclude:
			return g.ConcludeRotation(now)
		}
		return g.FailRotation(d.Reason, now), nil
	})
}

// rotate makes the new token and asks for it in the group, if it can be delivered then.
// Nothing is staged before every node accepts it: a receiver may put it into use at once.
func (r *Reconciler) rotate(ctx context.Context, g *cache.ReplicationGroup) error {
	to, change, err := r.delivery(g)
	if err != nil {
		return err
	}
	if err := to.Check(ctx); err != nil {
		return fmt.Errorf("look at the destination: %w", err)
	}
	return r.write(ctx, g, &change.Token, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.RotateIn(change.Token.Digest(), r.Now())
	})
}

func (r *Reconciler) deliver(ctx context.Context, g *cache.ReplicationGroup) error {
	to, change, err := r.delivery(g)
	if err != nil {
		return err
	}
	if err := to.Stage(ctx, change); err != nil {
		return fmt.Errorf("prepare the delivery: %w", err)
	}
	fault.Point(fault.TokenStaged)
	if err := to.Deliver(ctx, change); err != nil {
		return fmt.Errorf("deliver the token: %w", err)
	}
	fault.Point(fault.TokenDelivered)
	return r.write(ctx, g, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) { return g.NoteDelivered(r.Now()) })
}

// giveUp has the destination forget the token before the group does. A destination that
// has it in use, and nothing to go back to, keeps it, and so does the group; as it does when
// the destination cannot be asked for long: it may have the token.
func (r *Reconciler) giveUp(ctx context.Context, g *cache.ReplicationGroup, reason string) error {
	to, change, err := r.delivery(g)
	if err == nil {
		err = to.Revert(ctx, change)
	}
	kept := errors.Is(err, delivery.ErrNothingBefore) || err != nil && r.Now().Sub(g.Rotation.Since) > 2*deliveryPatience
	if err != nil && !kept {
		return fmt.Errorf("take the token back from its destination: %w", err)
	}
	return r.write(ctx, g, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		if kept {
			return g.KeepDelivered(reason, r.Now())
		}
		return g.GiveUpDelivery(reason, r.Now())
	})
}

// noteSet has the destination forget the old token, which nobody accepts any more. It is a
// matter of tidiness, and does not hold the end up.
func (r *Reconciler) noteSet(ctx context.Context, g *cache.ReplicationGroup) error {
	if !g.Rotation.Spec.Adopt {
		to, change, err := r.delivery(g)
		if err == nil {
			err = to.Finish(ctx, change)
		}
		if err != nil {
			r.Logger.Warn("have the destination forget the old token", "group", g.ID, "rotation", g.Rotation.ID, "error", err)
		}
	}
	return r.write(ctx, g, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) { return g.NoteSet(r.Now()) })
}

// delivery returns where the rotation's token goes, and the token.
func (r *Reconciler) delivery(g *cache.ReplicationGroup) (delivery.Delivery, delivery.Change, error) {
	to, err := r.Delivery(*g.Rotation.Spec.Delivery)
	if err != nil {
		return nil, delivery.Change{}, err
	}
	token := r.Keyring.RotationToken(g.UID, g.Rotation.Salt)
	return to, delivery.Change{RotationID: g.Rotation.ID, GroupID: g.ID, Token: token, Fingerprint: token.Digest().Fingerprint()}, nil
}

// witness returns the token to prove SET with; nil for one that is not ours.
func (r *Reconciler) witness(g *cache.ReplicationGroup) *cache.Token {
	if g.Rotation.Salt == "" {
		return nil
	}
	token := r.Keyring.RotationToken(g.UID, g.Rotation.Salt)
	return &token
}

// write stores a step of the rotation that was read, unless it was changed since. The nodes
// are told, by others, if it changed the tokens; token is for the proof.
func (r *Reconciler) write(ctx context.Context, was *cache.ReplicationGroup, token *cache.Token, step func(*cache.ReplicationGroup) ([]cache.Event, error)) error {
	key := was.Key()
	if token != nil {
		r.Witness.Remember(key, *token)
	}
	var told bool
	err := r.Store.Update(ctx, func(tx store.UpdateTx) error {
		g, err := tx.ReplicationGroup(key)
		if err != nil {
			return err
		}
		if now := g.Rotation; now == nil || now.ID != was.Rotation.ID || now.State != was.Rotation.State || now.CancelNow != was.Rotation.CancelNow {
			return errMoved
		}
		before := g.TokensModifiedAt
		events, err := step(g)
		if err != nil {
			return err
		}
		told = !g.TokensModifiedAt.Equal(before)
		return put(tx, g, events)
	})
	if err != nil {
		if token != nil {
			r.Witness.Drop(key, *token)
		}
		if cache.IsKind(err, cache.KindNotFound) {
			return errMoved
		}
		return err
	}
	fault.Point(fault.RotationNoted)
	if told {
		r.Changed(key)
	}
	return nil
}

// put stores a group, with the receipt of its rotation.
func put(tx store.UpdateTx, g *cache.ReplicationGroup, events []cache.Event) error {
	if g.Rotation != nil {
		if err := tx.PutRotation(g.Rotation.Receipt()); err != nil {
			return err
		}
	}
	g.TakeRotation()
	if err := tx.PutReplicationGroup(g); err != nil {
		return err
	}
	if err := tx.AppendEvents(events...); err != nil {
		return err
	}
	fault.Point(fault.RotationBeforeCommit)
	return nil
}

// explain shows the group's owner what holds the rotation up, and returns the error, to be
// tried again.
func (r *Reconciler) explain(ctx context.Context, g *cache.ReplicationGroup, problem error) error {
	if ctx.Err() != nil || g.Rotation.Problem == problem.Error() {
		return problem
	}
	err := r.write(ctx, g, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.NoteRotationProblem(problem.Error(), r.Now())
	})
	if errors.Is(err, errMoved) {
		err = nil
	}
	return errors.Join(problem, err)
}
