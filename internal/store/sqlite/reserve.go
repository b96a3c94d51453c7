package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"modernc.org/sqlite"

	"github.com/aikagi/aikagi/internal/disk"
	"github.com/aikagi/aikagi/internal/store"
)

// What is kept back for when the disk is full, see the package's doc: a log that has its space
// already, in bytes, and pages of the file that are free.
const (
	logReserve   = 1 << 20
	pagesReserve = 64
	pageSize     = 4096 // SQLite's default
)

// keepFiles has connections leave the log and its index where they are when they are closed, with
// their space.
type keepFiles struct{ driver.Connector }

func (k keepFiles) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	control, ok := c.(sqlite.FileControl)
	if !ok {
		return nil, errors.Join(errors.New("the driver cannot keep the log"), c.Close())
	}
	if _, err := control.FileControlPersistWAL("main", 1); err != nil {
		return nil, errors.Join(fmt.Errorf("keep the log: %w", err), c.Close())
	}
	return c, nil
}

// Reserve makes sure that what is kept back is there, as far as there is room for it.
func (s *Store) Reserve(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	return s.reserveIfRoom(ctx)
}

func (s *Store) reserveIfRoom(ctx context.Context) error {
	if !disk.HasRoom(filepath.Dir(s.path)) {
		return nil
	}
	if err := s.reserve(ctx); err != nil && !errors.Is(s.explain(err), store.ErrFull) {
		return fmt.Errorf("reserve space for the store: %w", err)
	}
	return nil
}

// refill has the file keep back what it should when it is closed, so that who opens it, and may have to refuse it, leaves it as
// it is.
func (s *Store) refill() error {
	if s.writer == nil {
		return nil
	}
	return s.reserveIfRoom(context.Background())
}

func (s *Store) reserve(ctx context.Context) error {
	if err := reserveLog(s.path); err != nil {
		return err
	}
	var free int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&free); err != nil {
		return err
	}
	if free >= pagesReserve {
		return nil
	}
	if err := s.freePages(ctx, pagesReserve); err != nil {
		return err
	}
	return s.checkpoint(ctx, "PASSIVE") // or they would be in the log only
}

// freePages sees to it that the file has so many pages that are not in use: those that are free already are taken first. secure_delete has them written, so that they have their
// place on the disk.
func (s *Store) freePages(ctx context.Context, pages int) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // done with when all went well
	if _, err := tx.ExecContext(ctx, "INSERT INTO reserve (space) VALUES (zeroblob(?))", pages*pageSize); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM reserve"); err != nil {
		return err
	}
	return tx.Commit()
}

// checkpoint moves what is in the log into the file; see SQLite's wal_checkpoint for the modes.
func (s *Store) checkpoint(ctx context.Context, mode string) error {
	var busy, inLog, moved int
	err := s.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &inLog, &moved)
	if err == nil && busy != 0 && mode != "PASSIVE" {
		err = errors.New("checkpoint: the log is in use")
	}
	return err
}

// reserveLog gives the log its space. SQLite takes what it finds behind its own frames for nothing, and writes
// over the log from its beginning after each checkpoint.
func reserveLog(path string) error {
	file, err := os.OpenFile(path+"-wal", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() >= logReserve {
		return err
	}
	return allocate(file, logReserve)
}

// emptyLog leaves nothing behind in the log when the store is closed, but its space.
func (s *Store) emptyLog() error {
	if s.writer == nil {
		return nil
	}
	if err := s.checkpoint(context.Background(), "TRUNCATE"); err != nil {
		return err
	}
	return reserveLog(s.path)
}
