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

func (t *tx) Rotations(q store.RotationQuery) ([]cache.Rotation, error) {
	var s selection
	if q.GroupID != "" {
		s.where("group_id = ?", q.GroupID)
	}
	if q.State != "" {
		s.where("state = ?", string(q.State))
	}
	if !q.From.IsZero() {
		s.where("started_at >= ?", nanoseconds(q.From))
	}
	order := "started_at, sequence"
	if q.Newest {
		order = "started_at DESC, sequence DESC"
	}
	statement, args := s.statement("SELECT id, body FROM rotations", order, q.Limit)
	var rotations []cache.Rotation
	err := t.query(func(rows *sql.Rows) error {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		r, err := t.decodeRotation(id, body)
		if err != nil {
			return err
		}
		rotations = append(rotations, r)
		return nil
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return rotations, nil
}

func (t *tx) decodeRotation(id string, body []byte) (r cache.Rotation, err error) {
	if err := json.Unmarshal(body, &r); err != nil {
		return r, corrupt(t.store.path, fmt.Sprintf("the rotation %s cannot be read (%v)", id, err))
	}
	if r.ID != id {
		return r, corrupt(t.store.path, fmt.Sprintf("what is stored as the rotation %s says that it is %s", id, r.ID))
	}
	return r, nil
}

const upsertRotation = `INSERT INTO rotations (id, group_id, state, started_at, ended_at, body) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, state = excluded.state,
		started_at = excluded.started_at, ended_at = excluded.ended_at, body = excluded.body`

// PutRotation refuses what could not be found or kept: a receipt without an id, or of a
// time that cannot be stored.
func (u *updateTx) PutRotation(r cache.Rotation) error {
	if r.ID == "" {
		return errors.New("put rotation: it has no id")
	}
	started := nanoseconds(r.StartedAt)
	if started == math.MinInt64 || started == math.MaxInt64 {
		return fmt.Errorf("put rotation %s: the time %s cannot be stored", r.ID, r.StartedAt)
	}
	var ended *int64
	if !r.EndedAt.IsZero() {
		at := nanoseconds(r.EndedAt)
		ended = &at
	}
	body, err := json.Marshal(r.Receipt())
	if err != nil {
		return fmt.Errorf("put rotation %s: %w", r.ID, err)
	}
	if _, err := u.exec(upsertRotation, r.ID, r.GroupID, string(r.State), started, ended, string(body)); err != nil {
		return fmt.Errorf("put rotation %s: %w", r.ID, err)
	}
	return nil
}

func (u *updateTx) PruneRotations(before time.Time) (int, error) {
	n, err := u.exec("DELETE FROM rotations WHERE ended_at < ?", nanoseconds(before))
	return int(n), err
}
