package sqlite

import (
	"fmt"

	"github.com/aikagi/aikagi/internal/store"
)

// updateTx is a transaction that writes.
type updateTx struct {
	*tx
	undo      []func()
	objects   []store.Ref // that were written or deleted
	logs      []string    // that were written to
	committed bool
}

// OnUndo has fn called if the transaction comes to nothing.
func (u *updateTx) OnUndo(fn func()) { u.undo = append(u.undo, fn) }

// commit makes the writes durable. What failed within the transaction fails it as
// a whole, even if fn went on.
func (u *updateTx) commit() error {
	if u.failed != nil {
		return u.failed
	}
	if err := u.sql.Commit(); err != nil {
		return fmt.Errorf("commit: %w", u.fail(err))
	}
	u.committed = true
	return nil
}

// end tells who listens, or rolls back if commit did not succeed.
func (u *updateTx) end() {
	if u.committed {
		u.store.feed.Tell(u.objects, u.logs)
		return
	}
	u.rollback()
	for i := len(u.undo) - 1; i >= 0; i-- {
		u.undo[i]()
	}
}
