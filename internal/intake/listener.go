package intake

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Listener accepts connections up to a limit; past it, each new one ends an old one.
type Listener struct {
	net.Listener
	limit int

	mu     sync.Mutex // guards all below, and kept and since of each connection
	open   map[*conn]struct{}
	closed bool
	room   *sync.Cond // something about open or closed has changed
}

// Limit makes a listener of another one, which belongs to it from now on.
func Limit(listener net.Listener, limit int) *Listener {
	l := &Listener{Listener: listener, limit: max(limit, 1), open: map[*conn]struct{}{}}
	l.room = sync.NewCond(&l.mu)
	return l
}

// conn is a connection that its listener knows.
type conn struct {
	net.Conn
	listener *Listener
	kept     bool
	since    time.Time // when it came, or began to wait for its next request
}

// Accept returns the next connection, when there is room for it.
func (l *Listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: accepted, listener: l, since: time.Now()}
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.open) >= l.limit && !l.closed {
		if oldest := l.oldest(); oldest != nil {
			delete(l.open, oldest)
			_ = oldest.Conn.Close() // whoever uses it finds out
			continue
		}
		l.room.Wait()
	}
	if l.closed {
		_ = accepted.Close()
		return nil, net.ErrClosed
	}
	l.open[c] = struct{}{}
	return c, nil
}

// oldest is the connection that is to be closed first; nil if all are kept.
func (l *Listener) oldest() *conn {
	var first *conn
	for c := range l.open {
		if !c.kept && (first == nil || c.since.Before(first.since)) {
			first = c
		}
	}
	return first
}

// Close ends Accept. Connections stay.
func (l *Listener) Close() error {
	l.mu.Lock()
	l.closed = true
	l.room.Broadcast()
	l.mu.Unlock()
	return l.Listener.Close()
}

// Close also makes room for another.
func (c *conn) Close() error {
	c.listener.mu.Lock()
	delete(c.listener.open, c)
	c.listener.room.Broadcast()
	c.listener.mu.Unlock()
	return c.Conn.Close()
}

// keep protects the connection until release, from where on it waits.
func (c *conn) keep() {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	c.kept = true
}

func (c *conn) release() {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	c.kept, c.since = false, time.Now()
	c.listener.room.Broadcast()
}

type connKey struct{}

// Watch has a server tell its listener, a [Listener], what connections do. It sets the server's
// ConnContext and ConnState.
func Watch(server *http.Server) {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, unwrap(c))
	}
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if own := unwrap(c); own != nil && state == http.StateIdle {
			own.release()
		}
	}
}

// Keep keeps the connection of a request from being closed for another until the answer is sent. It
// is for callers who have shown who they are.
func Keep(ctx context.Context) {
	if c, _ := ctx.Value(connKey{}).(*conn); c != nil {
		c.keep()
	}
}

// unwrap returns the listener's connection below one with TLS; nil if it is another one.
func unwrap(c net.Conn) *conn {
	if secured, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = secured.NetConn()
	}
	own, _ := c.(*conn)
	return own
}
