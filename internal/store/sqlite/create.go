package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// companions are the endings of the files that SQLite keeps beside a database.
func companions() []string { return []string{"-wal", "-shm"} }

// create makes the store unless there is one. It is built under another name and
// then linked to its own: a link, unlike a rename, never replaces a store that
// another process made meanwhile.
func create(ctx context.Context, path string, logger *slog.Logger) error {
	switch _, err := os.Stat(path); {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return corrupt(path, "the file is gone but its write-ahead log is there")
	}
	draft, err := build(ctx, path, logger)
	if draft != "" {
		defer removeAll(draft)
	}
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	switch err := os.Link(draft, path); {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return fmt.Errorf("create %s: %w", path, err)
	}
	logger.InfoContext(ctx, "store created", "path", path)
	return syncDirectory(filepath.Dir(path))
}

// build makes a migrated store under a name of its own. Closing it moves all of it
// into the one file and syncs that.
func build(ctx context.Context, path string, logger *slog.Logger) (draft string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return "", err
	}
	draft = file.Name()
	if err := file.Close(); err != nil {
		return draft, err
	}
	db, err := connect(draft, building, 0)
	if err != nil {
		return draft, err
	}
	return draft, errors.Join(migrate(ctx, db, draft, logger), db.Close())
}

func removeAll(path string) {
	_ = os.Remove(path)
	for _, ending := range companions() {
		_ = os.Remove(path + ending)
	}
}

// syncDirectory makes a new name in the directory survive a loss of power.
func syncDirectory(path string) error {
	directory, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}

// restrict takes the files away from everybody but their owner. SQLite gives the
// companions that it makes the mode of the file.
func restrict(path string) error {
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	for _, ending := range companions() {
		if err := os.Chmod(path+ending, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
