package history

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// Memory asks the nodes of a group now how many bytes each uses, for [Timeout] at the most, and returns the most. The error, of
// [cache.KindUnavailable], says that none has answered.
func (h *History) Memory(ctx context.Context, g *replication.Group) (used int64, err error) {
	answered := false
	for _, a := range h.askAll(ctx, g) {
		if a.counters != nil {
			answered, used = true, max(used, a.counters.UsedMemory)
		}
	}
	if !answered {
		return 0, cache.Errorf(cache.KindUnavailable, "No node of %s has said how much memory it uses. Try again when it is available.", g.ID)
	}
	return used, nil
}
