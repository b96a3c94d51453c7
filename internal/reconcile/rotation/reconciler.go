package rotation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	cacheusage "github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/delivery"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/reconcile"
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
	Delivery  func(rotation.Target) (delivery.Delivery, error)
	Advertise string // what other machines call this one; empty: its addresses
	Logger    *slog.Logger
	Now       func() time.Time
}

// Witness is told the tokens of changes, so that they are proven by a login.
type Witness interface {
	// Remember keeps the token of a change until that is proven.
	Remember(group cache.Key, token token.Token)
	// Drop takes back one Remember, for a change that was not stored.
	Drop(group cache.Key, token token.Token)
}

// Usage asks nodes who uses which credential.
type Usage interface {
	// Of says how a group's credentials are used, and which nodes could not be asked.
	Of(ctx context.Context, g *replication.Group) (cacheusage.Group, error)
	// Connections lists the connections that were opened with a credential, and the nodes
	// that could not be asked.
	Connections(ctx context.Context, g *replication.Group, credential string) ([]usage.NodeConnections, []cacheusage.MissingNode)
	// End ends connections of one node.
	End(ctx context.Context, node *replication.Node, ids []int64) error
}

// Reconciler drives the rotations of groups. It is a [reconcile.Reconciler].
type Reconciler struct {
	Options
	reconcile.Written
	slots chan struct{} // of deliveries
}

// deliveriesAtOnce is how many destinations are talked to at the same time. Each may take
// a minute; rotations that watch for clients that fail do not wait for them.
const deliveriesAtOnce = 16

// New makes a reconciler.
func New(options Options) *Reconciler {
	return &Reconciler{Options: options, slots: make(chan struct{}, deliveriesAtOnce)}
}

// errMoved: somebody else changed the rotation since it was read.
var errMoved = errors.New("rotation was changed meanwhile")

// Reconcile does what is next for the rotation of a group, until there is nothing to do
// before the time of its result. A group without one rests; its schedule may say when
// it has the next.
func (r *Reconciler) Reconcile(ctx context.Context, key cache.Key) (reconcile.Result, error) {
	for ctx.Err() == nil {
		g, err := r.load(ctx, key)
		switch {
		case cache.IsKind(err, cache.KindNotFound):
			r.Forget(key)
			return reconcile.Done(), nil
		case err != nil:
			return reconcile.Done(), err
		case g.Rotation == nil:
			return r.await(ctx, g)
		case g.Rotation.State.Final(): // the API ended it
			r.finish(ctx, g)
			if err := r.write(ctx, g, nil, rotation.Stay); err != nil && !errors.Is(err, errMoved) {
				return reconcile.Done(), err
			}
			continue
		}
		var seen cacheusage.Group
		asked := time.Now()
		if NeedsUsage(g.Rotation) {
			if seen, err = r.Usage.Of(ctx, g); err != nil {
				return reconcile.Done(), r.explain(ctx, g, fmt.Errorf("ask who uses the credentials: %w", err))
			}
		}
		took := time.Since(asked)
		decision := Plan(g, seen, r.Now())
		err = r.carryOut(ctx, g, decision)
		switch {
		case errors.Is(err, errMoved):
			continue
		case err != nil:
			return reconcile.Done(), r.explain(ctx, g, err)
		case decision.After > 0:
			return reconcile.After(max(decision.After, min(askShare*took, askPause))), nil
		}
	}
	return reconcile.Done(), ctx.Err()
}

// A node with very many connections is held up by being asked who they are: it may rest for so
// many times what that took, but not so long that a rollback would take a second.
const (
	askShare = 10
	askPause = 700 * time.Millisecond
)

func (r *Reconciler) load(ctx context.Context, key cache.Key) (*replication.Group, error) {
	var g *replication.Group
	err := r.Store.View(ctx, func(tx store.Tx) (err error) {
		g, err = store.Get(tx, store.Groups, key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read group: %w", err)
	}
	return g, nil
}

// carryOut does one step, and writes down what it led to.
func (r *Reconciler) carryOut(ctx context.Context, g *replication.Group, d Decision) error {
	switch d.Step {
	case StepRest:
		return r.tell(ctx, g, d.Problem)
	case StepOfferTLS:
		return r.write(ctx, g, nil, rotation.OfferTLS)
	case StepNoteTLSOffered:
		return r.write(ctx, g, nil, rotation.NoteTLSOffered)
	case StepEndPlaintext:
		return r.write(ctx, g, nil, rotation.EndPlaintext)
	case StepNoteTLSRequired:
		return r.write(ctx, g, nil, rotation.NoteTLSRequired)
	case StepRotate:
		return r.rotate(ctx, g)
	case StepDeliver:
		return r.deliver(ctx, g)
	case StepGiveUp:
		return r.giveUp(ctx, g, d.Reason)
	case StepEvict:
		if err := r.evict(ctx, g, d.Evict); err != nil && !errors.Is(err, errMoved) {
			// It has its turn again soon; nothing may keep us from seeing who fails now.
			r.Logger.Warn("end connections of an old token", "group", g.ID, "rotation", g.Rotation.ID, "error", err)
		}
		return nil
	case StepConclude:
		r.finish(ctx, g)
		return r.write(ctx, g, nil, rotation.Conclude(d.Refused))
	case StepEnd:
		return r.write(ctx, g, r.token(g), rotation.EndOld(d.Brownout, d.From))
	case StepEndBrownout:
		return r.write(ctx, g, nil, rotation.EndBrownout(d.Refused, d.Culprits))
	case StepRollBack:
		return r.write(ctx, g, nil, rotation.RollBack(d.Refused, d.Culprits))
	case StepNoteRotated:
		return r.write(ctx, g, nil, rotation.NoteRotated)
	case StepNoteSet:
		return r.write(ctx, g, nil, rotation.NoteSet)
	}
	return r.write(ctx, g, nil, rotation.Fail(d.Reason))
}

// token makes the rotation's new token; nil when it is not ours, or its salt is erased.
func (r *Reconciler) token(g *replication.Group) *token.Token {
	if g.Rotation.Salt == "" {
		return nil
	}
	token := r.Keyring.RotationToken(g.UID, g.Rotation.Salt)
	return &token
}

// write stores a step of the rotation that was read, unless it was changed since. The nodes
// are told, by others, if it changed the tokens; token is for the proof.
func (r *Reconciler) write(ctx context.Context, was *replication.Group, token *token.Token, step rotation.Step) error {
	key := was.Key()
	if token != nil {
		r.Witness.Remember(key, *token)
	}
	err := r.Store.Update(ctx, func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.Groups, key)
		if err != nil {
			return err
		}
		if now := g.Rotation; now == nil || now.ID != was.Rotation.ID || now.State != was.Rotation.State ||
			now.CancelNow != was.Rotation.CancelNow || now.FinishNow != was.Rotation.FinishNow || now.RollBackNow != was.Rotation.RollBackNow {
			return errMoved
		}
		events, err := g.Turn(step, r.Now())
		if err != nil {
			return err
		}
		return r.put(tx, g, events)
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
	return nil
}

// put stores a group, without its rotation if that is over.
func (r *Reconciler) put(tx store.UpdateTx, g *replication.Group, events []cache.Event) error {
	g.TakeRotation()
	if err := store.PutGroup(tx, g, events...); err != nil {
		return err
	}
	r.Note(tx, g)
	fault.Point(fault.RotationBeforeCommit)
	return nil
}

// explain shows the group's owner what holds the rotation up, and returns the error, to be
// tried again.
func (r *Reconciler) explain(ctx context.Context, g *replication.Group, problem error) error {
	if ctx.Err() != nil {
		return problem
	}
	told := cache.Why(problem)
	if failed := (*failure)(nil); errors.As(problem, &failed) {
		told = failed.saying()
	}
	return errors.Join(problem, r.tell(ctx, g, told))
}

// tellEvery is how often a problem is written down that is worded anew with each try.
const tellEvery = time.Minute

// tell shows the group's owner what holds the rotation up, or that nothing does any more.
func (r *Reconciler) tell(ctx context.Context, g *replication.Group, problem cache.Saying) error {
	now, last := r.Now(), g.Rotation
	since := now.Sub(last.ProblemAt)
	if problem.Text == last.Problem.Text || !problem.Empty() && !last.Problem.Empty() && since >= 0 && since < tellEvery {
		return nil
	}
	err := r.write(ctx, g, nil, rotation.NoteProblem(problem))
	if errors.Is(err, errMoved) {
		err = nil
	}
	return err
}
