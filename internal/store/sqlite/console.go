package sqlite

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/aikagi/aikagi/internal/store"
)

func (t *tx) ConsoleSession(digest store.ConsoleDigest) (store.ConsoleSession, error) {
	s := store.ConsoleSession{Digest: digest}
	var created, expires int64
	found, err := t.lookup([]any{&s.Caller, &created, &expires},
		"SELECT caller, created_at, expires_at FROM console_sessions WHERE digest = ?", digest[:])
	switch {
	case err != nil:
		return store.ConsoleSession{}, err
	case !found:
		return store.ConsoleSession{}, store.ErrNoConsoleSession
	}
	s.CreatedAt, s.ExpiresAt = time.Unix(0, created).UTC(), time.Unix(0, expires).UTC()
	return s, nil
}

// PutConsoleSession refuses a session that would be nobody's, or would never end.
func (u *updateTx) PutConsoleSession(s store.ConsoleSession) error {
	created, expires := nanoseconds(s.CreatedAt), nanoseconds(s.ExpiresAt)
	switch {
	case s.Caller == "":
		return errors.New("put console session: it has no caller")
	case created == math.MinInt64 || expires == math.MinInt64 || expires == math.MaxInt64:
		return fmt.Errorf("put console session: the times %s and %s cannot be stored", s.CreatedAt, s.ExpiresAt)
	}
	_, err := u.exec("INSERT INTO console_sessions (digest, caller, created_at, expires_at) VALUES (?, ?, ?, ?)", s.Digest[:], s.Caller, created, expires)
	if err != nil {
		return fmt.Errorf("put console session: %w", err)
	}
	return nil
}

func (u *updateTx) DeleteConsoleSession(digest store.ConsoleDigest) error {
	n, err := u.exec("DELETE FROM console_sessions WHERE digest = ?", digest[:])
	if err == nil && n == 0 {
		err = store.ErrNoConsoleSession
	}
	return err
}

func (u *updateTx) PruneConsoleSessions(before time.Time) (int, error) {
	n, err := u.exec("DELETE FROM console_sessions WHERE expires_at < ?", nanoseconds(before))
	return int(n), err
}
