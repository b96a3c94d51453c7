package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Errors that every implementation returns, wrapped with what happened. None of
// them leaves anything half written.
var (
	// ErrNotFound: there is no object of that id.
	ErrNotFound = errors.New("object is not stored")
	// ErrExists: there is an object of that id already.
	ErrExists = errors.New("object is stored already")
	// ErrConflict: the object was written by somebody else since it was read.
	ErrConflict = errors.New("object was changed meanwhile")
	// ErrFull: there is no space left to write to.
	ErrFull = errors.New("store is full")
	// ErrCorrupt: what is stored cannot be read; nothing is overwritten.
	ErrCorrupt = errors.New("store is damaged")
	// ErrNewer: the store was written by a newer release.
	ErrNewer = errors.New("store belongs to a newer release")
)

// TakenError says that another object has a claim, or that one object claims the same twice.
type TakenError struct{ Claim Claim }

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s %s is taken by another object", e.Claim.Space, e.Claim.Name)
}

// InUseError says that an object cannot be deleted, because others refer to it.
type InUseError struct{ Object, By Ref }

func (e *InUseError) Error() string {
	return fmt.Sprintf("the %s %s is used by the %s %s", e.Object.Kind, e.Object.ID, e.By.Kind, e.By.ID)
}

// DanglingError says that an object refers to one that is not there.
type DanglingError struct{ To Ref }

func (e *DanglingError) Error() string {
	return fmt.Sprintf("there is no %s %s to refer to", e.To.Kind, e.To.ID)
}

// DamageError is an [ErrCorrupt] of which only one object is known. A driver adds where that lies.
type DamageError struct{ What string }

func (e *DamageError) Error() string { return ErrCorrupt.Error() + ": " + e.What }

func (e *DamageError) Unwrap() error { return ErrCorrupt }

// Store keeps what must survive the control plane. It is safe for concurrent use. It knows rows and entries;
// what they mean is said by a [Kind] or a [Log], through which everybody reads and writes.
type Store interface {
	// View runs fn on one consistent state. fn must not keep the Tx.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn and makes all of its writes durable together, or none if fn
	// or the commit returns an error. Updates are serial, in the order in which they were asked for. fn may be run again
	// after a conflict with another process, so it must have no other effects. When there
	// is no space left, only what has [WithReserve] is written. With [WithDeferredSync] it does not wait for the disk.
	Update(ctx context.Context, fn func(UpdateTx) error) error
	// Subscribe begins to listen to what Updates write, see [Feed]. The caller closes the subscription.
	Subscribe() *Subscription
	// Close waits for what is running and gives the files up.
	Close() error
}

// Tx reads.
type Tx interface {
	// Rows returns the objects of a kind that have these ids, in the order of their ids. Those that are
	// not there are left out.
	Rows(kind string, ids ...string) ([]Row, error)
	// Scan returns the objects of a kind in the order of their ids.
	Scan(kind string, r Range) ([]Row, error)
	// Holdings returns the claims of a space, each with who has it, in the order of their names.
	Holdings(space string, r Range) ([]Holding, error)
	// Referrers returns the first limit objects (0: all) that refer to an object, in the order of kind and id.
	Referrers(to Ref, limit int) ([]Ref, error)
	// Entries returns entries of a log, in the order that the query says.
	Entries(log string, q EntryQuery) ([]Entry, error)
}

// UpdateTx reads and writes. A read sees the writes before it.
type UpdateTx interface {
	Tx
	// PutRow creates an object when its Revision is 0, else replaces the revision that it was read at. It is
	// stored with the next revision. A refusal leaves the transaction as it was. Errors: [ErrExists],
	// [ErrConflict], [*TakenError], [*DanglingError].
	PutRow(row Row) error
	// DeleteRow removes an object with its claims and references. Errors: [ErrNotFound], [*InUseError].
	DeleteRow(kind, id string) error
	// PutEntry writes an entry at the end of a log; one with the ID of an earlier entry takes its place and
	// keeps its sequence.
	PutEntry(log string, e Entry) error
	// PruneEntries removes what was over before that time, and says how many entries there were.
	PruneEntries(log string, before time.Time) (int, error)
	// OnUndo has fn called if the transaction comes to nothing, the last one first.
	OnUndo(fn func())
}
