package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Kind says how objects of one type are kept. It is all that a new type needs to be stored: no driver knows of it. A
// function that is nil means that the type has nothing of the sort.
type Kind[K ~string, T any] struct {
	Name string // in the store; never changed
	ID   func(*T) K
	UID  func(*T) string // tells an object from one of the same id that was deleted
	// Revision is where an object has its revision; nil: it has none, and the last write wins.
	Revision func(*T) *int64
	Claims   func(*T) []Claim
	Refs     func(*T) []Ref
	// Check is what must hold for everything that is written. It is the last line of defence: callers are refused
	// earlier, in better words.
	Check func(*T) error
	// Version is of the form of the body; it begins with 1. Upgrade makes a body of the next version of one of an
	// earlier version. It is never taken away, for a store may be of any age. A release that counts Version up adds
	// a migration to each driver, if only an empty one, so that an older release refuses the store as a whole.
	Version int
	Upgrade func(from int, body []byte) ([]byte, error)
	// Missing, Exists, Taken, InUse and Dangling are the domain's words for [ErrNotFound], [ErrExists], [TakenError],
	// [InUseError] and [DanglingError]; nil: the store's own.
	Missing  func(K) error
	Exists   func(K) error
	Taken    func(Claim) error
	InUse    func(id K, by Ref) error
	Dangling func(to Ref) error
}

// Get returns an object. Errors: Missing.
func Get[K ~string, T any](tx Tx, k Kind[K, T], id K) (*T, error) {
	found, err := Some(tx, k, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, k.missing(id)
	}
	return found[0], nil
}

// Some returns the objects that have these ids, in the order of their ids. Those that are not there are left out.
func Some[K ~string, T any](tx Tx, k Kind[K, T], ids ...K) ([]*T, error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	rows, err := tx.Rows(k.Name, names...)
	return k.decodeAll(rows, err)
}

// Page returns objects in the order of their ids.
func Page[K ~string, T any](tx Tx, k Kind[K, T], r Range) ([]*T, error) {
	rows, err := tx.Scan(k.Name, r)
	return k.decodeAll(rows, err)
}

// Put writes an object. One without a revision is new; any other replaces the revision that it was read at, and its own
// counts up. If the transaction comes to nothing, the object gets its revision back. Errors: Exists, Taken, Dangling,
// [ErrConflict].
func Put[K ~string, T any](tx UpdateTx, k Kind[K, T], object *T) error {
	row, err := k.encode(object)
	if err != nil {
		return err
	}
	if k.Revision == nil {
		stored, err := tx.Rows(k.Name, row.ID)
		if err != nil {
			return err
		}
		if len(stored) > 0 {
			row.UID, row.Revision = stored[0].UID, stored[0].Revision
		}
	}
	if err := tx.PutRow(row); err != nil {
		return k.refused(err, K(row.ID))
	}
	if k.Revision != nil {
		revision := k.Revision(object)
		was := *revision
		*revision++
		tx.OnUndo(func() { *revision = was })
	}
	return nil
}

// Delete removes an object with its claims. Errors: Missing, InUse.
func Delete[K ~string, T any](tx UpdateTx, k Kind[K, T], id K) error {
	return k.refused(tx.DeleteRow(k.Name, string(id)), id)
}

// Holder returns the object that has a name in a space; nil if none of this kind has it.
func Holder[K ~string, T any](tx Tx, k Kind[K, T], space, name string) (*T, error) {
	held, err := tx.Holdings(space, Range{Prefix: name, Limit: 1})
	if err != nil || len(held) == 0 || held[0].Name != name || held[0].Holder.Kind != k.Name {
		return nil, err
	}
	return Get(tx, k, K(held[0].Holder.ID))
}

func (k Kind[K, T]) encode(object *T) (Row, error) {
	row := Row{Kind: k.Name, ID: string(k.ID(object)), Version: k.Version}
	if k.Check != nil {
		if err := k.Check(object); err != nil {
			return row, fmt.Errorf("put %s %s: %w", k.Name, row.ID, err)
		}
	}
	if k.UID != nil {
		row.UID = k.UID(object)
	}
	if k.Revision != nil {
		row.Revision = *k.Revision(object)
	}
	if k.Claims != nil {
		row.Claims = k.Claims(object)
	}
	if k.Refs != nil {
		row.Refs = k.Refs(object)
	}
	var err error
	if row.Body, err = json.Marshal(object); err != nil {
		return row, fmt.Errorf("put %s %s: %w", k.Name, row.ID, err)
	}
	return row, nil
}

func (k Kind[K, T]) decodeAll(rows []Row, err error) ([]*T, error) {
	if err != nil {
		return nil, err
	}
	objects := make([]*T, len(rows))
	for i, row := range rows {
		if objects[i], err = k.decode(row); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// decode reads what encode wrote, now or in an earlier release.
func (k Kind[K, T]) decode(row Row) (*T, error) {
	if row.Version > k.Version {
		return nil, fmt.Errorf("%w: the %s %s has the form %d and this release knows forms up to %d", ErrNewer, k.Name, row.ID, row.Version, k.Version)
	}
	for version := row.Version; version < k.Version; version++ {
		var err error
		if row.Body, err = k.Upgrade(version, row.Body); err != nil {
			return nil, damage("the %s %s cannot be read (form %d: %v)", k.Name, row.ID, version, err)
		}
	}
	object := new(T)
	if err := json.Unmarshal(row.Body, object); err != nil {
		return nil, damage("the %s %s cannot be read (%v)", k.Name, row.ID, err)
	}
	if id := string(k.ID(object)); id != row.ID {
		return nil, damage("what is stored as the %s %s says that it is %s", k.Name, row.ID, id)
	}
	if k.Revision != nil {
		*k.Revision(object) = row.Revision
	}
	return object, nil
}

func damage(format string, args ...any) error {
	return &DamageError{What: fmt.Sprintf(format, args...)}
}

func (k Kind[K, T]) missing(id K) error {
	if k.Missing != nil {
		return k.Missing(id)
	}
	return fmt.Errorf("%s %s: %w", k.Name, id, ErrNotFound)
}

// refused puts a driver's refusal into the kind's words.
func (k Kind[K, T]) refused(err error, id K) error {
	var taken *TakenError
	var used *InUseError
	var dangling *DanglingError
	switch {
	case errors.Is(err, ErrNotFound):
		return k.missing(id)
	case errors.Is(err, ErrExists) && k.Exists != nil:
		return k.Exists(id)
	case errors.As(err, &taken) && k.Taken != nil:
		return k.Taken(taken.Claim)
	case errors.As(err, &used) && k.InUse != nil:
		return k.InUse(id, used.By)
	case errors.As(err, &dangling) && k.Dangling != nil:
		return k.Dangling(dangling.To)
	}
	return err
}
