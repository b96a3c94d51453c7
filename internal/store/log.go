package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// Log says how entries of one type are kept: what came to pass, or the receipts of what was done.
type Log[T any] struct {
	Name   string // in the store; never changed
	ByTime bool   // read in the order of time instead of that of writing
	// Encode makes an entry without a sequence, or says why there can be none.
	Encode func(T) (Entry, error)
	// Decode reads what Encode made, now or in an earlier release.
	Decode func(Entry) (T, error)
}

// Append writes entries. One with the ID of an earlier one takes its place, and keeps its sequence. If one cannot be
// stored, none is.
func Append[T any](tx UpdateTx, l Log[T], entries ...T) error {
	encoded := make([]Entry, len(entries))
	for i, entry := range entries {
		var err error
		if encoded[i], err = l.Encode(entry); err == nil {
			err = storable(encoded[i].At)
		}
		if err != nil {
			return fmt.Errorf("put %s: %w", l.Name, err)
		}
	}
	for _, entry := range encoded {
		if err := tx.PutEntry(l.Name, entry); err != nil {
			return fmt.Errorf("put %s: %w", l.Name, err)
		}
	}
	return nil
}

// Read returns entries.
func Read[T any](tx Tx, l Log[T], q EntryQuery) ([]T, error) {
	q.ByTime = l.ByTime
	entries, err := tx.Entries(l.Name, q)
	if err != nil {
		return nil, err
	}
	all := make([]T, len(entries))
	for i, entry := range entries {
		if all[i], err = l.Decode(entry); err != nil {
			return nil, fmt.Errorf("read %s: %w", l.Name, err)
		}
	}
	return all, nil
}

// Prune removes what was over before that time, and says how many there were.
func Prune[T any](tx UpdateTx, l Log[T], before time.Time) (int, error) {
	return tx.PruneEntries(l.Name, before)
}

// Nanoseconds is a time as a driver stores it: since 1970 in UTC. What 64 bits cannot tell (before 1678,
// after 2262) becomes the least or the greatest value.
func Nanoseconds(at time.Time) int64 {
	switch {
	case at.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case at.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return at.UnixNano()
}

// storable refuses a time that would not come back as it was. A zero time is a fault of the caller, which must not
// pass silently: the entry would be pruned at once.
func storable(at time.Time) error {
	if n := Nanoseconds(at); n == math.MinInt64 || n == math.MaxInt64 {
		return fmt.Errorf("the time %s cannot be stored", at)
	}
	return nil
}

// encodeReceipt makes the entry of a receipt, which is replaced by its id.
func encodeReceipt(id string, at, over time.Time, subject, label string, receipt any) (Entry, error) {
	if id == "" {
		return Entry{}, errors.New("it has no id")
	}
	body, err := json.Marshal(receipt)
	return Entry{ID: id, At: at, Over: over, Subject: subject, Label: label, Version: 1, Body: body}, err
}

// decodeReceipt reads what encodeReceipt wrote; says is the id that the receipt has of itself.
func decodeReceipt[T any](noun string, e Entry, says func(T) string) (receipt T, err error) {
	if err := json.Unmarshal(e.Body, &receipt); err != nil {
		return receipt, damage("the %s %s cannot be read (%v)", noun, e.ID, err)
	}
	if id := says(receipt); id != e.ID {
		return receipt, damage("what is stored as the %s %s says that it is %s", noun, e.ID, id)
	}
	return receipt, nil
}
