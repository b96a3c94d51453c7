package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/aikagi/aikagi/internal/disk"
	"github.com/aikagi/aikagi/internal/store"
)

// explain turns what SQLite and the system report into the store's errors; others pass.
//
// Source: SQLite, "Result and Error Codes"; the low byte is the primary code.
func (s *Store) explain(err error) error {
	if known(err) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return full(s.path, err)
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return corrupt(s.path, err.Error())
	case sqlite3.SQLITE_FULL:
		return full(s.path, err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		// SQLite reports some errors of a full disk without saying why.
		if !disk.HasRoom(filepath.Dir(s.path)) {
			return full(s.path, err)
		}
	}
	return err
}

func known(err error) bool {
	return errors.Is(err, store.ErrCorrupt) || errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrNewer)
}

func full(path string, err error) error {
	return fmt.Errorf("%w: no space left for %s. Nothing was written. Free some space and try again (%w)", store.ErrFull, path, err)
}

func corrupt(path, what string) error {
	return fmt.Errorf("%w: %s cannot be used: %s. Nothing was changed. Move it away together with its -wal and -shm files, "+
		"then restore a backup in its place or start with an empty store", store.ErrCorrupt, path, what)
}

// locate says in which file the object is that cannot be read.
func (s *Store) locate(err error) error {
	var damaged *store.DamageError
	if !errors.As(err, &damaged) {
		return err
	}
	return corrupt(s.path, damaged.What)
}
