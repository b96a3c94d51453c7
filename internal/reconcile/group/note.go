package group

import (
	"context"
	"errors"
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/fault"
)

// note is something that came to pass, to be written into the group. It is applied
// again to a group that was changed meanwhile, and must then change nothing that is
// noted already.
type note func(*cache.ReplicationGroup) []cache.Event

// notesTries is how often notes are tried to be written to a group that others write too.
const notesTries = 5

// write notes down, in one transaction.
func (s *session) note(ctx context.Context, g *cache.ReplicationGroup, notes []note) error {
	if len(notes) == 0 {
		return nil
	}
	var err error
	for range notesTries {
		var events []cache.Event
		for _, n := range notes {
			events = append(events, n(g)...)
		}
		if err = s.write(ctx, g, events); !errors.Is(err, errChanged) {
			return err
		}
		key := g.Key()
		if g, err = s.read(ctx, key); err != nil {
			return fmt.Errorf("read group: %w", err)
		}
	}
	return err
}

// decided returns the note that a step is, if it does nothing to a node.
func (s *session) decided(step Step) note {
	now := s.Now()
	switch step.Kind {
	case StepNoteCrash:
		reason := step.Reason
		if reason.Empty() {
			reason = unwatched()
		}
		return func(g *cache.ReplicationGroup) []cache.Event { return g.NoteCrash(step.NodeID, reason, now) }
	case StepNoteFault:
		return func(g *cache.ReplicationGroup) []cache.Event { return g.NoteFault(step.NodeID, *step.Fault, now) }
	case StepNoteHang:
		return func(g *cache.ReplicationGroup) []cache.Event {
			return g.NoteHang(*step.Hang, now)
		}
	case StepNoteSaving:
		return func(g *cache.ReplicationGroup) []cache.Event { return g.NoteSaving(step.NodeID, step.Failed, now) }
	case StepNoteBehind:
		return func(g *cache.ReplicationGroup) []cache.Event { return g.NoteBehind(step.NodeID, step.Lateness, now) }
	case StepNoteCurrent:
		return func(g *cache.ReplicationGroup) []cache.Event { return g.NoteCaughtUp(step.NodeID, now) }
	case StepElect:
		return func(g *cache.ReplicationGroup) []cache.Event {
			if g.NodeGroup.PrimaryID != step.NodeID {
				return nil
			}
			return g.Elect(*step.Election, now)
		}
	case StepSwitched:
		return func(g *cache.ReplicationGroup) []cache.Event { return g.NoteSwitch(cache.Switch{To: step.To}, now) }
	case StepAbandon:
		return func(g *cache.ReplicationGroup) []cache.Event { return g.AbandonFailover(step.Reason, now) }
	}
	return nil
}

// unwatched is how a process ended that nobody saw end.
func unwatched() cache.Saying { return cache.Say(cache.FactUnwatched) }

// notedPoints are where a test can kill the control plane after a note is durable.
func notedPoint(kind StepKind) {
	switch kind {
	case StepNoteCrash:
		fault.Point(fault.CrashNoted)
	case StepNoteHang:
		fault.Point(fault.HangNoted)
	case StepElect:
		fault.Point(fault.Elected)
	case StepHandOver, StepPromote, StepSwitched:
		fault.Point(fault.SwitchNoted)
	}
}
