package intake

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// serve runs a server with a limit of connections. /kept keeps its connection and answers when release
// is closed; anything else answers at once.
func serve(t *testing.T, limit int) (l *Listener, arrived chan struct{}, release chan struct{}) {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived, release = make(chan struct{}, 100), make(chan struct{})
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/kept" {
			Keep(r.Context())
			arrived <- struct{}{}
			<-release
		}
	})}
	Watch(server)
	ended := make(chan struct{})
	l = Limit(inner, limit)
	go func() {
		defer close(ended)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return l, arrived, release
}

// latest is when a connection came or began to wait last.
func latest(l *Listener) (at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		if c.since.After(at) {
			at = c.since
		}
	}
	return at
}

// awaitLater waits until the listener knows that a connection waits again: a client may see its answer before.
func awaitLater(t *testing.T, l *Listener, than time.Time) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !latest(l).After(than); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no connection waits again")
		}
	}
}

type client struct {
	t *testing.T
	net.Conn
	lines *bufio.Reader
}

func dial(t *testing.T, address string) *client {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &client{t, c, bufio.NewReader(c)}
}

func (c *client) send(path string) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path); err != nil {
		c.t.Error(err)
	}
}

func (c *client) answered() error {
	response, err := http.ReadResponse(c.lines, nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}

func (c *client) wantAnswer(path string) {
	c.t.Helper()
	c.send(path)
	if err := c.answered(); err != nil {
		c.t.Errorf("%s: %v", path, err)
	}
}

func (c *client) wantClosed(what string) {
	c.t.Helper()
	var timeout net.Error
	if err := c.answered(); err == nil || errors.As(err, &timeout) && timeout.Timeout() {
		c.t.Errorf("%s is still connected: %v", what, err)
	}
}

// TestOldestWaitingConnectionGoesFirst: the newest client is let in, the one that was idle for longest is not missed.
func TestOldestWaitingConnectionGoesFirst(t *testing.T) {
	t.Parallel()
	l, _, _ := serve(t, 3)
	address := l.Addr().String()
	first, second, third := dial(t, address), dial(t, address), dial(t, address)
	for _, c := range []*client{second, third, first} { // second is idle for longest
		came := latest(l)
		c.wantAnswer("/")
		awaitLater(t, l, came)
	}
	dial(t, address).wantAnswer("/")
	second.wantClosed("the one that was idle for longest")
	first.wantAnswer("/")
}

// TestHalfHeadersDoNotKeepOthersOut: who never ends a header has no more right than who is idle.
func TestHalfHeadersDoNotKeepOthersOut(t *testing.T) {
	t.Parallel()
	l, _, _ := serve(t, 3)
	address := l.Addr().String()
	var slow []*client
	for range 10 {
		c := dial(t, address)
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost:"); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, c)
	}
	dial(t, address).wantAnswer("/")
	slow[0].wantClosed("the first that sends slowly")
}

// TestKeptConnectionsAreNotClosed: newcomers wait while all connections are of callers who are known.
func TestKeptConnectionsAreNotClosed(t *testing.T) {
	t.Parallel()
	l, arrived, release := serve(t, 2)
	address := l.Addr().String()
	kept := []*client{dial(t, address), dial(t, address)}
	for _, c := range kept {
		c.send("/kept")
		<-arrived
	}
	late := dial(t, address)
	late.send("/")
	got := make(chan error, 1)
	go func() { got <- late.answered() }()
	select {
	case err := <-got:
		t.Errorf("a connection past the limit was answered: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	for _, c := range kept {
		if err := c.answered(); err != nil {
			t.Errorf("a caller who is known: %v", err)
		}
	}
	if err := <-got; err != nil {
		t.Errorf("who waited: %v", err)
	}
}

func TestCloseEndsAnAcceptThatWaits(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := Limit(inner, 1)
	dial(t, inner.Addr().String())
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.(*conn).keep()
	dial(t, inner.Addr().String())
	ended := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		ended <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("Accept goes on")
	}
}
