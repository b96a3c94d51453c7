package integration

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wire is a client that says exactly the words that a test gives it; libraries log
// in by themselves and in their own order.
type wire struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

// dial connects to host:port, with TLS unless ca is nil. Nothing is said yet.
func dial(t *testing.T, address string, ca *x509.CertPool) *wire {
	t.Helper()
	w, err := tryDial(t, address, ca)
	if err != nil {
		t.Fatalf("connect to %s: %v", address, err)
	}
	t.Cleanup(w.close)
	return w
}

// tryDial is dial for who closes the connection himself, and lives with its failure.
func tryDial(t *testing.T, address string, ca *x509.CertPool) (*wire, error) {
	return tryDialFrom(t, "", address, ca)
}

// tryDialFrom is tryDial from one of this machine's addresses; empty: the system chooses.
func tryDialFrom(t *testing.T, from, address string, ca *x509.CertPool) (*wire, error) {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	if ca != nil {
		host, _, _ := net.SplitHostPort(address)
		conn = tls.Client(conn, &tls.Config{RootCAs: ca, ServerName: host, MinVersion: tls.VersionTLS12})
	}
	return &wire{t: t, conn: conn, in: bufio.NewReader(conn)}, nil
}

func (w *wire) close() { _ = w.conn.Close() }

// do sends one command and returns the reply in one piece: an error begins with a
// hyphen, the items of a list are lines.
func (w *wire) do(words ...string) string {
	w.t.Helper()
	reply, err := w.try(words...)
	if err != nil {
		w.t.Fatalf("%q on %s: %v", words, w.conn.RemoteAddr(), err)
	}
	return reply
}

func (w *wire) try(words ...string) (string, error) {
	return w.tryWithin(30*time.Second, words...)
}

func (w *wire) tryWithin(limit time.Duration, words ...string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(word), word)
	}
	return w.send(limit, b.String())
}

// send sends bytes as they are, and returns the reply.
func (w *wire) send(limit time.Duration, text string) (string, error) {
	if err := w.conn.SetDeadline(time.Now().Add(limit)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(w.conn, text); err != nil {
		return "", err
	}
	return w.reply()
}

func (w *wire) reply() (string, error) {
	line, err := w.in.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimSuffix(line, "\r\n")
	kind, rest := line[0], line[1:]
	switch kind {
	case '-':
		return line, nil
	case '$', '=':
		return w.bulk(rest)
	case '*', '~', '>':
		return w.list(rest, 1)
	case '%':
		return w.list(rest, 2)
	}
	return rest, nil
}

func (w *wire) bulk(length string) (string, error) {
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 {
		return "", err
	}
	text := make([]byte, n+2)
	if _, err := io.ReadFull(w.in, text); err != nil {
		return "", err
	}
	return string(text[:n]), nil
}

func (w *wire) list(length string, each int) (string, error) {
	n, err := strconv.Atoi(length)
	if err != nil {
		return "", err
	}
	items := make([]string, 0, max(n, 0))
	for range n * each {
		item, err := w.reply()
		if err != nil {
			return "", err
		}
		items = append(items, item)
	}
	return strings.Join(items, "\n"), nil
}
