package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

func (t *tx) Failovers(q store.FailoverQuery) ([]cache.Failover, error) {
	var s selection
	if q.GroupID != "" {
		s.where("group_id = ?", q.GroupID)
	}
	if q.Cause != "" {
		s.where("cause = ?", string(q.Cause))
	}
	if !q.From.IsZero() {
		s.where("detected_at >= ?", nanoseconds(q.From))
	}
	order := "detected_at, sequence"
	if q.Newest {
		order = "detected_at DESC, sequence DESC"
	}
	statement, args := s.statement("SELECT id, body FROM failovers", order, q.Limit)
	var failovers []cache.Failover
	err := t.query(func(rows *sql.Rows) error {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		f, err := t.decodeFailover(id, body)
		if err != nil {
			return err
		}
		failovers = append(failovers, f)
		return nil
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return failovers, nil
}

func (t *tx) decodeFailover(id string, body []byte) (f cache.Failover, err error) {
	if err := json.Unmarshal(body, &f); err != nil {
		return f, corrupt(t.store.path, fmt.Sprintf("the failover %s cannot be read (%v)", id, err))
	}
	if f.ID != id {
		return f, corrupt(t.store.path, fmt.Sprintf("what is stored as the failover %s says that it is %s", id, f.ID))
	}
	return f, nil
}

const upsertFailover = `INSERT INTO failovers (id, group_id, cause, detected_at, body) VALUES (?, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, cause = excluded.cause,
		detected_at = excluded.detected_at, body = excluded.body`

// PutFailover refuses what could not be found or kept: a receipt without an id, or
// of a time that would be pruned at once.
func (u *updateTx) PutFailover(f cache.Failover) error {
	if f.ID == "" {
		return errors.New("put failover: it has no id")
	}
	at := nanoseconds(f.DetectedAt)
	if at == math.MinInt64 || at == math.MaxInt64 {
		return fmt.Errorf("put failover %s: the time %s cannot be stored", f.ID, f.DetectedAt)
	}
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("put failover %s: %w", f.ID, err)
	}
	if _, err := u.exec(upsertFailover, f.ID, f.GroupID, string(f.Cause), at, string(body)); err != nil {
		return fmt.Errorf("put failover %s: %w", f.ID, err)
	}
	return nil
}

func (u *updateTx) PruneFailovers(before time.Time) (int, error) {
	n, err := u.exec("DELETE FROM failovers WHERE detected_at < ?", nanoseconds(before))
	return int(n), err
}
