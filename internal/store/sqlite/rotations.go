package sqlite

import (
	"encoding/json"
	"fmt"
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
	return readReceipts(t, "rotation", func(r cache.Rotation) string { return r.ID }, statement, args)
}

const upsertRotation = `INSERT INTO rotations (id, group_id, state, started_at, ended_at, body) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, state = excluded.state,
		started_at = excluded.started_at, ended_at = excluded.ended_at, body = excluded.body`

// PutRotation refuses what checkReceipt does.
func (u *updateTx) PutRotation(r cache.Rotation) error {
	if err := checkReceipt("rotation", r.ID, r.StartedAt); err != nil {
		return err
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
	if _, err := u.exec(upsertRotation, r.ID, r.GroupID, string(r.State), nanoseconds(r.StartedAt), ended, string(body)); err != nil {
		return fmt.Errorf("put rotation %s: %w", r.ID, err)
	}
	return nil
}

func (u *updateTx) PruneRotations(before time.Time) (int, error) {
	n, err := u.exec("DELETE FROM rotations WHERE ended_at < ?", nanoseconds(before))
	return int(n), err
}
