package act

import (
	"errors"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// Modify carries a change out unless faults were found before. The error names those and everything that is wrong with
// the change. But a group that is busy says only that: the rest may be right by the time it is available.
func Modify(g *replication.Group, change replication.Change, now time.Time, faults ...error) ([]cache.Event, error) {
	next := *g.Clone()
	events, err := next.Modify(change, now)
	fault := cache.Join(faults...)
	switch {
	case fault == nil && err == nil:
		*g = next
		return events, nil
	case fault == nil, cache.IsKind(err, cache.KindState):
		return nil, err
	case errors.Is(err, cache.ErrNoModification): // tools take it for success
		return nil, fault
	}
	return nil, cache.Join(fault, err)
}
