package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
)

// deferringSync runs fn with the writer's connection, which does not wait for the disk meanwhile.
func (s *Store) deferringSync(ctx context.Context, fn func(*sql.Conn) error) error {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", s.explain(err))
	}
	defer func() { _ = conn.Close() }() // which only gives it back
	if _, err := conn.ExecContext(ctx, "PRAGMA synchronous=normal"); err != nil {
		return fmt.Errorf("defer sync: %w", s.explain(err))
	}
	defer func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous=full"); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // a new one waits for the disk
		}
	}()
	return fn(conn)
}
