package group

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
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

// switched is what a change of roles has come to.
type switched struct {
	replication.Switch
	notes []note // of connections that the rules or the mode, which came into force with it, do not allow
}

// ended keeps what is to be told of connections to a node.
func (s *switched) ended(nodeID string, ended engine.Ended, now time.Time) {
	s.notes = append(s.notes, noteEnded(nodeID, ended, now))
}

// note is what is to be written down, also if the role was not taken in the end; nil: nothing.
func (s *switched) note(now time.Time) note {
	notes := s.notes
	if done := s.Switch; !done.PromotedAt.IsZero() {
		notes = append([]note{func(g *replication.Group) []cache.Event { return g.NoteSwitch(done, now) }}, notes...)
	}
	return allOf(notes...)
}

// errBehind: a replica did not catch up while writes were paused.
var errBehind = errors.New("replica does not catch up with its primary")

// handOver gives the role of the primary to a replica that has all of its data. Until
// the primary is told to follow its successor nothing has changed, and the pause ends
// by itself. From then on nobody takes writes until the successor does, so that a
// control plane that is killed in between leaves the next one nothing to guess.
//
// It is not broken off by the loss of another node: it takes milliseconds. The old primary keeps what it serves of its own addresses and
// opens none, for that could fail just when nobody takes writes: another program may have one of them.
func (s *session) handOver(ctx context.Context, w work) (done switched, err error) {
	ctx = context.WithoutCancel(ctx)
	g, from, to := w.group, w.node, w.group.Node(w.To)
	primary, err := s.link(ctx, from)
	if err != nil {
		return done, err
	}
	replica, err := s.link(ctx, to)
	if err != nil {
		return done, err
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
		return done, err
	}
	stopped, ended, err := primary.Demote(ctx, s.addressOf(g, to.ID), s.doors(g, w.Keep...))
	done.ended(from.ID, ended, s.Now())
	if engine.IsRefused(err) { // it may be the primary still, and its endpoint closed
		_, opened := primary.Listen(ctx, s.doors(g, append(slices.Clip(w.Keep), g.Primaries(g.ShardOf(from.ID))...)...))
		err = errors.Join(err, opened)
	}
	if err != nil {
		return done, err
	}
	fault.Point(fault.Demoted)
	if stopped > offset { // the pause ended before its time: the engine's clock stepped, or its process was stopped
		ended, err := primary.Promote(ctx, s.doors(g, append(slices.Clip(w.Keep), g.Primaries(g.ShardOf(from.ID))...)...))
		done.ended(from.ID, ended, s.Now())
		return done, errors.Join(errBehind, err)
	}
	done.Switch = replication.Switch{
		To: to.ID, PausedAt: paused, FencedAt: s.Now(),
		FromOffset: offset, Offsets: []replication.NodeOffset{{NodeID: to.ID, Offset: offset}},
	}
	err = s.takeOver(ctx, g, replica.Admin, w.Listen, &done)
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
func (s *session) promote(ctx context.Context, w work) (switched, error) {
	ctx = context.WithoutCancel(ctx)
	done := switched{Switch: replication.Switch{To: w.NodeID, Resumed: w.Resumed}}
	err := s.withAdmin(ctx, w.node, func(admin *engine.Admin) error { return s.takeOver(ctx, w.group, admin, w.Listen, &done) })
	return done, err
}

// takeOver makes a node the primary at its endpoint, shows that it is by a write, and notes
// when. The write does not come over the network, where it would be in the way of clients
// that connect again; that they can is proven before the group is settled.
func (s *session) takeOver(ctx context.Context, g *replication.Group, node *engine.Admin, listen []netip.AddrPort, done *switched) error {
	if err := s.hold(ctx, g, listen); err != nil {
		return err
	}
	ended, err := node.Promote(ctx, s.doors(g, listen...))
	done.ended(done.To, ended, s.Now())
	if err != nil {
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
