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

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine/gate"
)

// ErrUnproven is wrapped by the errors of [ProveLogins] when the node answered
// something else than the credentials call for.
var ErrUnproven = errors.New("node does not answer logins as it should")

// loginTimeout bounds one proof on one node.
const loginTimeout = 3 * time.Second

// Logins are what a node is expected to answer to.
type Logins struct {
	Passwordless bool // with all rights or with few
	Accept       []token.Token
	Refuse       []token.Token
}

// Prober is what keeps the service's own logins on one node out of what is counted there; see
// the doc of package module. It holds secrets and does not print them.
//
// The zero Prober is for a node that does not count, see [Access]: it logs in as clients do. There the mark would be
// the name of a user, and clients could read it in the log of refused logins.
type Prober struct{ uncounted, password Secret }

// Prober makes the prober for one node that counts.
func (k Keyring) Prober(nodeUID string) Prober {
	return Prober{uncounted: Secret{k.Command(nodeUID, aclCommand)}, password: k.Probe(nodeUID)}
}

func (p Prober) plain() bool { return p == Prober{} }

// Path is how the service comes to a node over the network.
type Path struct {
	To netip.AddrPort
	// From is an address of the service's own, so that the node knows the connection for the service's before it logs in. Invalid: the
	// system chooses one, and until then it may be anybody's.
	From netip.Addr
}

// ProveLogins connects to a node as a client does and tries: each token
// that must be refused, a command without a token, each token that must be accepted. tlsConfig is
// nil for a node without TLS. No error ever holds a token.
//
// None of it counts as use of a credential: logins are marked for the engine module, and the connection
// is that of [ProbeUser] whenever it can end. Hence that login goes out in one write with what
// makes the connection another's.
func ProveLogins(ctx context.Context, node Path, tlsConfig *tls.Config, as Prober, want Logins) error {
	ctx, cancel := context.WithTimeout(ctx, loginTimeout)
	defer cancel()
	client, err := connectClient(ctx, node, tlsConfig)
	if err != nil {
		return err
	}
	defer client.conn.Close()
	// These come first: the log of refused logins names the user that they were tried as, and clients can read it on a node
	// with an older module. Each is sent alone: Valkey 8.0.1 does not answer a refused AUTH that comes behind another command in one write.
	for _, token := range want.Refuse {
		if err := client.expect(attempt{"a token that is not held", "-WRONGPASS", as.auth(token)}); err != nil {
			return err
		}
	}
	first := attempt{"a command without a token", "-NOAUTH", []string{"PING"}}
	if want.Passwordless {
		first.reply = "!-NOAUTH"
	}
	if err := client.expect(as.leaving(first)...); err != nil {
		return err
	}
	for _, token := range want.Accept {
		if err := client.expect(as.leaving(attempt{"token " + token.Digest().Fingerprint(), "+OK", as.auth(token)})...); err != nil {
			return err
		}
	}
	return nil
}

// ProvePlaintextRefused shows that a node which requires TLS takes no connection without. A gate says so before it hangs up; an engine
// of an earlier release, which has none, only hangs up.
func ProvePlaintextRefused(ctx context.Context, node Path) error {
	ctx, cancel := context.WithTimeout(ctx, loginTimeout)
	defer cancel()
	client, err := connectClient(ctx, node, nil)
	if err != nil {
		return err
	}
	defer client.conn.Close()
	var b strings.Builder
	writeCommand(&b, []string{"PING"})
	if _, err := client.conn.Write([]byte(b.String())); err != nil {
		return fmt.Errorf("try plaintext: %w", err)
	}
	reply, err := client.replies.ReadString('\n')
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("try plaintext: %w", ctx.Err())
	case err != nil, strings.HasPrefix(reply, gate.Refusal):
		return nil
	}
	return fmt.Errorf("%w: a command in plaintext got %q", ErrUnproven, strings.TrimSpace(reply))
}

// leaving has the attempt followed by our own login.
func (p Prober) leaving(a attempt) []attempt {
	if p.plain() {
		return []attempt{a}
	}
	return []attempt{a, {"our own login", "+OK", []string{"AUTH", ProbeUser, p.password.Reveal()}}}
}

func (p Prober) auth(token token.Token) []string {
	if p.plain() {
		return []string{"AUTH", token.Reveal()}
	}
	return []string{"AUTH", p.uncounted.Reveal(), token.Reveal()}
}

// connectClient opens a connection that ends, with whatever is tried on it, when ctx does.
func connectClient(ctx context.Context, node Path, tlsConfig *tls.Config) (*loginClient, error) {
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

func dialClient(ctx context.Context, node Path, tlsConfig *tls.Config) (net.Conn, error) {
	dialer := &net.Dialer{}
	if node.From.IsValid() {
		dialer.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(node.From, 0))
	}
	if tlsConfig == nil {
		return dialer.DialContext(ctx, "tcp", node.To.String())
	}
	return (&tls.Dialer{NetDialer: dialer, Config: tlsConfig}).DialContext(ctx, "tcp", node.To.String())
}

// loginClient speaks just enough of the protocol for the proof: a client library
// would log in by itself, in its own order.
type loginClient struct {
	conn    net.Conn
	replies *bufio.Reader
}

// attempt is a command, and how the reply to it must begin, or behind a "!", must not.
type attempt struct {
	what, reply string
	words       []string
}

// writeCommand writes a command as the protocol has it.
func writeCommand(b *strings.Builder, words []string) {
	fmt.Fprintf(b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(b, "$%d\r\n%s\r\n", len(w), w)
	}
}

// expect makes the attempts in one write, and reads all replies.
func (c *loginClient) expect(attempts ...attempt) error {
	var b strings.Builder
	for _, a := range attempts {
		writeCommand(&b, a.words)
	}
	if _, err := c.conn.Write([]byte(b.String())); err != nil {
		return fmt.Errorf("try %s: %w", attempts[0].what, err)
	}
	var wrong error
	for _, a := range attempts {
		reply, err := c.replies.ReadString('\n')
		if err != nil {
			return errors.Join(wrong, fmt.Errorf("try %s: %w", a.what, err))
		}
		unwanted, negated := strings.CutPrefix(a.reply, "!")
		if wrong == nil && strings.HasPrefix(reply, unwanted) == negated {
			wrong = fmt.Errorf("%w: %s got %q, want %q", ErrUnproven, a.what, strings.TrimSpace(reply), a.reply)
		}
	}
	return wrong
}
