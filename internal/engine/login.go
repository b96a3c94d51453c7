package engine

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// ErrUnproven is wrapped by the errors of [ProveLogins] when the node answered
// something else than the credentials call for.
var ErrUnproven = errors.New("node does not let in whom it should")

// loginTimeout bounds one proof on one node.
const loginTimeout = 3 * time.Second

// Logins are what a node is expected to answer to.
type Logins struct {
	Passwordless bool
	Accept       []cache.Token
	Refuse       []cache.Token
}

// ProveLogins connects to a node as a client does and tries: a command without a
// token, each token that must be refused, each that must be accepted. tlsConfig is
// nil for a node without TLS. No error ever holds a token.
func ProveLogins(ctx context.Context, node netip.AddrPort, tlsConfig *tls.Config, want Logins) error {
	ctx, cancel := context.WithTimeout(ctx, loginTimeout)
	defer cancel()
	client, err := connectClient(ctx, node, tlsConfig)
	if err != nil {
		return err
	}
	defer client.conn.Close()
	first := "-NOAUTH"
	if want.Passwordless {
		first = "+PONG"
	}
	if err := client.expect("a command without a token", first, "PING"); err != nil {
		return err
	}
	for _, token := range want.Refuse {
		if err := client.expect("a token that is not held", "-WRONGPASS", "AUTH", token.Reveal()); err != nil {
			return err
		}
	}
	for _, token := range want.Accept {
		if err := client.expect("token "+token.Digest().Fingerprint(), "+OK", "AUTH", token.Reveal()); err != nil {
			return err
		}
	}
	return nil
}

// connectClient opens a connection that ends, with whatever is tried on it, when ctx does.
func connectClient(ctx context.Context, node netip.AddrPort, tlsConfig *tls.Config) (*loginClient, error) {
	conn, err := dialClient(ctx, node, tlsConfig)
	if err == nil {
		if deadline, ok := ctx.Deadline(); ok {
			err = conn.SetDeadline(deadline)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("connect to node as a client: %w", err)
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	return &loginClient{conn: conn, replies: bufio.NewReaderSize(conn, 512)}, nil
}

func dialClient(ctx context.Context, node netip.AddrPort, tlsConfig *tls.Config) (net.Conn, error) {
	if tlsConfig == nil {
		return (&net.Dialer{}).DialContext(ctx, "tcp", node.String())
	}
	return (&tls.Dialer{Config: tlsConfig}).DialContext(ctx, "tcp", node.String())
}

// loginClient speaks just enough of the protocol for the proof: a client library
// would log in by itself, in its own order.
type loginClient struct {
	conn    net.Conn
	replies *bufio.Reader
}

func (c *loginClient) expect(what, prefix string, words ...string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := c.conn.Write([]byte(b.String())); err != nil {
		return fmt.Errorf("try %s: %w", what, err)
	}
	reply, err := c.replies.ReadString('\n')
	if err != nil {
		return fmt.Errorf("try %s: %w", what, err)
	}
	if !strings.HasPrefix(reply, prefix) {
		return fmt.Errorf("%w: %s got %q, want %q", ErrUnproven, what, strings.TrimSpace(reply), prefix)
	}
	return nil
}
