package sqlite

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aikagi/aikagi/internal/store"
)

// change is a statement for an object: it takes the object's kind and id, and an array.
type change struct{ statement, rows string }

// claimsToWrite returns how an object gets the claims that it wants. Most writes of an object leave
// them as they are, and are spared the work on their table.
func (u *updateTx) claimsToWrite(row store.Row) ([]change, error) {
	wanted := make([][3]string, len(row.Claims)) // space, name, UID
	for i, c := range row.Claims {
		wanted[i] = [3]string{c.Space, c.Name, c.UID}
	}
	slices.SortFunc(wanted, func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
	for i := 1; i < len(wanted); i++ {
		if c := wanted[i]; c[0] == wanted[i-1][0] && c[1] == wanted[i-1][1] {
			return nil, taken(row, c)
		}
	}
	if row.Revision > 0 {
		has, err := collect(u.tx, func(c *[3]string) []any { return []any{&c[0], &c[1], &c[2]} }, selectClaims, row.Kind, row.ID)
		if err != nil || slices.Equal(has, wanted) {
			return nil, err
		}
	}
	if len(wanted) > 0 {
		var c [3]string
		found, err := u.lookup([]any{&c[0], &c[1]}, takenClaim, row.Kind, row.ID, array(wanted))
		switch {
		case err != nil:
			return nil, err
		case found:
			return nil, taken(row, c)
		}
	}
	rows := array(wanted)
	return []change{{dropClaims, rows}, {putClaims, rows}}, nil
}

func taken(row store.Row, c [3]string) error {
	return fmt.Errorf("put %s %s: %w", row.Kind, row.ID, &store.TakenError{Claim: store.Claim{Space: c[0], Name: c[1]}})
}

// refsToWrite returns how an object gets the references that it wants. refers says whether it has any.
func (u *updateTx) refsToWrite(row store.Row, refers bool) ([]change, error) {
	var has []store.Ref
	if refers {
		var err error
		if has, err = u.refs("SELECT to_kind, to_id FROM refs WHERE kind = ? AND id = ?", row.Kind, row.ID); err != nil {
			return nil, err
		}
	}
	wanted := slices.Clone(row.Refs)
	order := func(a, b store.Ref) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(has, order)
	slices.SortFunc(wanted, order)
	wanted = slices.Compact(wanted)
	if slices.Equal(has, wanted) {
		return nil, nil
	}
	pairs := make([][2]string, len(wanted))
	for i, to := range wanted {
		pairs[i] = [2]string{to.Kind, to.ID}
	}
	rows := array(pairs)
	var to store.Ref
	found, err := u.lookup([]any{&to.Kind, &to.ID}, danglingRef, rows)
	switch {
	case err != nil:
		return nil, err
	case found:
		return nil, fmt.Errorf("put %s %s: %w", row.Kind, row.ID, &store.DanglingError{To: to})
	}
	return []change{{dropRefs, rows}, {putRefs, rows}}, nil
}

const (
	selectClaims = `SELECT space, name, uid FROM claims WHERE kind = ? AND id = ? ORDER BY space, name`

	takenClaim = `SELECT c.space, c.name FROM json_each(?3) w JOIN claims c ON c.space = w.value ->> 0 AND c.name = w.value ->> 1
		WHERE NOT (c.kind = ?1 AND c.id = ?2) ORDER BY w.key LIMIT 1`
	dropClaims = `DELETE FROM claims WHERE kind = ?1 AND id = ?2 AND (space, name, uid) NOT IN
		(SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?3))`
	putClaims = `INSERT INTO claims (kind, id, space, name, uid)
		SELECT ?1, ?2, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?3) WHERE true ON CONFLICT (space, name) DO NOTHING`

	danglingRef = `SELECT w.value ->> 0, w.value ->> 1 FROM json_each(?) w
		WHERE NOT EXISTS (SELECT 1 FROM objects o WHERE o.kind = w.value ->> 0 AND o.id = w.value ->> 1) ORDER BY w.key LIMIT 1`
	dropRefs = `DELETE FROM refs WHERE kind = ?1 AND id = ?2 AND (to_kind, to_id) NOT IN
		(SELECT value ->> 0, value ->> 1 FROM json_each(?3))`
	putRefs = `INSERT INTO refs (kind, id, to_kind, to_id)
		SELECT ?1, ?2, value ->> 0, value ->> 1 FROM json_each(?3) WHERE true ON CONFLICT DO NOTHING`
)
