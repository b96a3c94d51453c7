package group

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// note is something that came to pass, to be written into the group. If somebody else changed the group meanwhile, it
// is applied again to the newer one; what is noted there already it must not change.
type note func(*replication.Group) []cache.Event

// allOf makes one of notes, some of which may be nil; nil, if all are.
func allOf(notes ...note) note {
	notes = slices.DeleteFunc(notes, func(n note) bool { return n == nil })
	if len(notes) == 0 {
		return nil
	}
	return func(g *replication.Group) (events []cache.Event) {
		for _, n := range notes {
			events = append(events, n(g)...)
		}
		return events
	}
}

// notesTries is how often notes are written anew to a group that others write too, before that is an error.
const notesTries = 5

// note writes what came to pass into the group, in one transaction. If somebody else wrote the group meanwhile, it
// reads the group anew and tries again.
func (s *session) note(ctx context.Context, g *replication.Group, notes []note) error {
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

// unwatched says how a process ended that nobody watched.
func unwatched() cache.Saying { return cache.Say(cache.FactUnwatched) }
