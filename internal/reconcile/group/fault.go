package group

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/provider"
)

// This file is about nodes that cannot start: why, and what is done about a snapshot that
// cannot be loaded. A node whose data is elsewhere needs its own no more; one that has the
// only copy is left to people.

// crashesForFault is how often a process has to end at once for a reason that the engine did
// not name, which may be a passing one.
const crashesForFault = 3

// keptSnapshot is what a snapshot becomes that is not needed; there is at most one.
const keptSnapshot = engine.SnapshotFile + ".set-aside"

// faulty notes why a node cannot start, and sets a snapshot aside as somebody asked for. It
// reports whether there was something to do.
func (p *planner) faulty(node *replication.Node, o NodeObserved) bool {
	if !node.SetAside.IsZero() {
		p.add(Step{Kind: StepSetAside, NodeID: node.ID, To: node.SetAsideName()})
		return true
	}
	f, was := o.Fault, node.Fault
	switch {
	case f == nil || p.group.Status == cache.StatusCreating:
		return false
	case was.Same(f):
		return false
	case !f.Certain() && (o.Process.Crashes < crashesForFault || was != nil && was.Kind == f.Kind):
		return false
	}
	p.add(Step{Kind: StepNoteFault, NodeID: node.ID, Fault: f})
	return true
}

// startFrom starts a node as the replica of another one. What it would load first has to be
// out of the way if that is what kept it from starting.
func (p *planner) startFrom(source string, node *replication.Node) {
	if node.Fault.OfSnapshot() && p.observed[node.ID].Fault.OfSnapshot() {
		p.add(Step{Kind: StepSetAside, NodeID: node.ID, To: keptSnapshot})
		return
	}
	p.add(Step{Kind: StepStart, NodeID: node.ID, Source: source})
}

// rescues reports whether a replica is to be started with what it has itself, without any
// address: the primary cannot load its snapshot, and no process lives that has the data, as after a power
// cut. It then lends its data, or is elected, like any other that has some.
func (p *planner) rescues(node *replication.Node) bool {
	primary := p.shard.Primary()
	o := p.observed[primary.ID]
	if !primary.Fault.OfSnapshot() || running(o) || !o.Fault.OfSnapshot() || node.Fault != nil || p.group.Leaving(node) {
		return false
	}
	others := slices.ContainsFunc(p.shard.Replicas(), func(n *replication.Node) bool { return p.donor(n) || silent(p.observed[n.ID]) })
	return !others && p.observed[node.ID].HasSnapshot
}

// reasonOf is why a node does not start, for people to read.
func reasonOf(node *replication.Node, o NodeObserved) string {
	if o.Fault == nil {
		return o.End
	}
	return o.Fault.Text(node.ID).Text
}

// observeEnd looks at what is left of a node's last process.
func (s *session) observeEnd(name provider.NodeName, o *NodeObserved) {
	if o.Process.Phase != provider.PhaseStopped {
		return
	}
	snapshot, err := s.Provider.Stat(name, engine.SnapshotFile)
	o.HasSnapshot = err == nil && snapshot.Size() > 0
	if o.Process.LastExit == "" {
		return
	}
	lines := s.Provider.LastLines(name)
	o.End = o.Process.LastExit
	if words := engine.LastWords(lines); words != "" && o.End != "signal: killed" {
		o.End += ": " + words
	}
	o.Fault = engine.Diagnose(o.Process.LastExit, lines)
}

// setAside makes room for a start without the snapshot. It may be repeated until it is noted.
func (s *session) setAside(ctx context.Context, g *replication.Group, node *replication.Node, as string) (note, error) {
	if err := s.seal(ctx, g, node); err != nil {
		return nil, err // what cannot be seen is not what is not there
	}
	err := s.Provider.SetAside(ctx, provider.NameOf(node), engine.SnapshotFile, as)
	fault.Point(fault.SnapshotSetAside)
	var kept fs.FileInfo
	if err == nil {
		kept, err = s.Provider.Stat(provider.NameOf(node), as)
	}
	now := s.Now()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return func(g *replication.Group) []cache.Event {
			return g.NoteSetAside(node.ID, "", 0, time.Time{}, now)
		}, nil
	case err != nil:
		return nil, err
	}
	return func(g *replication.Group) []cache.Event {
		return g.NoteSetAside(node.ID, as, kept.Size(), kept.ModTime(), now)
	}, nil
}

// errModule: there is no engine module to start a node with.
var errModule = errors.New("find engine module")

// startFault is why a process could not even be started.
func (s *session) startFault(node *replication.Node, err error) note {
	kind := replication.FaultUnknown
	switch {
	case errors.Is(err, provider.ErrRunning), errors.Is(err, context.Canceled):
		return nil
	case errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, provider.ErrSealed): // a key service that does not answer is told of
		return nil
	case errors.Is(err, provider.ErrFull):
		kind = replication.FaultDisk
	case errors.Is(err, errModule):
		kind = replication.FaultModule
	case errors.Is(err, provider.ErrNoBinary):
		kind = replication.FaultEngine
	case errors.Is(err, provider.ErrSealed):
		kind = replication.FaultSealed
	case errors.Is(err, fs.ErrPermission):
		kind = replication.FaultPermission
	}
	found, now := replication.NodeFault{Kind: kind, End: err.Error()}, s.Now()
	if node.Status == cache.StatusCreating || node.Fault.Same(&found) {
		return nil // what is created shows its errors anyway, and may be given up
	}
	return func(g *replication.Group) []cache.Event { return g.NoteFault(node.ID, found, now) }
}
