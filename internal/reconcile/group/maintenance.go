package group

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// heed writes down what was seen, and what time has brought with it. The error is [errChanged] if the group is to be looked at anew.
func (s *session) heed(ctx context.Context, g *replication.Group, observed Observed) error {
	if err := s.noteTaken(ctx, g, observed); err != nil {
		return err
	}
	events := enterWindow(g, s.uses.Parameters, observed, s.Now())
	if len(events) == 0 {
		return nil
	}
	if err := s.write(ctx, g, events); err != nil {
		return err
	}
	return errChanged // what goes with it may be something else now, as its parameters are
}

// enterWindow carries out on a group what waited for the maintenance window, if that is open. A smaller node type for which there is too much
// data by now is given up: the engine would evict what does not fit. While no node says how much there is, everything waits on.
func enterWindow(g *replication.Group, parameters *parameter.Group, observed Observed, now time.Time) []cache.Event {
	if !g.Enters(now) {
		return nil
	}
	var events []cache.Event
	if to := g.Deferred.NodeType; to != "" && parameter.Shrinks(g.NodeType, to) {
		used, known := fullest(observed)
		if !known {
			return nil
		}
		if why, full := parameters.TooSmall(g.NodeType, to, used); full {
			events = g.GiveResizeUp(why, now)
		}
	}
	return append(events, g.EnterWindow(now)...)
}

// fullest is how many bytes the fullest node uses of those that have said so.
func fullest(observed Observed) (used int64, known bool) {
	for _, o := range observed {
		if o.Serving && !o.View.Loading {
			known, used = true, max(used, o.View.UsedMemory)
		}
	}
	return used, known
}
