package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"syscall"

	"golang.org/x/sync/semaphore"

	"github.com/aikagi/aikagi/internal/disk"
	"github.com/aikagi/aikagi/internal/store"
)

// readers is how many Views run at once; more wait for a connection.
const readers = 4

// errClosed is returned by whatever begins after Close.
var errClosed = errors.New("store is closed")

// Options of a store. The zero value is good.
type Options struct {
	Logger *slog.Logger // told of creation and migration; nil: nobody

	maxPages int // tests: the file's largest size; 0: no limit
}

// Store is a [store.Store] in a SQLite file.
type Store struct {
	path    string
	writer  *sql.DB  // one connection, which makes Updates serial
	ready   prepared // the writer's
	readers *sql.DB

	// Turns in the order of asking. [sql.DB] gives a free connection to any of those who wait, so that among many
	// some wait for ever.
	updates, views *semaphore.Weighted

	feed store.Feed

	mu      sync.Mutex // guards closed, and running against growing after it
	closed  bool
	running sync.WaitGroup
}

var _ store.Store = (*Store)(nil)

// Open opens the store at path, creates it if there is none, and brings it up to
// this release's schema. The directory must exist. The caller closes the store.
// Errors: [store.ErrCorrupt] and [store.ErrNewer], for which nothing was changed;
// [store.ErrFull].
func Open(ctx context.Context, path string, opts Options) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{path: path, updates: semaphore.NewWeighted(1), views: semaphore.NewWeighted(readers)}
	if err := s.open(ctx, opts); err != nil {
		return nil, fmt.Errorf("open store: %w", errors.Join(s.explain(err), s.closeFiles()))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, opts Options) error {
	logger := opts.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	if err := create(ctx, s.path, logger); err != nil {
		return err
	}
	if err := inspect(ctx, s.path); err != nil {
		return err
	}
	if err := restrict(s.path); err != nil {
		return err
	}
	var err error
	if s.writer, err = connect(s.path, writing, opts.maxPages); err != nil {
		return err
	}
	if s.readers, err = connect(s.path, reading, 0); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer, s.path, logger); err != nil {
		return err
	}
	if s.ready, err = prepare(ctx, s.writer, writes()); err != nil {
		return err
	}
	return s.reserveIfRoom(ctx)
}

// View runs fn on the state as it is at fn's first read.
func (s *Store) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	if err := s.views.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for a turn to read: %w", err)
	}
	defer s.views.Release(1)
	t, err := s.begin(ctx, s.readers, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer t.rollback()
	return s.locate(fn(t))
}

// Update runs fn in a transaction that holds the write lock from its beginning,
// so what fn reads is what it writes over. When the disk is full, only those with
// [store.WithReserve] may write, within what is kept back.
func (s *Store) Update(ctx context.Context, fn func(store.UpdateTx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.running.Done()
	if !store.MayUseReserve(ctx) {
		if directory := filepath.Dir(s.path); !disk.HasRoom(directory) {
			return full(s.path, syscall.ENOSPC)
		}
		return s.update(ctx, fn)
	}
	err := s.update(ctx, fn)
	if !errors.Is(err, store.ErrFull) {
		return err
	}
	// The log has no space left to grow; what is in it has its place in the file.
	if full := s.checkpoint(ctx, "RESTART"); full != nil {
		return errors.Join(err, full)
	}
	return s.update(ctx, fn)
}

func (s *Store) update(ctx context.Context, fn func(store.UpdateTx) error) error {
	if err := s.updates.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for a turn to write: %w", err)
	}
	defer s.updates.Release(1)
	if store.MayDeferSync(ctx) {
		return s.deferringSync(ctx, func(conn *sql.Conn) error { return s.updateOn(ctx, conn, fn) })
	}
	return s.updateOn(ctx, s.writer, fn)
}

func (s *Store) updateOn(ctx context.Context, writer beginner, fn func(store.UpdateTx) error) error {
	t, err := s.begin(ctx, writer, nil)
	if err != nil {
		return err
	}
	t.ready = s.ready
	u := &updateTx{tx: t}
	defer u.end()
	if err := fn(u); err != nil {
		return s.locate(err)
	}
	return u.commit()
}

// Subscribe begins to listen to what this process writes: the lock of the data directory keeps others away.
func (s *Store) Subscribe() *store.Subscription { return s.feed.Subscribe() }

// Close waits for running Views and Updates. It must not be called from within one.
func (s *Store) Close() error {
	s.mu.Lock()
	before := s.closed
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
	if before {
		return nil
	}
	if err := errors.Join(s.closeReaders(), s.refill(), s.emptyLog(), s.closeFiles()); err != nil {
		return fmt.Errorf("close store: %w", s.explain(err))
	}
	return nil
}

// closeFiles closes readers first: the last connection to close, which moves the
// WAL into the file, must be one that can write.
func (s *Store) closeFiles() error {
	err := s.closeReaders()
	if s.writer != nil {
		err = errors.Join(err, s.writer.Close())
	}
	return err
}

func (s *Store) closeReaders() error {
	if s.readers == nil {
		return nil
	}
	return s.readers.Close()
}

func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	s.running.Add(1)
	return nil
}

// beginner is a pool of connections, or one of them.
type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

func (s *Store) begin(ctx context.Context, on beginner, opts *sql.TxOptions) (*tx, error) {
	began, err := on.BeginTx(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("begin transaction: %w", s.explain(err))
	}
	return &tx{ctx: ctx, store: s, sql: began}, nil
}
