package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/aikagi/aikagi/internal/store"
)

// tx is a transaction of either kind. Like the transaction of database/sql, it is
// for one goroutine.
type tx struct {
	ctx    context.Context
	store  *Store
	sql    *sql.Tx
	ready  prepared
	failed error // the first unexpected error; nothing is done after it
}

func (t *tx) rollback() { _ = t.sql.Rollback() }

// query runs a statement and calls scan on each row. args are the arguments.
func (t *tx) query(scan func(*sql.Rows) error, statement string, args ...any) error {
	if t.failed != nil {
		return t.failed
	}
	rows, err := t.run(statement, args)
	if err != nil {
		return t.fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return t.fail(err)
	}
	return nil
}

func (t *tx) run(statement string, args []any) (*sql.Rows, error) {
	if stmt := t.ready[statement]; stmt != nil {
		return t.sql.StmtContext(t.ctx, stmt).QueryContext(t.ctx, args...) //nolint:sqlclosecheck // the transaction closes it
	}
	return t.sql.QueryContext(t.ctx, statement, args...)
}

// collect runs a statement and returns what dest scans each row into; nil where there is none.
func collect[T any](t *tx, dest func(*T) []any, statement string, args ...any) ([]T, error) {
	var all []T
	err := t.query(func(rows *sql.Rows) error {
		var one T
		err := rows.Scan(dest(&one)...)
		all = append(all, one)
		return err
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// lookup reads one row into dest and reports whether there is one.
func (t *tx) lookup(dest []any, statement string, args ...any) (found bool, err error) {
	err = t.query(func(rows *sql.Rows) error {
		found = true
		return rows.Scan(dest...)
	}, statement, args...)
	return found, err
}

// exec runs a statement and says how many rows it changed.
func (t *tx) exec(statement string, args ...any) (int64, error) {
	if t.failed != nil {
		return 0, t.failed
	}
	var result sql.Result
	var err error
	if stmt := t.ready[statement]; stmt != nil {
		result, err = t.sql.StmtContext(t.ctx, stmt).ExecContext(t.ctx, args...) //nolint:sqlclosecheck // the transaction closes it
	} else {
		result, err = t.sql.ExecContext(t.ctx, statement, args...)
	}
	if err != nil {
		return 0, t.fail(err)
	}
	return result.RowsAffected()
}

func (t *tx) fail(err error) error {
	if cause := context.Cause(t.ctx); cause != nil && errors.Is(err, sql.ErrTxDone) {
		err = cause // database/sql rolled back when the context ended
	}
	t.failed = fmt.Errorf("use store: %w", t.store.explain(err))
	return t.failed
}

// selection collects the conditions of a query.
type selection struct {
	conditions []string
	args       []any
}

func (s *selection) where(condition string, args ...any) {
	s.conditions = append(s.conditions, condition)
	s.args = append(s.args, args...)
}

// within narrows a column of names.
func (s *selection) within(column string, r store.Range) {
	if r.Prefix != "" {
		// The first name behind those that begin with it has its last byte, which in UTF-8 is never the greatest, plus one.
		end := []byte(r.Prefix)
		end[len(end)-1]++
		s.where(column+" < ?", string(end))
	}
	// Of two lower bounds SQLite seeks the first, and passes over all that is between them.
	switch {
	case r.After >= r.Prefix && r.After != "":
		s.where(column+" > ?", r.After)
	case r.Prefix != "":
		s.where(column+" >= ?", r.Prefix)
	}
}

// statement adds the conditions, the order and the limit (0: none) to a SELECT.
func (s *selection) statement(query, order string, limit int) (string, []any) {
	if len(s.conditions) > 0 {
		query += " WHERE " + strings.Join(s.conditions, " AND ")
	}
	query += " ORDER BY " + order
	if limit > 0 {
		return query + " LIMIT ?", append(s.args, limit)
	}
	return query, s.args
}
