package sqlite

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/aikagi/aikagi/internal/store"
)

func (t *tx) Entries(log string, q store.EntryQuery) ([]store.Entry, error) {
	statement, args := selectEntries(log, q)
	var all []store.Entry
	err := t.query(func(rows *sql.Rows) error {
		var e store.Entry
		var at int64
		var over sql.NullInt64
		var id sql.NullString
		if err := rows.Scan(&e.Sequence, &id, &at, &over, &e.Subject, &e.Label, &e.Version, &e.Body); err != nil {
			return err
		}
		e.ID, e.At = id.String, time.Unix(0, at).UTC()
		if over.Valid {
			e.Over = time.Unix(0, over.Int64).UTC()
		}
		all = append(all, e)
		return nil
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

func selectEntries(log string, q store.EntryQuery) (string, []any) {
	var s selection
	s.where("log = ?", log)
	if q.Subject != "" {
		s.where("subject = ?", q.Subject)
	}
	if q.Label != "" {
		s.where("label = ?", q.Label)
	}
	if !q.From.IsZero() {
		s.where("at >= ?", store.Nanoseconds(q.From))
	}
	if !q.Until.IsZero() {
		s.where("at < ?", store.Nanoseconds(q.Until))
	}
	follows, order := "sequence > ?", "sequence"
	if q.Newest {
		follows, order = "sequence < ?", "sequence DESC"
	}
	if q.After != 0 {
		s.where(follows, q.After)
	}
	switch {
	case q.ByTime && q.Newest:
		order = "at DESC, sequence DESC"
	case q.ByTime:
		order = "at, sequence"
	}
	return s.statement("SELECT sequence, id, at, over, subject, label, version, body FROM entries", order, q.Limit)
}

const putEntry = `INSERT INTO entries (log, id, at, over, subject, label, version, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (log, id) WHERE id IS NOT NULL DO UPDATE SET at = excluded.at, over = excluded.over,
		subject = excluded.subject, label = excluded.label, version = excluded.version, body = excluded.body`

func (u *updateTx) PutEntry(log string, e store.Entry) error {
	var id, over any // NULL where there is none
	if e.ID != "" {
		id = e.ID
	}
	if !e.Over.IsZero() {
		over = store.Nanoseconds(e.Over)
	}
	if _, err := u.exec(putEntry, log, id, store.Nanoseconds(e.At), over, e.Subject, e.Label, e.Version, string(e.Body)); err != nil {
		return fmt.Errorf("put entry about %s: %w", e.Subject, err)
	}
	u.logs = append(u.logs, log)
	return nil
}

func (u *updateTx) PruneEntries(log string, before time.Time) (int, error) {
	n, err := u.exec("DELETE FROM entries WHERE log = ? AND over < ?", log, store.Nanoseconds(before))
	return int(n), err
}
