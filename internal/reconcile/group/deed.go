package group

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/provider"
)

// deed is how a step of one kind is carried out. One of decide and act is set.
type deed struct {
	// decide is for what has come to pass already, and only has to be written down.
	decide func(s *session, step Step) note
	// act does something to the node, and returns what is to be written down of it, also beside an error.
	act func(s *session, ctx context.Context, w work) (note, error)
	// unasked: the node's process is not asked anything, so nobody waits for one that hangs.
	unasked bool
	// draft: a loss of power may undo what it notes of a group that is being created, see noting.
	draft bool
	noted string // where a test can kill the control plane when the note is durable
}

// work is a step with whom it concerns.
type work struct {
	Step
	group *replication.Group
	node  *replication.Node // nil: the step concerns the whole group
}

// deeds has every kind of step.
var deeds = map[StepKind]deed{
	StepNoteCrash: {decide: (*session).noteCrash, noted: fault.CrashNoted},
	StepNoteFault: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.NoteFault(s.NodeID, *s.Fault, now)
	})},
	StepNoteHang: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.NoteHang(*s.Hang, now)
	}), noted: fault.HangNoted},
	StepNoteSaving: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.NoteSaving(s.NodeID, s.Failed, now)
	})},
	StepNoteBehind: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.NoteBehind(s.NodeID, s.Lateness, now)
	})},
	StepNoteCurrent: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.NoteCaughtUp(s.NodeID, now)
	})},
	StepNoteRules: {decide: noteOf(func(g *replication.Group, s Step, _ time.Time) []cache.Event {
		return g.NoteRules(s.NodeID, s.Rules)
	}), draft: true},
	StepNoteUsers: {decide: noteOf(func(g *replication.Group, s Step, _ time.Time) []cache.Event {
		return g.NoteUsers(s.NodeID, s.Users)
	}), draft: true},
	StepElect: {decide: noteOf(elect), noted: fault.Elected},
	StepSwitched: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.NoteSwitch(replication.Switch{To: s.To}, now)
	}), noted: fault.SwitchNoted},
	StepAbandon: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.AbandonFailover(g.ShardOf(s.NodeID), s.Reason, now)
	})},
	StepUpgradeNode: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.RestartUpgraded(s.NodeID, now)
	}), noted: fault.UpgradeNoted},
	StepUpgradeSwitch: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.HandOverUpgraded(g.ShardOf(s.NodeID), now)
	}), noted: fault.UpgradeNoted},
	StepUndoUpgrade: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.UndoUpgrade(s.Reason, now)
	}), noted: fault.UpgradeNoted},

	StepAddress: {act: (*session).giveAddresses, unasked: true, draft: true, noted: fault.AddressesGiven},

	StepStart:  {act: (*session).startNode, unasked: true},
	StepStop:   {act: ending((provider.Provider).Stop, fault.NodeStopped), unasked: true},
	StepKill:   {act: ending((provider.Provider).Kill, fault.NodeKilled), unasked: true},
	StepRemove: {act: ending((provider.Provider).Remove, fault.NodeRemoved), unasked: true},
	StepSetAside: {act: func(s *session, ctx context.Context, w work) (note, error) {
		return s.setAside(ctx, w.group, w.node, w.To)
	}, unasked: true},
	StepNoteCrowd: {act: func(s *session, ctx context.Context, w work) (note, error) {
		return s.noteCrowd(ctx, w.node, w.Crowd), nil
	}, unasked: true},

	StepHandOver: {act: switching((*session).handOver), noted: fault.SwitchNoted},
	StepPromote:  {act: switching((*session).promote), noted: fault.SwitchNoted},

	StepReplicate: {act: telling(func(s *session, ctx context.Context, w work) error {
		return s.replicate(ctx, w.node, s.addressOf(w.group, w.Source))
	})},
	StepLend:   {act: (*session).lend},
	StepListen: {act: (*session).open},
	StepAccess: {act: telling(func(s *session, ctx context.Context, w work) error {
		return s.applyAccess(ctx, w.group, w.node, w.Version)
	})},
	StepMemory: {act: telling(func(s *session, ctx context.Context, w work) error {
		return s.withAdmin(ctx, w.node, func(admin *engine.Admin) error {
			return admin.SetMaxMemory(ctx, s.uses.Parameters.MaxMemory(w.group.NodeType))
		})
	})},
	StepShare: {act: func(s *session, _ context.Context, w work) (note, error) {
		return nil, provider.Share(s.Provider, provider.NameOf(w.node), cache.NodeVCPUs(w.group.NodeType))
	}, unasked: true},
	StepParameters:  {act: (*session).setParameters},
	StepNoteRefused: {decide: (*session).noteUnknown},
	StepNoteParams: {decide: noteOf(func(g *replication.Group, s Step, now time.Time) []cache.Event {
		return g.NoteParameters(*s.Change, now)
	}), noted: fault.ParametersNoted},
	StepReplicateTLS: {act: telling(func(s *session, ctx context.Context, w work) error {
		return s.withAdmin(ctx, w.node, func(admin *engine.Admin) error { return admin.ReplicateOverTLS(ctx, w.group.Transit.TLS()) })
	})},
	StepTick: {act: telling(func(s *session, ctx context.Context, w work) error {
		return s.withAdmin(ctx, w.node, func(admin *engine.Admin) error { return admin.SetTick(ctx, w.Tick) })
	})},
	StepCertificate: {act: telling(func(s *session, ctx context.Context, w work) error {
		return s.renewCertificate(ctx, w.group, w.node)
	})},
	StepProve: {act: telling(func(s *session, ctx context.Context, w work) error {
		return s.prove(ctx, w.group, w.node, w.Counts)
	})},
}

// noteOf is a decision that is a step of the domain, at the time at which it was decided.
func noteOf(step func(*replication.Group, Step, time.Time) []cache.Event) func(*session, Step) note {
	return func(s *session, decided Step) note {
		now := s.Now()
		return func(g *replication.Group) []cache.Event { return step(g, decided, now) }
	}
}

func (s *session) noteCrash(step Step) note {
	reason, now := step.Reason, s.Now()
	if reason.Empty() {
		reason = unwatched()
	}
	return func(g *replication.Group) []cache.Event { return g.NoteCrash(step.NodeID, reason, now) }
}

func elect(g *replication.Group, step Step, now time.Time) []cache.Event {
	if !g.IsPrimary(step.NodeID) {
		return nil
	}
	return g.Elect(*step.Election, now)
}

func (s *session) startNode(ctx context.Context, w work) (note, error) {
	if err := s.start(ctx, w.group, w.node, w.Source); err != nil {
		return s.startFault(w.node, err), err
	}
	return nil, nil
}

// ending ends a node's process.
func ending(end func(provider.Provider, context.Context, provider.NodeName) error, point string) func(*session, context.Context, work) (note, error) {
	return func(s *session, ctx context.Context, w work) (note, error) {
		name := provider.NameOf(w.node)
		s.hangUp(w.node)
		s.Health.Forget(name) // it does not answer while it saves its data
		ctx, cancel := context.WithTimeout(ctx, stopTimeout)
		defer cancel()
		err := end(s.Provider, ctx, name)
		fault.Point(point)
		return nil, err
	}
}

// switching gives another node the role of the primary.
func switching(change func(*session, context.Context, work) (switched, error)) func(*session, context.Context, work) (note, error) {
	return func(s *session, ctx context.Context, w work) (note, error) {
		done, err := change(s, ctx, w)
		return done.note(s.Now()), err
	}
}

// telling tells a running node something, of which nothing is written down.
func telling(tell func(*session, context.Context, work) error) func(*session, context.Context, work) (note, error) {
	return func(s *session, ctx context.Context, w work) (note, error) { return nil, tell(s, ctx, w) }
}

func (s *session) lend(ctx context.Context, w work) (note, error) {
	err := s.withAdmin(ctx, w.node, func(admin *engine.Admin) error { return admin.Lend(ctx) })
	fault.Point(fault.RoleChanged)
	if err != nil || len(w.Listen) == 0 {
		return nil, err
	}
	return s.listen(ctx, w.group, w.node, w.Listen)
}

func (s *session) open(ctx context.Context, w work) (note, error) {
	if w.TurnAway {
		return nil, s.turnAway(ctx, w.group, w.node)
	}
	return s.listen(ctx, w.group, w.node, w.Listen)
}

// step does something to a node, and returns what is to be written down of it.
func (s *session) step(ctx context.Context, g *replication.Group, step Step) (note, error) {
	deed := deeds[step.Kind]
	if deed.act == nil {
		return nil, errors.New("there is no such step")
	}
	node := g.Node(step.NodeID)
	if !deed.unasked {
		var cancel context.CancelFunc
		ctx, cancel = s.Health.Guard(ctx, provider.NameOf(node))
		defer cancel()
	}
	noted, err := deed.act(s, ctx, work{step, g, node})
	if err != nil && node == nil {
		return noted, fmt.Errorf("%s: %w", step.Kind, err)
	}
	if err != nil {
		return noted, fmt.Errorf("%s %s: %w", step.Kind, step.NodeID, err)
	}
	return noted, nil
}
