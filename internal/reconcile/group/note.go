package group

import (
	"context"
	"errors"
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
)

// note is something that came to pass, to be written into the group. It is applied
// again to a group that was changed meanwhile, and must then change nothing that is
// noted already.
type note func(*cache.ReplicationGroup) []cache.Event

// notesTries is how often notes are tried to be written to a group that others write too.
const notesTries = 5

// note writes what came to pass into the group, in one transaction; again, if somebody else wrote the group meanwhile.
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

// unwatched is how a process ended that nobody saw end.
func unwatched() cache.Saying { return cache.Say(cache.FactUnwatched) }
