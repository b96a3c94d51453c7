package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"time"

	"modernc.org/sqlite"
)

// busyTimeout is how long a transaction waits for another process's.
const busyTimeout = 10 * time.Second

// purpose is what a pool of connections is for.
type purpose string

const (
	inspecting purpose = "ro"  // leaves the file as it is
	building   purpose = "new" // writes to a file that is not the store yet
	reading    purpose = "query_only"
	writing    purpose = "rw"
)

// connect prepares connections to a file that exists; none is opened yet.
func connect(path string, use purpose, maxPages int) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn(path, use, maxPages))
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", path, err)
	}
	if use == reading || use == writing {
		connector = keepFiles{connector}
	}
	db := sql.OpenDB(connector)
	limit := 1
	if use == reading {
		limit = readers
	}
	db.SetMaxOpenConns(limit)
	db.SetMaxIdleConns(limit)
	return db, nil
}

func dsn(path string, use purpose, maxPages int) string {
	pragmas := []string{fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "temp_store(memory)"}
	mode, immutable := "rw", "0"
	switch use {
	case inspecting:
		mode = "ro"
		// Nobody has the file open, so no lock and no WAL need to be made to read it.
		if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
			immutable = "1"
		}
	case reading:
		pragmas = append(pragmas, "query_only(1)")
	case building, writing:
		// secure_delete: what a token is made of is erased when its rotation is over, and must not
		// be left behind in the file where nobody reads it any more. The log has it until it is
		// written over, or the store is closed.
		pragmas = append(pragmas, "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "secure_delete(1)")
		if maxPages > 0 {
			pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", maxPages))
		}
	}
	query := url.Values{"mode": {mode}, "immutable": {immutable}, "_txlock": {"immediate"}, "_pragma": pragmas}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}
