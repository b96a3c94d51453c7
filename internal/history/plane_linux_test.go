package history

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/pki/pkitest"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

var buildModule = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-history-module-")
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

// plane is a group of a real primary and a real replica in a real store, and a history that runs.
type plane struct {
	*History
	t       testing.TB
	nodes   provider.Provider
	store   store.Store
	group   *replication.Group
	keyring engine.Keyring
	rounds  atomic.Int64 // of questions to the group while it is watched
}

// start runs the nodes of a group that accepts the token and, before it, access without one.
func start(t testing.TB, installed engine.Installed, token token.Token) *plane {
	t.Helper()
	now := time.Now()
	g, err := replication.NewGroup(replication.Spec{ID: "g", EngineVersion: installed.EngineVersion, Replicas: 1}, now)
	check(t, err)
	g.Tokens, err = g.Tokens.Rotate(token.Digest(), now)
	check(t, err)
	host := addresstest.Claim(t).Addr()
	check(t, g.AssignAddresses(func() (netip.Addr, error) { host = host.Next(); return host, nil }))
	dir, err := os.MkdirTemp("", "aikagi-history-")
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	nodes, err := process.New(process.Options{Dir: filepath.Join(dir, "nodes"), Programs: engine.Programs([]engine.Installed{installed})})
	check(t, err)
	database, err := sqlite.Open(t.Context(), filepath.Join(dir, "store"), sqlite.Options{Logger: slog.New(slog.DiscardHandler)})
	check(t, err)
	t.Cleanup(func() { _ = database.Close() })
	p := &plane{t: t, nodes: nodes, store: database, group: g, keyring: engine.NewKeyring([]byte("a master key of thirty-two bytes"))}
	p.History = New(Options{
		Store: database, Nodes: reach.Nodes{Provider: nodes, Keyring: p.keyring}, Logger: slog.New(slog.DiscardHandler), Now: time.Now,
		Interval: time.Hour, WatchedInterval: 50 * time.Millisecond,
		Sampled: func(id string) {
			if id == "g" {
				p.rounds.Add(1)
			}
		},
	})
	p.run(func(ctx context.Context) error { return nodes.Run(ctx) })
	t.Cleanup(func() {
		for _, node := range nodes.List() {
			_ = nodes.Remove(context.Background(), node.Node)
		}
	})
	p.startNode(0, netip.AddrPort{})
	p.startNode(1, p.address(0))
	check(t, p.store.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }))
	p.run(p.Run)
	return p
}

// run ends with the test.
func (p *plane) run(fn func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- fn(ctx) }()
	p.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			p.t.Error(err)
		}
	})
}

func (p *plane) address(node int) netip.AddrPort {
	return p.group.Shards[0].Nodes[node].Address
}

func (p *plane) startNode(i int, primary netip.AddrPort) {
	p.t.Helper()
	n := &p.group.Shards[0].Nodes[i]
	modulePath, err := buildModule()
	check(p.t, err)
	moduleSettings, err := engine.RenderModule(p.keyring, n.UID, netip.Prefix{})
	check(p.t, err)
	authority, certificate := pkitest.Node(p.t, n.Address.Addr())
	check(p.t, p.nodes.Install(p.t.Context(), provider.NameOf(n), []provider.File{
		{Name: engine.ConfigFile, Data: engine.RenderConfig(engine.Settings{
			Address: n.Address, Primary: primary, MaxMemory: 1 << 26, AdminFile: provider.AdminSocket,
			LogFile: provider.EngineLog, NodeUID: n.UID, GroupUID: p.group.UID, Keyring: p.keyring,
		})},
		{Name: engine.ModuleFile, Data: moduleSettings},
		{Name: engine.ModuleLink, Link: modulePath},
		{Name: engine.AuthorityFile, Data: authority}, {Name: engine.CertificateFiles[0], Data: certificate},
		{Name: engine.AccessFile, Data: engine.RenderAccess(engine.Callers{Tokens: p.group.Tokens}, engine.Rights{}, p.keyring.Secrets(n.UID, p.group.UID))},
	}))
	check(p.t, p.nodes.Start(p.t.Context(), provider.NameOf(n), provider.Launch{Engine: p.group.Version(), Args: []string{engine.ConfigFile}, Preload: engine.Own(engine.ModuleLink), Incarnation: 1}))
	p.eventually("node is open", func() bool {
		admin, err := engine.ConnectAdmin(p.t.Context(), p.dial(i), p.keyring, n.UID)
		if err != nil {
			return false
		}
		defer admin.Close()
		_, err = admin.Listen(p.t.Context(), engine.Doors{Addresses: []netip.AddrPort{n.Address}, Mode: gate.ModeNone})
		return err == nil
	})
}

func (p *plane) dial(node int) engine.Dial {
	name := provider.NameOf(&p.group.Shards[0].Nodes[node])
	return func(ctx context.Context) (net.Conn, error) { return p.nodes.Dial(ctx, name) }
}

func (p *plane) pid(node int) int {
	return p.nodes.Inspect(provider.NameOf(&p.group.Shards[0].Nodes[node])).PID
}

func (p *plane) eventually(what string, is func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("not so for 15 seconds: %s", what)
		}
	}
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
			token := token.Generate()
			test(t, start(t, installed, token), token)
		})
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
