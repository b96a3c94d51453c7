package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// readReceipts decodes what a statement finds: the id and the body of each receipt.
func readReceipts[T any](t *tx, noun string, idOf func(T) string, statement string, args []any) ([]T, error) {
	var receipts []T
	err := t.query(func(rows *sql.Rows) error {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		var receipt T
		if err := json.Unmarshal(body, &receipt); err != nil {
			return corrupt(t.store.path, fmt.Sprintf("the %s %s cannot be read (%v)", noun, id, err))
		}
		if says := idOf(receipt); says != id {
			return corrupt(t.store.path, fmt.Sprintf("what is stored as the %s %s says that it is %s", noun, id, says))
		}
		receipts = append(receipts, receipt)
		return nil
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return receipts, nil
}

// checkReceipt refuses what could not be found or kept: a receipt without an id, or of a
// time that would be pruned at once.
func checkReceipt(noun, id string, at time.Time) error {
	if id == "" {
		return errors.New("put " + noun + ": it has no id")
	}
	if stored := nanoseconds(at); stored == math.MinInt64 || stored == math.MaxInt64 {
		return fmt.Errorf("put %s %s: the time %s cannot be stored", noun, id, at)
	}
	return nil
}
