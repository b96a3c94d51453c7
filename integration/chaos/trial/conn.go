package trial

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// engineError is an error that a node answered.
type engineError string

func (e engineError) Error() string { return string(e) }

// conn is a connection that can send commands without waiting for answers, which
// client libraries hide.
type conn struct {
	net.Conn
	replies *bufio.Reader
}

// dial connects and logs in, for as long as the context allows.
func dial(ctx context.Context, address string, config *tls.Config, token string) (*conn, error) {
	raw, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	c := &conn{raw, bufio.NewReader(raw)}
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := c.do("AUTH", token); err != nil {
		return nil, errors.Join(fmt.Errorf("log in: %w", err), raw.Close())
	}
	return c, nil
}

// do sends one command and returns its answer as text; an array's elements are lines.
func (c *conn) do(words ...string) (string, error) {
	if err := c.send(words...); err != nil {
		return "", err
	}
	return c.receive()
}

func (c *conn) send(words ...string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	_, err := io.WriteString(c, b.String())
	return err
}

// missing stands for a value that is not there.
const missing = "\x00missing"

func (c *conn) receive() (string, error) {
	line, err := c.replies.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("answer is empty")
	}
	switch text := line[1:]; line[0] {
	case '+', ':':
		return text, nil
	case '-':
		return "", engineError(text)
	case '$':
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return missing, err
		}
		data := make([]byte, n+2)
		_, err = io.ReadFull(c.replies, data)
		return string(data[:n]), err
	case '*':
		return c.receiveArray(text)
	}
	return "", fmt.Errorf("answer of unknown type %q", line[0])
}

func (c *conn) receiveArray(count string) (string, error) {
	n, err := strconv.Atoi(count)
	if err != nil {
		return "", err
	}
	elements := make([]string, max(n, 0))
	for i := range elements {
		if elements[i], err = c.receive(); err != nil {
			return "", err
		}
	}
	return strings.Join(elements, "\n"), nil
}

// info asks for a section of INFO.
func (c *conn) info(section string) (map[string]string, error) {
	text, err := c.do("INFO", section)
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			fields[name] = value
		}
	}
	return fields, nil
}
