package sqlite

import (
	"encoding/json"
	"fmt"

	"github.com/aikagi/aikagi/internal/store"
)

const (
	selectObjects = "SELECT id, uid, revision, version, body FROM objects"
	selectObject  = selectObjects + " WHERE kind = ? AND id = ?"
)

func (t *tx) Rows(kind string, ids ...string) ([]store.Row, error) {
	if len(ids) == 1 {
		return t.rows(kind, selectObject, kind, ids[0])
	}
	return t.rows(kind, selectObjects+" WHERE kind = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id", kind, array(ids))
}

func (t *tx) Scan(kind string, r store.Range) ([]store.Row, error) {
	var s selection
	s.where("kind = ?", kind)
	s.within("id", r)
	statement, args := s.statement(selectObjects, "id", r.Limit)
	return t.rows(kind, statement, args...)
}

// rows runs a statement that begins with selectObjects. Claims and references are not read: nobody asks for them.
func (t *tx) rows(kind, statement string, args ...any) ([]store.Row, error) {
	return collect(t, func(r *store.Row) []any {
		r.Kind = kind
		return []any{&r.ID, &r.UID, &r.Revision, &r.Version, &r.Body}
	}, statement, args...)
}

func (t *tx) Holdings(space string, r store.Range) ([]store.Holding, error) {
	var s selection
	s.where("space = ?", space)
	s.within("name", r)
	statement, args := s.statement("SELECT name, kind, id FROM claims", "name", r.Limit)
	return collect(t, func(h *store.Holding) []any { return []any{&h.Name, &h.Holder.Kind, &h.Holder.ID} }, statement, args...)
}

func (t *tx) Referrers(to store.Ref, limit int) ([]store.Ref, error) {
	var s selection
	s.where("to_kind = ? AND to_id = ?", to.Kind, to.ID)
	statement, args := s.statement("SELECT kind, id FROM refs", "kind, id", limit)
	return t.refs(statement, args...)
}

func (t *tx) refs(statement string, args ...any) ([]store.Ref, error) {
	return collect(t, func(r *store.Ref) []any { return []any{&r.Kind, &r.ID} }, statement, args...)
}

// PutRow checks everything before it writes anything, so that a refusal leaves the transaction as it was.
func (u *updateTx) PutRow(row store.Row) error {
	refers, err := u.checkRevision(row)
	if err != nil {
		return err
	}
	claims, err := u.claimsToWrite(row)
	if err != nil {
		return err
	}
	refs, err := u.refsToWrite(row, refers)
	if err != nil {
		return err
	}
	if _, err := u.exec(putObject, row.Kind, row.ID, row.UID, row.Revision+1, row.Version, string(row.Body)); err != nil {
		return fmt.Errorf("put %s %s: %w", row.Kind, row.ID, err)
	}
	for _, w := range append(claims, refs...) {
		if _, err := u.exec(w.statement, row.Kind, row.ID, w.rows); err != nil {
			return fmt.Errorf("put %s %s: %w", row.Kind, row.ID, err)
		}
	}
	u.objects = append(u.objects, store.Ref{Kind: row.Kind, ID: row.ID})
	return nil
}

// checkRevision refuses to write over what is not what was read before. The UID tells an object from one of
// the same id that was deleted, whose revisions are the same. It reports whether what is there refers to anything.
func (u *updateTx) checkRevision(row store.Row) (refers bool, err error) {
	var uid string
	var revision int64
	found, err := u.lookup([]any{&uid, &revision, &refers}, selectRevision, row.Kind, row.ID)
	switch {
	case err != nil:
		return false, err
	case !found && row.Revision == 0:
		return false, nil
	case !found:
		return false, fmt.Errorf("put %s %s, which is gone: %w", row.Kind, row.ID, store.ErrConflict)
	case row.Revision == 0:
		return false, fmt.Errorf("put %s %s: %w", row.Kind, row.ID, store.ErrExists)
	case uid != row.UID || revision != row.Revision:
		return false, fmt.Errorf("put %s %s: %w", row.Kind, row.ID, store.ErrConflict)
	}
	return refers, nil
}

func (u *updateTx) DeleteRow(kind, id string) error {
	object := store.Ref{Kind: kind, ID: id}
	by, err := u.Referrers(object, 1)
	if err != nil {
		return err
	}
	if len(by) > 0 {
		return fmt.Errorf("delete %s %s: %w", kind, id, &store.InUseError{Object: object, By: by[0]})
	}
	n, err := u.exec("DELETE FROM objects WHERE kind = ? AND id = ?", kind, id)
	switch {
	case err != nil:
		return fmt.Errorf("delete %s %s: %w", kind, id, err)
	case n == 0:
		return fmt.Errorf("delete %s %s: %w", kind, id, store.ErrNotFound)
	}
	u.objects = append(u.objects, object)
	return nil
}

const selectRevision = `SELECT uid, revision, EXISTS (SELECT 1 FROM refs WHERE refs.kind = objects.kind AND refs.id = objects.id)
	FROM objects WHERE kind = ? AND id = ?`

const putObject = `INSERT INTO objects (kind, id, uid, revision, version, body) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, version = excluded.version, body = excluded.body`

// array is a list as an argument for json_each, which lets one statement take any
// number of values. Nil is an empty list: the null that JSON would make of it is a
// row to json_each.
func array[T any](values []T) string {
	text, err := json.Marshal(append([]T{}, values...))
	if err != nil {
		panic(err) // only strings and arrays of strings come here
	}
	return string(text)
}
