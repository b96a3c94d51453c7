package usage_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	cacheusage "github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/pki/pkitest"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/usage"
)

var buildModule = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-usage-module-")
	if err != nil {
		return "", err
	}
	moduleDir = dir
	return module.Build(context.Background(), dir)
})

var moduleDir string

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(moduleDir)
	os.Exit(code)
}

// dials counts the connections that are opened to admin sockets.
type dials struct {
	provider.Provider
	n atomic.Int64
}

func (d *dials) Dial(ctx context.Context, node provider.NodeName) (net.Conn, error) {
	d.n.Add(1)
	return d.Provider.Dial(ctx, node)
}

// plane is a group of two real nodes, which do not replicate, and a collector.
type plane struct {
	*usage.Collector
	t       *testing.T
	dials   *dials
	group   *replication.Group
	keyring engine.Keyring
}

// start runs the nodes of a group that accepts the token and, before it, access without one.
func start(t *testing.T, installed engine.Installed, secret token.Token) *plane {
	t.Helper()
	now := time.Now()
	g, err := replication.NewGroup(replication.Spec{ID: "g", EngineVersion: installed.EngineVersion, Replicas: 1}, now)
	check(t, err)
	g.Tokens, err = g.Tokens.Rotate(secret.Digest(), now)
	check(t, err)
	host := addresstest.Claim(t).Addr()
	check(t, g.AssignAddresses(func() (netip.Addr, error) { host = host.Next(); return host, nil }))
	dir, err := os.MkdirTemp("", "aikagi-usage-")
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	nodes, err := process.New(process.Options{Dir: dir, Programs: engine.Programs([]engine.Installed{installed})})
	check(t, err)
	p := &plane{t: t, dials: &dials{Provider: nodes}, group: g, keyring: engine.NewKeyring([]byte("a master key of thirty-two bytes"))}
	p.Collector = usage.New(usage.Options{Nodes: reach.Nodes{Provider: p.dials, Keyring: p.keyring}, Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- nodes.Run(ctx) }()
	t.Cleanup(func() {
		for i := range g.Shards[0].Nodes {
			_ = nodes.Remove(context.Background(), provider.NameOf(&g.Shards[0].Nodes[i]))
		}
		stop()
		<-ran
	})
	for i := range g.Shards[0].Nodes {
		p.startNode(&g.Shards[0].Nodes[i])
	}
	return p
}

func (p *plane) startNode(n *replication.Node) {
	p.t.Helper()
	modulePath, err := buildModule()
	check(p.t, err)
	moduleSettings, err := engine.RenderModule(p.keyring, n.UID, netip.Prefix{})
	check(p.t, err)
	authority, certificate := pkitest.Node(p.t, n.Address.Addr())
	check(p.t, p.dials.Install(p.t.Context(), provider.NameOf(n), []provider.File{
		{Name: engine.ConfigFile, Data: engine.RenderConfig(engine.Settings{
			Address: n.Address, MaxMemory: 1 << 26, AdminFile: provider.AdminSocket,
			LogFile: provider.EngineLog, NodeUID: n.UID, GroupUID: p.group.UID, Keyring: p.keyring,
		})},
		{Name: engine.ModuleFile, Data: moduleSettings},
		{Name: engine.ModuleLink, Link: modulePath},
		{Name: engine.AuthorityFile, Data: authority}, {Name: engine.CertificateFiles[0], Data: certificate},
		{Name: engine.AccessFile, Data: engine.RenderAccess(engine.Callers{Tokens: p.group.Tokens}, engine.Rights{}, p.keyring.Secrets(n.UID, p.group.UID))},
	}))
	check(p.t, p.dials.Start(p.t.Context(), provider.NameOf(n), provider.Launch{Engine: p.group.Version(), Args: []string{engine.ConfigFile}, Preload: engine.Own(engine.ModuleLink), Incarnation: 1}))
	dial := func(ctx context.Context) (net.Conn, error) { return p.dials.Provider.Dial(ctx, provider.NameOf(n)) }
	for deadline := time.Now().Add(time.Minute); ; {
		admin, err := engine.ConnectAdmin(p.t.Context(), dial, p.keyring, n.UID)
		if err == nil {
			_, err = admin.Listen(p.t.Context(), engine.Doors{Addresses: []netip.AddrPort{n.Address}, Mode: gate.ModePreferred})
			admin.Close()
		}
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("engine does not answer: %v", err)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// connect opens a connection to a node; words are said on it, each must be answered with +.
func (p *plane) connect(node int, words ...string) net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.at(node))
	check(p.t, err)
	return p.greet(conn, words...)
}

// connectTLS is connect over TLS.
func (p *plane) connectTLS(node int, words ...string) net.Conn {
	p.t.Helper()
	conn, err := tls.Dial("tcp", p.at(node), &tls.Config{InsecureSkipVerify: true})
	check(p.t, err)
	return p.greet(conn, words...)
}

func (p *plane) at(node int) string {
	return p.group.Shards[0].Nodes[node].Address.String()
}

func (p *plane) greet(conn net.Conn, words ...string) net.Conn {
	p.t.Helper()
	p.t.Cleanup(func() { _ = conn.Close() })
	replies := bufio.NewReader(conn)
	for _, w := range words {
		_, err := fmt.Fprintf(conn, "%s\r\n", w)
		check(p.t, err)
		if reply, err := replies.ReadString('\n'); err != nil || !strings.HasPrefix(reply, "+") {
			p.t.Fatalf("%q is answered with %q (%v)", strings.Fields(w)[0], reply, err)
		}
	}
	return conn
}

func (p *plane) pid(node int) int {
	return p.dials.Inspect(provider.NameOf(&p.group.Shards[0].Nodes[node])).PID
}

// eachEngine runs the test for every installed engine.
func eachEngine(t *testing.T, test func(*testing.T, *plane, token.Token)) {
	t.Helper()
	t.Parallel()
	found, err := engine.Find(t.Context(), nil)
	if err != nil || len(found) == 0 {
		t.Fatalf("no engine: %v", err)
	}
	for _, installed := range found {
		t.Run(installed.EngineVersion.String(), func(t *testing.T) {
			t.Parallel()
			secret := token.Generate()
			test(t, start(t, installed, secret), secret)
		})
	}
}

// What the two nodes know is added up, and what was asked about can be ended.
func TestUsageOfAllNodes(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *plane, secret token.Token) {
		for node := range 2 {
			p.connect(node, "CLIENT SETNAME worker-1", "PING")
			for range 3 {
				p.connect(node, "AUTH "+secret.Reveal(), "CLIENT SETNAME worker-2", "PING")
			}
		}
		got, err := p.Of(t.Context(), p.group)
		check(t, err)
		if len(got.Missing) != 0 || len(got.Credentials) != 2 {
			t.Fatalf("usage %+v", got)
		}
		for i, want := range []struct {
			credential, name string
			standing         cacheusage.Standing
			connections      int
		}{{token.None, "worker-1", cacheusage.StandingOld, 2}, {secret.Digest().Fingerprint(), "worker-2", cacheusage.StandingNew, 6}} {
			c := got.Credentials[i]
			if c.Credential != want.credential || c.Standing != want.standing || c.Connections != want.connections || c.Authentications != int64(want.connections) ||
				len(c.Clients) != 1 || c.Clients[0].Name != want.name || len(c.Clients[0].Nodes) != 2 {
				t.Errorf("%+v, want %+v", c, want)
			}
		}
		found, missing := p.Connections(t.Context(), p.group, secret.Digest().Fingerprint())
		if len(found) != 2 || len(found[0].IDs) != 3 || len(missing) != 0 {
			t.Fatalf("connections %+v, missing %+v", found, missing)
		}
		check(t, p.End(t.Context(), found[0].Node, found[0].IDs[:2]))
		if got, err = p.Of(t.Context(), p.group); err != nil || got.Credentials[1].Connections != 4 || got.Credentials[1].Authentications != 6 {
			t.Errorf("after two were ended: %v, %+v", err, got.Credentials[1].Record)
		}
	})
}

// Who comes in plaintext is counted by client, whatever he logs in with; who comes over TLS, or says nothing, is not.
func TestPlaintextUse(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *plane, secret token.Token) {
		p.connect(0, "CLIENT SETNAME worker-1", "PING")
		p.connect(1, "AUTH "+secret.Reveal(), "CLIENT SETNAME worker-2", "PING")
		check(t, p.connect(1, "PING").Close())
		p.connect(0) // a health check
		p.connectTLS(0, "CLIENT SETNAME worker-3", "PING")
		p.connectTLS(1, "AUTH "+secret.Reveal(), "PING")
		var got cacheusage.Group
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
			var err error
			got, err = p.Of(t.Context(), p.group)
			check(t, err)
			if got.Plaintext.Connections == 2 || time.Now().After(deadline) { // the one that was closed has ended
				break
			}
		}
		use, names := got.Plaintext, []string{}
		for _, c := range use.Clients {
			names = append(names, c.Name)
		}
		slices.Sort(names)
		if use.Connections != 2 || use.Authentications != 3 || use.LastMinute != 3 || use.LastUsed.IsZero() || !slices.Equal(names, []string{"", "worker-1", "worker-2"}) {
			t.Errorf("in plaintext: %+v", use)
		}
		if got.OverTLS != 2 || len(got.Gateless) != 0 || len(got.Missing) != 0 || got.Of(cacheusage.Plaintext) != nil {
			t.Errorf("over TLS %d, without a gate %v, %+v", got.OverTLS, got.Gateless, got.Credentials)
		}
	})
}

// A node that hangs or is gone costs its figures, and a second at most.
func TestUsageWithoutANode(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *plane, secret token.Token) {
		p.connect(0, "AUTH "+secret.Reveal())
		check(t, syscall.Kill(p.pid(1), syscall.SIGSTOP))
		before := p.dials.n.Load()
		began := time.Now()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				got, err := p.Of(t.Context(), p.group)
				if err != nil || len(got.Missing) != 1 || got.Missing[0].NodeID != "g-002" || !strings.Contains(got.Missing[0].Reason.Text, "did not answer") ||
					got.Of(secret.Digest().Fingerprint()).Connections != 1 {
					t.Errorf("%v, %+v", err, got)
				}
			})
		}
		impatient, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer leave()
		if _, err := p.Of(impatient, p.group); err == nil {
			t.Error("the one whose time was over got an answer")
		}
		all.Wait()
		if took := time.Since(began); took > 10*usage.Timeout {
			t.Errorf("it took %s", took)
		}
		if n := p.dials.n.Load() - before; n > 4 { // 2 nodes, and perhaps a second flight
			t.Errorf("%d connections to admin sockets for callers of one moment", n)
		}
		check(t, p.dials.Kill(t.Context(), provider.NameOf(&p.group.Shards[0].Nodes[1])))
		got, err := p.Of(t.Context(), p.group)
		if err != nil || len(got.Missing) != 1 || got.Missing[0].Reason.Text != "it is not running" {
			t.Errorf("%v, missing %+v", err, got.Missing)
		}
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
