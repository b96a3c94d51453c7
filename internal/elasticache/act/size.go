package act

import (
	"cmp"
	"context"
	"errors"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// Memory asks the nodes of a group how many bytes the fullest of them uses. It takes about a second at most. The error, of
// [cache.KindUnavailable], says that none has answered.
type Memory func(ctx context.Context, g *replication.Group) (int64, error)

// errMeasureFirst breaks off a transaction that has to know how full nodes are.
var errMeasureFirst = errors.New("memory is to be asked for first")

// nodeType is that which a group has, or will have after its maintenance window.
func nodeType(g *replication.Group) string { return cmp.Or(g.Deferred.NodeType, g.NodeType) }

// checkSize refuses another node type if the group cannot have it, or its data would not fit. The error is [errMeasureFirst] if that is
// not known.
func (c *groupChange) checkSize(tx store.Tx, g *replication.Group, had string) error {
	next := nodeType(g)
	if next == had || next == g.NodeType && g.Deferred.NodeType != "" {
		return nil
	}
	if parameter.Shrinks(had, next) && c.used == nil {
		return errMeasureFirst
	}
	group, err := store.ParameterGroup(tx, g.ParameterGroup)
	if err != nil {
		return err
	}
	var used int64
	if c.used != nil {
		used = *c.used
	}
	return group.CheckResize(had, next, used)
}

// measure asks the nodes. It runs between transactions, so that no other change has to wait for them.
func (c *groupChange) measure(ctx context.Context, g *replication.Group) error {
	used, err := UsedMemory(ctx, c.Groups, g)
	c.used = &used
	return err
}

// UsedMemory asks how many bytes the fullest node of a group uses. The error is of [cache.KindUnavailable].
func UsedMemory(ctx context.Context, d Groups, g *replication.Group) (int64, error) {
	if d.Memory == nil {
		return 0, cache.Errorf(cache.KindUnavailable, "How much memory %s uses is not known here.", g.ID)
	}
	return d.Memory(ctx, g)
}
