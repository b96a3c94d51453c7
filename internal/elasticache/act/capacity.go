package act

import (
	"github.com/dustin/go-humanize"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// needOf is how much memory the nodes of a group may take by their node type, in bytes: by the larger one, while another waits for the
// maintenance window.
func needOf(g *replication.Group) int64 {
	s := sizeOf(g)
	return int64(len(g.Nodes())) * max(cache.NodeMemory(s.is), cache.NodeMemory(s.will))
}

// checkCapacity refuses a group that needs more memory than before if all groups together would need more than there is for them. Those that are
// there stay, also where there are too many. Errors are those of the store, and of [cache.KindCapacity].
func checkCapacity(tx store.Tx, d Groups, g *replication.Group, before int64) error {
	need := needOf(g)
	if d.NodeMemory == 0 || need <= before {
		return nil
	}
	all, err := store.Page(tx, store.Groups, store.Range{})
	if err != nil {
		return err
	}
	var others int64
	for _, other := range all {
		if other.Key() != g.Key() {
			others += needOf(other)
		}
	}
	if others+need <= d.NodeMemory {
		return nil
	}
	return cache.Errorf(cache.KindCapacity, "The nodes of all caches may have %s together by their node types (--node-memory). Other caches have %s of that, and %s is to have %s with %d of %s. "+
		"Choose a smaller CacheNodeType or fewer nodes, delete a cache, or serve with more.",
		bytes(d.NodeMemory), bytes(others), g.ID, bytes(need), len(g.Nodes()), sizeOf(g).will)
}

func bytes(n int64) string { return humanize.IBytes(uint64(n)) }
