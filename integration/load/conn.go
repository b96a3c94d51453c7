package load

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// connTimeout bounds the life of a connection, so that a node that hangs counts as
// a failure.
const connTimeout = 30 * time.Second

// ErrRefused is wrapped by the errors of a node that does not let a client in.
var ErrRefused = errors.New("refused")

// Form is a way to log in.
type Form int

// The ways to log in with a token that the engines have.
const (
	OneArgument Form = iota // AUTH token
	TwoArguments
	Hello // HELLO 3 AUTH default token
	formCount
)

// Conn is one connection of a client. It speaks as much of the protocol as logins
// and simple commands need: client libraries log in by themselves, in one form, and
// hide what happened.
type Conn struct {
	net.Conn
	replies *bufio.Reader
}

// Dial connects to a node, with TLS and a full handshake.
func Dial(node string, config *tls.Config) (*Conn, error) { return DialFrom("", node, config) }

// DialFrom is Dial from one of this machine's addresses; empty: the system chooses.
func DialFrom(from, node string, config *tls.Config) (*Conn, error) {
	dialer := &net.Dialer{Timeout: connTimeout}
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	conn, err := tls.DialWithDialer(dialer, "tcp", node, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return opened(conn)
}

// DialPlaintext connects to a node without TLS.
func DialPlaintext(node string) (*Conn, error) {
	conn, err := net.DialTimeout("tcp", node, connTimeout)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return opened(conn)
}

func opened(conn net.Conn) (*Conn, error) {
	if err := conn.SetDeadline(time.Now().Add(connTimeout)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &Conn{conn, bufio.NewReaderSize(conn, 1024)}, nil
}

// Login logs in with a token, or shows that commands are served without one if it
// is empty. The error is ErrRefused when the node says no.
func (c *Conn) Login(token string, form Form) error {
	var err error
	switch {
	case token == "":
		_, err = c.Do("PING")
	case form == OneArgument:
		_, err = c.Do("AUTH", token)
	case form == TwoArguments:
		_, err = c.Do("AUTH", "default", token)
	default:
		_, err = c.Do("HELLO", "3", "AUTH", "default", token)
	}
	var answer EngineError
	if errors.As(err, &answer) && (strings.HasPrefix(string(answer), "WRONGPASS ") || strings.HasPrefix(string(answer), "NOAUTH ")) {
		return fmt.Errorf("%w: %w", ErrRefused, answer)
	}
	return err
}

// EngineError is an error that a node answered.
type EngineError string

func (e EngineError) Error() string { return string(e) }

// Do sends a command and returns its answer: the text of a string or a number, and
// nothing of a map. The error is an EngineError if the node answered one.
func (c *Conn) Do(words ...string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := io.WriteString(c, b.String()); err != nil {
		return "", fmt.Errorf("send command: %w", err)
	}
	return c.read()
}

func (c *Conn) read() (string, error) {
	line, err := c.replies.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("read answer: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("read answer: it is empty")
	}
	text := line[1:]
	switch line[0] {
	case '+', ':', '_':
		return text, nil
	case '-':
		return "", EngineError(text)
	case '$':
		return c.bulk(text)
	case '*':
		return "", c.skip(text, 1)
	case '%':
		return "", c.skip(text, 2)
	}
	return "", fmt.Errorf("read answer: unknown type %q", line[0])
}

func (c *Conn) bulk(length string) (string, error) {
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 {
		return "", err
	}
	data := make([]byte, n+2)
	if _, err := io.ReadFull(c.replies, data); err != nil {
		return "", fmt.Errorf("read answer: %w", err)
	}
	return string(data[:n]), nil
}

func (c *Conn) skip(count string, each int) error {
	n, err := strconv.Atoi(count)
	for range n * each {
		if err == nil {
			_, err = c.read()
		}
	}
	return err
}
