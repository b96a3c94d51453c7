package sqlite

import (
	"encoding/json"
	"fmt"
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
	return readReceipts(t, "failover", func(f cache.Failover) string { return f.ID }, statement, args)
}

const upsertFailover = `INSERT INTO failovers (id, group_id, cause, detected_at, body) VALUES (?, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, cause = excluded.cause,
		detected_at = excluded.detected_at, body = excluded.body`

// PutFailover refuses what checkReceipt does.
func (u *updateTx) PutFailover(f cache.Failover) error {
	if err := checkReceipt("failover", f.ID, f.DetectedAt); err != nil {
		return err
	}
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("put failover %s: %w", f.ID, err)
	}
	if _, err := u.exec(upsertFailover, f.ID, f.GroupID, string(f.Cause), nanoseconds(f.DetectedAt), string(body)); err != nil {
		return fmt.Errorf("put failover %s: %w", f.ID, err)
	}
	return nil
}

func (u *updateTx) PruneFailovers(before time.Time) (int, error) {
	n, err := u.exec("DELETE FROM failovers WHERE detected_at < ?", nanoseconds(before))
	return int(n), err
}
