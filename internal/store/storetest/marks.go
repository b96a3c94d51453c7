package storetest

import (
	"errors"

	"github.com/aikagi/aikagi/internal/store"
)

func (e *env) mark(name store.Mark) (value string) {
	e.Helper()
	e.view(func(tx store.Tx) error {
		got, err := store.ReadMark(tx, name)
		value = string(got)
		return err
	})
	return value
}

func marksRoundTrip(e *env) {
	if got := e.mark(store.MarkMasterKey); got != "" {
		e.Errorf("a mark that was never put is %q", got)
	}
	for _, value := range []string{"first\x00", "second"} {
		e.update(func(tx store.UpdateTx) error {
			return errors.Join(
				store.Put(tx, store.Marks, &store.Marked{Mark: store.MarkMasterKey, Value: []byte(value)}),
				store.Put(tx, store.Marks, &store.Marked{Mark: store.MarkAuthority, Value: []byte("other")}),
			)
		})
		if got := e.mark(store.MarkMasterKey); got != value {
			e.Errorf("the mark is %q, want %q", got, value)
		}
	}
	if got := e.mark(store.MarkAuthority); got != "other" {
		e.Errorf("another mark is %q", got)
	}
}
