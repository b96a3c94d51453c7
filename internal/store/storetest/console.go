package storetest

import (
	"crypto/sha256"
	"errors"
	"time"

	"github.com/aikagi/aikagi/internal/store"
)

// consoleSession makes a session, not stored yet.
func consoleSession(id string, expires time.Time) store.ConsoleSession {
	return store.ConsoleSession{Digest: sha256.Sum256([]byte(id)), Caller: "AKIA鍵'quoted'", CreatedAt: noon(), ExpiresAt: expires}
}

func (e *env) putConsoleSessions(sessions ...store.ConsoleSession) {
	e.Helper()
	e.update(func(tx store.UpdateTx) error {
		for _, s := range sessions {
			if err := store.Put(tx, store.ConsoleSessions, &s); err != nil {
				return err
			}
		}
		return nil
	})
}

// hasConsoleSession reports whether it is there, as it was put.
func (e *env) hasConsoleSession(want store.ConsoleSession) (has bool) {
	e.Helper()
	e.view(func(tx store.Tx) error {
		got, err := store.Get(tx, store.ConsoleSessions, want.Digest.String())
		if errors.Is(err, store.ErrNoConsoleSession) {
			return nil
		}
		has = true
		want.Revision = 1
		e.wantEqual(got, &want)
		return err
	})
	return has
}

func consoleSessionsRoundTrip(e *env) {
	first, second := consoleSession("first", noon().Add(time.Nanosecond)), consoleSession("second", noon().AddDate(0, 0, -1))
	e.putConsoleSessions(first, second)
	if !e.hasConsoleSession(first) || !e.hasConsoleSession(second) {
		e.Error("a session is not there")
	}
	if e.hasConsoleSession(consoleSession("third", noon())) {
		e.Error("a session is there that was never put")
	}
	if err := e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.ConsoleSessions, &first) }); err == nil {
		e.Error("a digest was given twice")
	}
}

func consoleSessionsDeleted(e *env) {
	first, second := consoleSession("first", noon()), consoleSession("second", noon())
	e.putConsoleSessions(first, second)
	remove := func(tx store.UpdateTx) error { return store.Delete(tx, store.ConsoleSessions, first.Digest.String()) }
	e.update(remove)
	if e.hasConsoleSession(first) || !e.hasConsoleSession(second) {
		e.Error("deleting one session did not remove that one and no other")
	}
	e.wantIs(e.store.Update(e.Context(), remove), store.ErrNoConsoleSession)
}

func consoleSessionsPruned(e *env) {
	all := []store.ConsoleSession{consoleSession("0", noon()), consoleSession("1", noon().Add(1)), consoleSession("2", noon().AddDate(100, 0, 0))}
	e.putConsoleSessions(all...)
	for _, c := range []struct {
		before time.Time
		want   int
	}{{time.Time{}, 0}, {noon(), 0}, {noon().Add(1), 1}, {noon().AddDate(1, 0, 0), 1}} {
		var n int
		e.update(func(tx store.UpdateTx) (err error) {
			n, err = store.PruneConsoleSessions(tx, c.before)
			return err
		})
		if n != c.want {
			e.Errorf("pruning before %s removed %d, want %d", c.before, n, c.want)
		}
	}
	if e.hasConsoleSession(all[0]) || e.hasConsoleSession(all[1]) || !e.hasConsoleSession(all[2]) {
		e.Error("pruning did not leave just what has not expired")
	}
}

// consoleSessionsNeedIdentity: one without a caller could not be refused when its key is
// withdrawn, and one without an end would never end.
func consoleSessionsNeedIdentity(e *env) {
	nobody, endless := consoleSession("nobody", noon()), consoleSession("endless", time.Time{})
	nobody.Caller = ""
	for _, bad := range []store.ConsoleSession{nobody, endless, consoleSession("far", noon().AddDate(900, 0, 0))} {
		if err := e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.ConsoleSessions, &bad) }); err == nil {
			e.Errorf("%+v was stored", bad)
		}
	}
}
