package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

func (t *tx) Events(q store.EventQuery) ([]cache.Event, error) {
	var s selection
	if q.SourceType != "" {
		s.where("source_type = ?", string(q.SourceType))
	}
	if q.SourceID != "" {
		s.where("source_id = ?", q.SourceID)
	}
	if !q.From.IsZero() {
		s.where("at >= ?", nanoseconds(q.From))
	}
	if !q.Until.IsZero() {
		s.where("at < ?", nanoseconds(q.Until))
	}
	follows, order := "sequence > ?", "sequence"
	if q.Newest {
		follows, order = "sequence < ?", "sequence DESC"
	}
	if q.After != 0 {
		s.where(follows, q.After)
	}
	statement, args := s.statement("SELECT sequence, at, source_type, source_id, message, fact FROM events", order, q.Limit)
	var events []cache.Event
	err := t.query(func(rows *sql.Rows) error {
		var e cache.Event
		var at int64
		var fact sql.NullString
		if err := rows.Scan(&e.Sequence, &at, &e.SourceType, &e.SourceID, &e.Message, &fact); err != nil {
			return err
		}
		if fact.Valid {
			if err := json.Unmarshal([]byte(fact.String), &e.Fact); err != nil {
				return fmt.Errorf("read fact of event %d: %w", e.Sequence, err)
			}
		}
		e.At = time.Unix(0, at).UTC()
		events = append(events, e)
		return nil
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return events, nil
}

func (u *updateTx) AppendEvents(events ...cache.Event) error {
	for _, e := range events {
		if at := nanoseconds(e.At); at == math.MinInt64 || at == math.MaxInt64 {
			return fmt.Errorf("append event about %s: the time %s cannot be stored", e.SourceID, e.At)
		}
	}
	for _, e := range events {
		var fact any // NULL where there is none
		if e.Fact != nil {
			body, err := json.Marshal(e.Fact)
			if err != nil {
				return fmt.Errorf("append event about %s: %w", e.SourceID, err)
			}
			fact = string(body)
		}
		_, err := u.exec("INSERT INTO events (at, source_type, source_id, message, fact) VALUES (?, ?, ?, ?, ?)",
			nanoseconds(e.At), string(e.SourceType), e.SourceID, e.Message, fact)
		if err != nil {
			return fmt.Errorf("append event about %s: %w", e.SourceID, err)
		}
	}
	return nil
}

func (u *updateTx) PruneEvents(before time.Time) (int, error) {
	n, err := u.exec("DELETE FROM events WHERE at < ?", nanoseconds(before))
	return int(n), err
}

// nanoseconds is a time as it is stored. What 64 bits cannot tell (before 1678,
// after 2262) becomes the least or the greatest value.
func nanoseconds(at time.Time) int64 {
	switch {
	case at.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case at.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return at.UnixNano()
}
