package integration_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// rawClient is one connection to a node that says exactly what it is told to: a
// client library would log in, greet and retry by itself.
type rawClient struct {
	conn    net.Conn
	replies *bufio.Reader
}

// errorReply is a node's own refusal, as opposed to a connection that failed.
type errorReply string

func (e errorReply) Error() string { return string(e) }

// rawTimeout bounds one exchange on a busy machine.
const rawTimeout = 30 * time.Second

// dialRaw connects to a node; a nil pool means without TLS.
func dialRaw(address string, ca *x509.CertPool) (*rawClient, error) {
	dialer := &net.Dialer{Timeout: rawTimeout}
	var conn net.Conn
	var err error
	if ca == nil {
		conn, err = dialer.Dial("tcp", address)
	} else {
		conn, err = tls.DialWithDialer(dialer, "tcp", address, &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12})
	}
	if err != nil {
		return nil, err
	}
	return newRawClient(conn), nil
}

func newRawClient(conn net.Conn) *rawClient {
	return &rawClient{conn: conn, replies: bufio.NewReader(conn)}
}

func (c *rawClient) Close() error { return c.conn.Close() }

// login authenticates with a token; the empty one stands for a client without.
func (c *rawClient) login(token string) error {
	words := []string{"AUTH", token}
	if token == "" {
		words = []string{"PING"}
	}
	_, err := c.do(words...)
	return err
}

// do sends one command and returns its answer. Arrays are not needed here.
func (c *rawClient) do(words ...string) (string, error) {
	if err := c.conn.SetDeadline(time.Now().Add(rawTimeout)); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := io.WriteString(c.conn, b.String()); err != nil {
		return "", err
	}
	return c.reply()
}

func (c *rawClient) reply() (string, error) {
	line, err := c.replies.ReadString('\n')
	if err != nil {
		return "", err
	}
	kind, rest := line[0], strings.TrimSpace(line[1:])
	switch kind {
	case '+', ':':
		return rest, nil
	case '-':
		return "", errorReply(rest)
	case '$':
		size, err := strconv.Atoi(rest)
		if err != nil || size < 0 {
			return "", err
		}
		body := make([]byte, size+2)
		_, err = io.ReadFull(c.replies, body)
		return string(body[:size]), err
	}
	return "", fmt.Errorf("unexpected reply %q", line)
}

// tryLogin opens a connection of its own and says whether the node let the token
// in. The error is one of the connection.
func tryLogin(address string, ca *x509.CertPool, token string) (accepted bool, err error) {
	c, err := dialRaw(address, ca)
	if err != nil {
		return false, err
	}
	defer c.Close()
	err = c.login(token)
	var refusal errorReply
	if errors.As(err, &refusal) {
		return false, nil
	}
	return err == nil, err
}

// field picks a value out of an answer of INFO.
func field(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
			return value
		}
	}
	return ""
}
