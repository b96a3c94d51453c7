package module

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience ends what hangs. A busy machine takes its time.
const patience = 5 * time.Minute

// respError is an error reply of the engine.
type respError string

// conn is a client that sends exactly the bytes it is told to, which no library would.
type conn struct {
	net.Conn
	t     *testing.T
	r     *bufio.Reader
	limit time.Duration // of each command and its reply; 0: what the connection has
}

func dial(t *testing.T, network, address string) *conn {
	t.Helper()
	nc, err := net.DialTimeout(network, address, 5*time.Second)
	if err != nil {
		t.Fatalf("connect to engine: %v", err)
	}
	t.Cleanup(func() { nc.Close() })
	if err := nc.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	c := newConn(t, nc)
	c.limit = patience
	return c
}

func newConn(t *testing.T, nc net.Conn) *conn { return &conn{Conn: nc, t: t, r: bufio.NewReader(nc)} }

func encode(args []string) []byte {
	b := fmt.Appendf(nil, "*%d\r\n", len(args))
	for _, a := range args {
		b = fmt.Appendf(b, "$%d\r\n%s\r\n", len(a), a)
	}
	return b
}

// do sends one command and returns its reply; a connection that ends fails the test.
func (c *conn) do(args ...string) any {
	c.t.Helper()
	reply, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("%q: %v", args, err)
	}
	return reply
}

func (c *conn) try(args ...string) (any, error) {
	if c.limit > 0 { // a test may take minutes on a busy machine
		if err := c.SetDeadline(time.Now().Add(c.limit)); err != nil {
			return nil, err
		}
	}
	if _, err := c.Write(encode(args)); err != nil {
		return nil, err
	}
	return c.read()
}

func (c *conn) read() (any, error) {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	kind, rest := line[0], strings.TrimRight(line[1:], "\r\n")
	switch kind {
	case '+', ',', '(', '#':
		return rest, nil
	case '-':
		return respError(rest), nil
	case ':':
		return strconv.ParseInt(rest, 10, 64)
	case '_':
		return nil, nil
	}
	n, err := strconv.Atoi(rest)
	if err != nil {
		return nil, fmt.Errorf("unexpected reply %q", line)
	}
	switch kind {
	case '$', '=':
		return c.readString(kind, n)
	case '*', '~', '>':
		return c.readArray(n)
	case '%':
		return c.readArray(2 * n)
	}
	return nil, fmt.Errorf("unexpected reply %q", line)
}

func (c *conn) readString(kind byte, n int) (any, error) {
	if n < 0 {
		return nil, nil
	}
	b := make([]byte, n+2)
	if _, err := io.ReadFull(c.r, b); err != nil {
		return nil, err
	}
	if kind == '=' {
		return strings.TrimPrefix(string(b[:n]), "txt:"), nil
	}
	return string(b[:n]), nil
}

func (c *conn) readArray(n int) (any, error) {
	if n < 0 {
		return nil, nil
	}
	items := make([]any, n)
	for i := range items {
		item, err := c.read()
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return items, nil
}

func isError(reply any, prefix string) bool {
	e, ok := reply.(respError)
	return ok && strings.HasPrefix(string(e), prefix)
}

// text is a reply with everything in it, for looking for what must not be there.
func text(reply any) string { return fmt.Sprintf("%q", reply) }
