package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/gate"
)

// adminTimeout bounds one exchange with a node that is alive: beyond it the node
// counts as hanging.
const adminTimeout = 5 * time.Second

// Admin is the control plane's connection to one running node. It is not for
// concurrent use, and its owner closes it.
type Admin struct {
	client   valkey.Client
	nodeUID  string
	keyring  Keyring
	deadline time.Duration
}

// Dial opens connections to a node's admin socket.
type Dial func(ctx context.Context) (net.Conn, error)

// ConnectAdmin logs in at a node's admin socket as [AdminUser].
func ConnectAdmin(ctx context.Context, dial Dial, keyring Keyring, nodeUID string) (*Admin, error) {
	client, err := valkey.NewClient(valkey.ClientOption{
		InitAddress: []string{"admin"},
		DialCtxFn: func(dialCtx context.Context, _ string, _ *net.Dialer, _ *tls.Config) (net.Conn, error) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			return dial(dialCtx)
		},
		Username: AdminUser, Password: keyring.Admin(nodeUID).Reveal(),
		ForceSingleClient: true, DisableCache: true, DisableRetry: true, AlwaysRESP2: true,
		ClientSetInfo: valkey.DisableClientSetInfo, PipelineMultiplex: -1,
		ReadBufferEachConn: 16 << 10, WriteBufferEachConn: 4 << 10, RingScaleEachConn: 4,
		ConnWriteTimeout: adminTimeout,
		// Without this the client library asks each node once a second by itself.
		Dialer: net.Dialer{KeepAlive: -1},
	})
	if err != nil {
		return nil, fmt.Errorf("connect to node's admin socket: %w", err)
	}
	return &Admin{client: client, nodeUID: nodeUID, keyring: keyring, deadline: adminTimeout}, nil
}

// Close ends the connection.
func (a *Admin) Close() { a.client.Close() }

// View is what a node says of itself.
type View struct {
	Info
	Access          Access
	Listen          []netip.AddrPort
	Gate            *gate.Report // nil: the process of an earlier release, which has none
	MaxMemory       int64
	Tick            int    // see TickIdle
	CertificateFile string // empty in the process of an earlier release without TLS
	ReplicateTLS    bool   // it connects to its primary over TLS
	// Settings are what it says of those that it was asked for; it leaves out what it does not know.
	Settings map[string]string
}

// Observe asks the node for everything that the control plane compares with what
// should be, with these settings. A node that is loading its snapshot answers Info only.
func (a *Admin) Observe(ctx context.Context, settings ...Setting) (View, error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	replies := a.client.DoMulti(ctx,
		a.command("INFO"),
		a.renamed("ACL", "LIST"),
		a.renamed("CONFIG", append([]string{"GET", memorySetting, "bind", "port", "tls-port", "tls-cert-file", "hz", tlsReplication}, names(settings)...)...),
		a.command(gateCommand, "REPORT"),
	)
	text, err := replies[0].ToString()
	if err != nil {
		return View{}, fmt.Errorf("observe node: %w", err)
	}
	view := View{Info: parseInfo(text)}
	if view.Loading {
		return view, nil
	}
	rules, err := replies[1].AsStrSlice()
	if err != nil {
		return View{}, fmt.Errorf("observe node's access rules: %w", err)
	}
	view.Access = parseAccess(rules)
	if view.Settings, err = replies[2].AsStrMap(); err != nil {
		return View{}, fmt.Errorf("observe node's settings: %w", err)
	}
	view.MaxMemory, _ = strconv.ParseInt(view.Settings[memorySetting], 10, 64)
	view.Tick, _ = strconv.Atoi(view.Settings["hz"])
	view.CertificateFile = view.Settings["tls-cert-file"]
	view.ReplicateTLS = view.Settings[tlsReplication] == yesOrNo(true)
	if view.Gate, err = readGate(replies[3]); err != nil {
		return View{}, err
	}
	view.Listen = listening(view.Gate, view.Settings)
	return view, nil
}

// listening are the addresses that a gate listens on, or, without one, the engine itself.
func listening(door *gate.Report, settings map[string]string) (all []netip.AddrPort) {
	if door != nil {
		return door.Open()
	}
	port, _ := strconv.ParseUint(settings["port"], 10, 16)
	if port == 0 {
		port, _ = strconv.ParseUint(settings["tls-port"], 10, 16)
	}
	for _, word := range strings.Fields(settings["bind"]) {
		if address, err := netip.ParseAddr(word); err == nil {
			all = append(all, netip.AddrPortFrom(address, uint16(port)))
		}
	}
	return all
}

// Serves reports whether the node serves clients as it is to, at these addresses and no others. A process
// without a gate has the mode that it was started with, and lets everybody in.
func (v View) Serves(doors Doors) bool {
	if !slices.Equal(doors.Addresses, v.Listen) {
		return false
	}
	if v.Gate == nil {
		return !doors.Admits.Ruled
	}
	asked := v.Gate.PerSource == doors.PerSource || !v.Gate.Limits
	watched := v.Gate.Watching == doors.Watch || !v.Gate.Watches
	return (asked && watched || len(v.Listen) == 0) && !slices.ContainsFunc(v.Gate.Listeners, func(l gate.ListenerReport) bool {
		return l.Mode != doors.Mode || l.Rules != doors.RulesAt(l.At)
	})
}

// ApplyAccess makes the node accept exactly these callers: first it
// lets the new in, then it keeps the old out. Open connections of those who had a token stay, whatever they
// logged in with, and have the given rights from then on. Those of users that are gone are ended, those of the user named default also when another
// has taken its place, and of all users when there are tokens again: nobody is to have more rights than those that he has logged in to.
func (a *Admin) ApplyAccess(ctx context.Context, callers Callers, rights Rights) error {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	lines, err := a.client.Do(ctx, a.renamed("ACL", "LIST")).AsStrSlice()
	if err != nil {
		return fmt.Errorf("list node's users: %w", err)
	}
	before := parseAccess(lines)
	// Who finds the change half done must not take it for another's.
	open, shut := []valkey.Completed{a.setUser(RulesUser, rights.unmarked(before))}, []valkey.Completed{}
	if rights.Allow.Restore { // a node that was started by an older version does not check what is restored
		open = append(open, a.renamed("CONFIG", "SET", sanitize, sanitizeClients))
	}
	wanted := map[string]bool{}
	for _, u := range callers.accounts(rights) {
		wanted[u.name] = true
		if set := a.setUser(u.name, "reset "+u.rules); u.name != user.DefaultID || u.open {
			open = append(open, set)
		} else {
			shut = append(shut, set)
		}
	}
	retired, gone := before.unwanted(wanted, callers)
	for _, name := range retired {
		shut = append(shut, a.setUser(name, callers.retiredRules(before.ByUsers, rights))) // its open connections stay
	}
	if len(gone) > 0 {
		shut = append(shut, a.renamed("ACL", append([]string{"DELUSER"}, gone...)...))
	}
	if before.ends(callers) {
		for _, name := range before.staying(wanted) {
			shut = append(shut, a.command("CLIENT", "KILL", "USER", name))
		}
	}
	shut = append(shut, a.setUser(RulesUser, callers.mark(rights)))
	for _, reply := range a.client.DoMulti(ctx, append(open, shut...)...) {
		if err := reply.Error(); err != nil {
			return fmt.Errorf("change node's access rules: %w", err)
		}
	}
	return a.forget(ctx, retired)
}

// forget removes users that cannot log in any more and have no connection left.
// The others stay until a later change: removing them would end connections.
func (a *Admin) forget(ctx context.Context, retired []string) error {
	if len(retired) == 0 {
		return nil
	}
	clients, err := a.client.Do(ctx, a.command("CLIENT", "LIST")).ToString()
	if err != nil {
		return fmt.Errorf("list node's clients: %w", err)
	}
	connected := map[string]bool{}
	for _, field := range strings.Fields(clients) {
		if name, ok := strings.CutPrefix(field, "user="); ok {
			connected[name] = true
		}
	}
	for _, name := range retired {
		if connected[name] {
			continue
		}
		if err := a.client.Do(ctx, a.renamed("ACL", "DELUSER", name)).Error(); err != nil {
			return fmt.Errorf("remove retired user: %w", err)
		}
	}
	return nil
}

// SetMaxMemory bounds the node's data, in bytes.
func (a *Admin) SetMaxMemory(ctx context.Context, bytes int64) error {
	return a.all(ctx, "set node's memory limit", a.renamed("CONFIG", "SET", "maxmemory", strconv.FormatInt(bytes, 10)))
}

// ReplicateOverTLS says whether the node is to connect to its primary over TLS, from its next connection on.
func (a *Admin) ReplicateOverTLS(ctx context.Context, over bool) error {
	return a.all(ctx, "set how node replicates", a.renamed("CONFIG", "SET", tlsReplication, yesOrNo(over)))
}

// SetTick sets how often a second the node looks after itself; see [TickIdle].
func (a *Admin) SetTick(ctx context.Context, hz int) error {
	return a.all(ctx, "set node's tick", a.renamed("CONFIG", "SET", "hz", strconv.Itoa(hz)))
}

// UseCertificate makes the node serve new connections with the certificate and
// key in the given file of its directory. Open connections stay.
func (a *Admin) UseCertificate(ctx context.Context, file string) error {
	return a.all(ctx, "change node's certificate", a.renamed("CONFIG", "SET", "tls-cert-file", file, "tls-key-file", file))
}

// IsRefused reports whether err is an answer of the engine, rather than a failure
// to reach it.
func IsRefused(err error) bool {
	var refusal *valkey.ValkeyError
	return errors.As(err, &refusal)
}

func (a *Admin) setUser(name, rules string) valkey.Completed {
	return a.renamed("ACL", append([]string{"SETUSER", name}, strings.Fields(rules)...)...)
}

func (a *Admin) command(name string, args ...string) valkey.Completed {
	return a.client.B().Arbitrary(name).Args(args...).Build()
}

// renamed is a restricted command under the name that this node knows it by.
func (a *Admin) renamed(name string, args ...string) valkey.Completed {
	return a.command(a.keyring.Command(a.nodeUID, name), args...)
}
