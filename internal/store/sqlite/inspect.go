package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/aikagi/aikagi/internal/store"
)

// inspect refuses a file that must not be written to: one that is damaged, that
// is not a store, or that a newer release wrote. It changes nothing.
func inspect(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file; move it away, and restore a backup in its place", path)
	case info.Size() == 0:
		return corrupt(path, "it is empty")
	}
	db, err := connect(path, inspecting, 0)
	if err != nil {
		return err
	}
	return errors.Join(inspectDatabase(ctx, db, path), db.Close())
}

func inspectDatabase(ctx context.Context, db *sql.DB, path string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return corrupt(path, verdict)
	}
	return inspectVersion(ctx, db, path)
}

func inspectVersion(ctx context.Context, db *sql.DB, path string) error {
	var tables int
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'").Scan(&tables)
	if err != nil {
		return err
	}
	if tables == 0 {
		return corrupt(path, "it is a database of another program")
	}
	var version int64
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if err != nil {
		return err
	}
	newest, err := newestVersion(db)
	if err != nil {
		return err
	}
	if version > newest {
		return fmt.Errorf("%w: %s has schema version %d and this release knows versions up to %d. Nothing was changed. "+
			"Run the release that wrote it, or a newer one", store.ErrNewer, path, version, newest)
	}
	return nil
}
