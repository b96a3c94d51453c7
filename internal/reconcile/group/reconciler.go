package group

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/atrest"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/dns/hostname"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/health"
	"github.com/aikagi/aikagi/internal/lag"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/reconcile"
	"github.com/aikagi/aikagi/internal/store"
)

// Options are what a Reconciler needs. It owns none of them.
type Options struct {
	Store     store.Store
	Provider  provider.Provider
	Authority *pki.Authority
	Keyring   engine.Keyring
	DataKeys  *atrest.Keys          // of groups whose files are encrypted; nil: there are none
	Engines   []cache.EngineVersion // that are installed
	// Module returns the absolute path of an engine module that is whole, for a node that is
	// about to start.
	Module func(context.Context) (string, error)
	// CopyModule gives each node a copy of it: nodes run as users that cannot reach its path.
	CopyModule bool
	Network    netip.Prefix // that nodes have their loopback addresses in
	// Advertise is what clients on other machines call this one: a name or an address, which certificates are to cover. Empty:
	// they use the addresses of the groups.
	Advertise string
	Plan      cache.AddressPlan // that is served; with another than host nothing is said of what is advertised
	Witness   *Witness
	Health    *health.Monitor
	Lags      *lag.Tracker
	Domain    hostname.Domain // of the names that certificates cover; empty: none
	Logger    *slog.Logger
	Now       func() time.Time
}

// Reconciler brings groups to what the store says of them. It is safe for
// concurrent use on different groups; a [reconcile.Loop] keeps two calls about one
// group apart.
type Reconciler struct {
	Options
	reconcile.Written
	interrupts interrupts
	suspects   suspects
}

// New makes a reconciler. Without Lags it has a tracker of its own, which hears what the reconciler
// sees itself only.
func New(options Options) *Reconciler {
	if options.Lags == nil {
		options.Lags = lag.New(nil)
	}
	return &Reconciler{Options: options}
}

// errChanged: the group was written by somebody else while a plan was carried out.
var errChanged = errors.New("group was changed meanwhile")

// passesMax bounds the plans of one call, so that one group that never comes to
// rest cannot keep a worker.
const passesMax = 50

// Reconcile carries plans out until one says to rest. If it
// is interrupted, whoever did it asks for another call.
func (r *Reconciler) Reconcile(ctx context.Context, key cache.Key) (reconcile.Result, error) {
	ctx, done := r.interrupts.begin(ctx, key)
	defer done()
	result, err := r.reconcile(ctx, key)
	if errors.Is(context.Cause(ctx), errInterrupted) {
		return reconcile.Done(), nil
	}
	return result, err
}

func (r *Reconciler) reconcile(ctx context.Context, key cache.Key) (reconcile.Result, error) {
	s := newSession(r)
	defer s.close()
	for range passesMax {
		g, err := s.load(ctx, key)
		switch {
		case errors.Is(err, errChanged):
			continue
		case cache.IsKind(err, cache.KindNotFound):
			r.Witness.Forget(key)
			r.Forget(key)
			r.Lags.Forget(key)
			r.suspects.forget(key)
			return reconcile.Done(), nil
		case err != nil:
			return reconcile.Done(), fmt.Errorf("read group: %w", err)
		}
		observed := s.observe(ctx, g)
		if ctx.Err() != nil {
			return reconcile.Done(), ctx.Err() // nodes that did not answer may have been given no time to
		}
		s.watch(g, observed)
		if err := s.heed(ctx, g, observed); errors.Is(err, errChanged) {
			continue
		} else if err != nil {
			return reconcile.Done(), err
		}
		decision, anew, err := s.follow(ctx, g, Plan(g, s.uses, observed, r.Now()))
		if anew {
			continue
		} else if err != nil {
			return reconcile.Done(), err
		}
		err = r.conclude(ctx, g, observed, decision)
		switch {
		case errors.Is(err, errChanged):
			continue
		case err != nil:
			return reconcile.Done(), err
		case decision.Then == OutcomeRest:
			return reconcile.After(decision.After), r.settleUsers(ctx, g.UserGroups())
		case decision.Then == OutcomeForget:
			return reconcile.Done(), nil
		case decision.Then == OutcomeSettle:
			if rest, rests := s.rest(ctx, g, observed); rests {
				return rest, nil
			}
		case promotes(decision):
			return reconcile.Again(), nil // the rest is repair: groups without a primary go first
		}
	}
	return reconcile.After(time.Second), nil
}

// follow carries a decision out. It returns what there is to conclude from it, unless the group is to be looked at
// anew first.
func (s *session) follow(ctx context.Context, g *replication.Group, decision Decision) (done Decision, anew bool, err error) {
	err = s.carryOut(ctx, g, decision.Steps)
	switch {
	case err == nil:
		return decision, addressed(g, decision), nil
	case s.occupies(err) || lostRace(err):
		return decision, true, nil
	case s.hopeless(g, err):
		return Decision{Then: OutcomeFail, Reason: reasonFor(err)}, false, nil
	}
	return decision, false, errors.Join(err, s.explain(ctx, g, err))
}

func promotes(decision Decision) bool {
	return slices.ContainsFunc(decision.Steps, func(s Step) bool { return s.Kind == StepPromote })
}

// creationDeadline is how long the errors of a creation are met with another try.
const creationDeadline = 5 * time.Minute

// hopeless reports whether a creation is to be given up after an error.
func (r *Reconciler) hopeless(g *replication.Group, err error) bool {
	if g.Status != cache.StatusCreating {
		return false
	}
	if _, full := noRoom(err); full {
		return true
	}
	return errors.Is(err, provider.ErrNoBinary) || errors.Is(err, provider.ErrFull) || errors.Is(err, errOccupied) || r.Now().Sub(g.CreatedAt) > creationDeadline
}

// reasonFor is what a group's owner is shown of an error.
func reasonFor(err error) string {
	if sentence, full := noRoom(err); full {
		return sentence
	}
	return err.Error()
}

// explain shows the group's owner what keeps it from coming to rest. The next
// success takes it back.
func (r *Reconciler) explain(ctx context.Context, g *replication.Group, problem error) error {
	reason := reasonFor(problem)
	if ctx.Err() != nil || g.StatusReason == reason || g.Explains(reason) {
		return nil
	}
	g.StatusReason = reason
	if err := r.write(ctx, g, nil); err != nil && !errors.Is(err, errChanged) {
		return err
	}
	return nil
}

// load reads the group, and carries out what time and the machine have brought: the
// end of a move, an engine that was upgraded.
func (s *session) load(ctx context.Context, key cache.Key) (*replication.Group, error) {
	g, err := s.read(ctx, key)
	if err != nil {
		return nil, err
	}
	events := g.UpdateDeferred(s.Engines, s.Now())
	events = append(events, g.EndMoveInTime(s.Now())...)
	if next, ok := cache.Successor(s.Engines, g.Version()); ok {
		events = append(events, g.Succeed(next, s.Now())...)
	}
	events = append(events, g.NoteBuild(slices.Contains(s.Engines, g.Version()), s.Now())...)
	advertised := (s.Plan == cache.PlanHost || s.Advertise != "") && g.NoteAdvertised(s.Advertise)
	if len(events) == 0 && !advertised {
		return g, nil
	}
	if err := s.write(ctx, g, events); err != nil {
		return nil, err
	}
	return s.read(ctx, key) // what goes with it may be something else now, as its parameters are
}

// read returns the group, and remembers what it uses.
func (s *session) read(ctx context.Context, key cache.Key) (g *replication.Group, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if g, err = store.Get(tx, store.Groups, key); err != nil {
			return err
		}
		if s.uses.Parameters, err = store.ParametersOf(tx, g); err != nil {
			return err
		}
		if s.uses.Users, err = store.AccountsFor(tx, g); err != nil {
			return err
		}
		s.uses.Admits, err = store.AdmissionOf(tx, g)
		return err
	})
	return g, err
}

// conclude writes down what a plan has led to, when all of its steps succeeded.
func (r *Reconciler) conclude(ctx context.Context, g *replication.Group, observed Observed, decision Decision) error {
	switch decision.Then {
	case OutcomeSettle:
		fault.Point(fault.BeforeSettle)
		closing, userGroups := g.Move != nil && !g.Move.Both(), g.UserGroups()
		if err := r.write(settling(ctx, g), g, g.Settle(r.Now(), restored(g, observed))); err != nil {
			return err
		}
		fault.Point(fault.AfterSettle)
		if closing {
			fault.Point(fault.MoveEnded)
		}
		r.Witness.Forget(g.Key())
		return r.settleUsers(ctx, userGroups)
	case OutcomeFail:
		events, err := g.FailCreate(decision.Reason, r.Now())
		if err != nil {
			return err
		}
		return r.write(ctx, g, events)
	case OutcomeForget:
		fault.Point(fault.BeforeForget)
		if err := r.forget(ctx, g); err != nil {
			return err
		}
		r.Lags.Forget(g.Key())
		r.DataKeys.Forget(g.UID)
		fault.Point(fault.AfterForget)
		return r.settleUsers(ctx, g.UserGroups())
	}
	return nil
}

// write stores a group that was read before; the revision keeps it from undoing
// what somebody else wrote meanwhile.
func (r *Reconciler) write(ctx context.Context, g *replication.Group, events []cache.Event) error {
	err := r.Store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error {
		if err := store.PutGroup(tx, g, events...); err != nil {
			return err
		}
		r.Note(tx, g)
		return nil
	})
	if errors.Is(err, store.ErrConflict) || cache.IsKind(err, cache.KindNotFound) {
		return errChanged
	}
	if err != nil {
		return fmt.Errorf("write group: %w", err)
	}
	return nil
}

func (r *Reconciler) forget(ctx context.Context, g *replication.Group) error {
	err := r.Store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error { return store.DeleteGroup(tx, g, g.RemoveNotice(r.Now())) })
	if err != nil {
		return fmt.Errorf("remove group: %w", err)
	}
	return nil
}

// restored says of each node that was restarted what it came back with.
func restored(g *replication.Group, observed Observed) map[string]cache.Saying {
	texts := map[string]cache.Saying{}
	for _, node := range g.Nodes() {
		view := observed[node.ID].View
		switch {
		case !g.IsPrimary(node.ID):
			texts[node.ID] = cache.Say(cache.FactBackInSync)
		case node.Crashed && len(g.ShardOf(node.ID).Nodes) == 1:
			texts[node.ID] = cache.Say(cache.FactSnapshotLoaded, "n", view.KeysLoaded)
		default:
			texts[node.ID] = cache.Say(cache.FactKeysLoaded, "n", view.KeysLoaded)
		}
	}
	return texts
}

// Watch calls changed with the key of each group that had a process end, until ctx
// ends. What is being done to that group is broken off: it may wait for something that
// does not matter any more.
func (r *Reconciler) Watch(ctx context.Context, changed func(cache.Key)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case exit := <-r.Provider.Exits():
			if exit.Requested {
				continue
			}
			r.Logger.Info("node ended unexpectedly", "node", exit.Node, "reason", exit.Reason)
			r.Interrupt(ctx, exit.Node, changed)
		}
	}
}

// Interrupt has the group of a node looked at anew at once, because the node was lost.
// What goes on is ended first: the call that is asked for must not be ended with it.
func (r *Reconciler) Interrupt(ctx context.Context, node provider.NodeName, changed func(cache.Key)) {
	key, err := r.groupOf(ctx, node)
	switch {
	case err == nil:
		r.interrupts.send(key)
		changed(key)
	case !cache.IsKind(err, cache.KindNotFound) && ctx.Err() == nil:
		r.Logger.Warn("look up group of lost node", "node", node, "error", err)
	}
}

// Break ends what is being done to a group, so that it is looked at anew: what others may do there has changed, and that does not wait
// for a node which takes its time to stop.
func (r *Reconciler) Break(key cache.Key) { r.interrupts.send(key) }

func (r *Reconciler) groupOf(ctx context.Context, name provider.NodeName) (cache.Key, error) {
	var key cache.Key
	err := r.Store.View(ctx, func(tx store.Tx) error {
		g, err := store.GroupOfNode(tx, name.ID())
		if err == nil {
			key = g.Key()
		}
		return err
	})
	return key, err
}
