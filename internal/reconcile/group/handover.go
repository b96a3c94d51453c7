package group

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/provider"
)

// Times of a handover.
const (
	// pauseLimit ends the pause of writes by itself, whatever becomes of us.
	pauseLimit = 2 * time.Second
	// catchUpLimit is how long a replica may take to read what the primary has written.
	catchUpLimit = 500 * time.Millisecond
	// catchUpEvery is how often it is asked.
	catchUpEvery = 200 * time.Microsecond
)

// errBehind: a replica did not catch up while writes were paused.
var errBehind = errors.New("replica does not catch up with its primary")

// handOver gives the role of the primary to a replica that has all of its data. Until
// the primary is told to follow its successor nothing has changed, and the pause ends
// by itself. From then on nobody takes writes until the successor does, so that a
// control plane that is killed in between leaves the next one nothing to guess.
//
// It is not broken off by the loss of another node: it takes milliseconds.
func (s *session) handOver(ctx context.Context, g *replication.Group, from, to *replication.Node, listen []netip.AddrPort) (replication.Switch, error) {
	ctx = context.WithoutCancel(ctx)
	primary, err := s.link(ctx, from)
	if err != nil {
		return replication.Switch{}, err
	}
	replica, err := s.link(ctx, to)
	if err != nil {
		return replication.Switch{}, err
	}
	paused, began := s.Now(), time.Now() // the second for what has to be on time
	offset, err := primary.PauseWrites(ctx, pauseLimit)
	if err == nil {
		fault.Point(fault.WritesPaused)
		err = catchUp(ctx, replica.Admin, offset)
	}
	if took := time.Since(began); err == nil && took > pauseLimit/2 {
		err = fmt.Errorf("%w in time: %s", errBehind, took)
	}
	if err != nil {
		err = errors.Join(err, primary.ResumeWrites(ctx))
		s.hangUp(from)
		s.hangUp(to)
		return replication.Switch{}, err
	}
	stopped, err := primary.Demote(ctx, s.addressOf(g, to.ID), s.doors(g, g.Own(from)...))
	if err != nil {
		return replication.Switch{}, err
	}
	fault.Point(fault.Demoted)
	if stopped > offset { // the pause ended before its time: the engine's clock stepped, or its process was stopped
		return replication.Switch{}, errors.Join(errBehind, primary.Promote(ctx, s.doors(g, append(g.Own(from), g.Primaries(g.ShardOf(from.ID))...)...)))
	}
	done := replication.Switch{
		To: to.ID, PausedAt: paused, FencedAt: s.Now(),
		FromOffset: offset, Offsets: []replication.NodeOffset{{NodeID: to.ID, Offset: offset}},
	}
	err = s.takeOver(ctx, g, replica.Admin, listen, &done)
	return done, err
}

// dismiss ends the connections of the old primary's clients, if it lives. It is done when
// the new one can be reached: who comes back finds somebody.
func (s *session) dismiss(ctx context.Context, g *replication.Group, to string) {
	shard := g.ShardOf(to)
	f, endpoints := shard.Failover, g.Primaries(shard)
	if f == nil || f.From == to || len(endpoints) == 0 {
		return
	}
	from := g.Node(f.From)
	if from == nil || s.Provider.Inspect(provider.NameOf(from)).Phase != provider.PhaseRunning {
		return
	}
	err := s.withAdmin(ctx, from, func(admin *engine.Admin) error {
		return admin.Dismiss(ctx, endpoints, g.Own(from)...)
	})
	if err != nil {
		s.Logger.Warn("end connections of old primary", "node", from.ID, "error", err)
	}
}

// catchUp waits until the replica has come as far as the primary that is paused.
func catchUp(ctx context.Context, replica *engine.Admin, offset int64) error {
	ctx, cancel := context.WithTimeoutCause(ctx, catchUpLimit, errBehind)
	defer cancel()
	for tick := time.NewTicker(catchUpEvery); ; {
		have, err := replica.Offset(ctx)
		switch {
		case err == nil && have >= offset:
			tick.Stop()
			return nil
		case err != nil && ctx.Err() == nil:
			return err
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// promote makes an elected node the primary.
func (s *session) promote(ctx context.Context, g *replication.Group, node *replication.Node, step Step) (replication.Switch, error) {
	ctx = context.WithoutCancel(ctx)
	done := replication.Switch{To: node.ID, Resumed: step.Resumed}
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return s.takeOver(ctx, g, admin, step.Listen, &done) })
	return done, err
}

// takeOver makes a node the primary at its endpoint, shows that it is by a write, and notes
// when. The write does not come over the network, where it would be in the way of clients
// that connect again; that they can is proven before the group is settled.
func (s *session) takeOver(ctx context.Context, g *replication.Group, node *engine.Admin, listen []netip.AddrPort, done *replication.Switch) error {
	if err := node.Promote(ctx, s.doors(g, listen...)); err != nil {
		return err
	}
	fault.Point(fault.Promoted)
	done.PromotedAt = s.Now()
	if endpoint := g.ShardOf(done.To).PrimaryEndpoint; !endpoint.IsValid() || slices.Contains(listen, endpoint) {
		done.EndpointMovedAt = done.PromotedAt // in the same exchange
	}
	s.dismiss(ctx, g, done.To)
	if err := node.TryWrite(ctx); err != nil {
		s.Logger.Warn("try a write at new primary", "group", g.Key(), "error", err)
		return nil //nolint:nilerr // the role is taken; the receipt says that no write was seen
	}
	done.WriteAcceptedAt = s.Now()
	return nil
}
