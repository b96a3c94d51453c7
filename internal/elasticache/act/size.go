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

// size is the node type that a group has, and the one that it will have after its maintenance window.
type size struct{ is, will string }

func sizeOf(g *replication.Group) size {
	return size{is: g.NodeType, will: cmp.Or(g.Deferred.NodeType, g.NodeType)}
}

// checkSize refuses another node type than before if the group cannot have it, or its data would not fit: also one that has waited for the
// maintenance window and is to be had now, for data may have come meanwhile. The error is [errMeasureFirst] if that is not known. To stay what
// it is, which takes back a change that waits, is always allowed.
func (c *groupChange) checkSize(tx store.Tx, g *replication.Group, before size) error {
	now := sizeOf(g)
	next := now.will
	if now == before || next == before.is {
		return nil
	}
	var used int64
	switch {
	case c.used != nil:
		used = *c.used
	case parameter.Shrinks(before.is, next):
		return errMeasureFirst
	}
	group, err := store.ParameterGroup(tx, g.ParameterGroup)
	if err != nil {
		return err
	}
	return group.CheckResize(before.is, next, used)
}

// measure asks the nodes. It runs between transactions, so that no other change has to wait for them.
func (c *groupChange) measure(ctx context.Context, g *replication.Group) error {
	used, err := UsedMemory(ctx, c.Groups, g)
	if err == nil {
		c.used = &used
	}
	return err
}

// UsedMemory asks how many bytes the fullest node of a group uses. The error is of [cache.KindUnavailable].
func UsedMemory(ctx context.Context, d Groups, g *replication.Group) (int64, error) {
	if d.Memory == nil {
		return 0, cache.Errorf(cache.KindUnavailable, "How much memory %s uses is not known here.", g.ID)
	}
	return d.Memory(ctx, g)
}
