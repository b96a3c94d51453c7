package sqlite

import (
	"fmt"

	"github.com/aikagi/aikagi/internal/store"
)

func (t *tx) Mark(name store.Mark) ([]byte, error) {
	var value []byte
	_, err := t.lookup([]any{&value}, "SELECT value FROM marks WHERE name = ?", string(name))
	return value, err
}

func (u *updateTx) PutMark(name store.Mark, value []byte) error {
	_, err := u.exec("INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", string(name), value)
	if err != nil {
		return fmt.Errorf("put mark %s: %w", name, err)
	}
	return nil
}
