package main

import (
	"context"
	"crypto/tls"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/load"
)

// writer is a client that writes, and connects again by itself. It is for one
// goroutine.
type writer interface {
	// write writes a key once, or reports why it was not acknowledged.
	write(ctx context.Context, key string) error
	close()
}

// writeTimeout is how long the tight client waits for one answer.
const writeTimeout = time.Second

// tight is a client that keeps to one address and connects again at once: what is
// left of an interruption when the client adds nothing to it.
type tight struct {
	at    string // host:port
	token string
	tls   *tls.Config
	conn  *load.Conn
}

func (t *tight) write(_ context.Context, key string) error {
	if t.conn == nil {
		conn, err := connectTo(t.at, t.token, t.tls)
		if err != nil {
			return err
		}
		t.conn = conn
	}
	err := t.conn.SetDeadline(time.Now().Add(writeTimeout))
	if err == nil {
		_, err = t.conn.Do("SET", key, "1")
	}
	if err != nil {
		t.close()
	}
	return err
}

func (t *tight) close() {
	if t.conn != nil {
		_ = t.conn.Close()
		t.conn = nil
	}
}

// connectTo opens a connection and logs in.
func connectTo(at, token string, config *tls.Config) (*load.Conn, error) {
	conn, err := load.Dial(at, config)
	if err != nil {
		return nil, err
	}
	if err := conn.Login(token, load.OneArgument); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// library is go-redis with its own defaults: how long it waits, and how often it
// tries again.
type library struct{ *redis.Client }

func (l library) write(ctx context.Context, key string) error { return l.Set(ctx, key, "1", 0).Err() }
func (l library) close()                                      { _ = l.Close() }

// muted keeps go-redis from telling about the connections that a benchmark breaks.
type muted struct{}

func (muted) Printf(context.Context, string, ...any) {}
