package engine

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/pki/pkitest"
)

var buildModule = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-engine-test-")
	if err != nil {
		return "", err
	}
	return module.Build(context.Background(), dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := buildModule(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// node is a running engine with the configuration that this package renders.
type node struct {
	admin   *Admin
	address netip.AddrPort
}

func startNode(t *testing.T, installed Installed, set token.Set) node {
	t.Helper()
	return startNodeWith(t, installed, render(set))
}

// startNodeWith starts a node with an access file, and with parameters.
func startNodeWith(t *testing.T, installed Installed, access []byte, parameters ...Setting) node {
	t.Helper()
	modulePath, err := buildModule()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "aikagi-node-") // a test's own is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	host := addresstest.Claim(t).Addr().Next()
	settings := Settings{
		Address: netip.AddrPortFrom(host, 6379), MaxMemory: 1 << 26, Parameters: parameters,
		AdminFile: "admin.sock", LogFile: "engine.log", NodeUID: "node", GroupUID: "group", Keyring: keyring,
	}
	moduleSettings, err := RenderModule(keyring, "node", netip.PrefixFrom(host, 24))
	if err != nil {
		t.Fatal(err)
	}
	authority, certificate := pkitest.Node(t, host)
	check(t, os.Mkdir(filepath.Join(dir, "tls"), 0o700))
	for name, data := range map[string][]byte{
		ConfigFile: RenderConfig(settings), ModuleFile: moduleSettings, AccessFile: access, AuthorityFile: authority, CertificateFiles[0]: certificate,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check(t, os.Symlink(modulePath, filepath.Join(dir, ModuleLink)))
	process := exec.Command(installed.Path, ConfigFile)
	process.Dir = dir
	process.Env = append(os.Environ(), "LD_PRELOAD="+Own(ModuleLink))
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill(); _ = process.Wait() })
	n := node{address: netip.AddrPortFrom(host, 6379)}
	n.admin = connect(t, filepath.Join(dir, "admin.sock"))
	t.Cleanup(n.admin.Close)
	n.listen(t)
	return n
}

// listen opens the node's doors in plaintext.
func (n node) listen(t *testing.T, addresses ...netip.Addr) {
	t.Helper()
	_, err := n.admin.Listen(t.Context(), n.doors(addresses...))
	check(t, err)
}

// doors are where a node of these tests serves clients: its own address, unless others are said.
func (n node) doors(addresses ...netip.Addr) Doors {
	doors := Doors{Mode: gate.ModeNone}
	for _, a := range addresses {
		doors.Addresses = append(doors.Addresses, netip.AddrPortFrom(a, n.address.Port()))
	}
	if len(addresses) == 0 {
		doors.Addresses = []netip.AddrPort{n.address}
	}
	return doors
}

func connect(t *testing.T, socket string) *Admin {
	t.Helper()
	dial := func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "unix", socket) }
	for deadline := time.Now().Add(time.Minute); ; {
		admin, err := ConnectAdmin(t.Context(), dial, keyring, "node")
		if err == nil {
			return admin
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(filepath.Dir(socket), "engine.log"))
			t.Fatalf("engine does not answer: %v\n%s", err, log)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// eachEngine runs the test for every installed engine.
func eachEngine(t *testing.T, test func(*testing.T, Installed)) {
	t.Helper()
	found, err := Find(t.Context(), nil)
	if err != nil || len(found) == 0 {
		t.Fatalf("no engine: %v", err)
	}
	for _, installed := range found {
		t.Run(installed.EngineVersion.String(), func(t *testing.T) {
			t.Parallel()
			test(t, installed)
		})
	}
}

func TestObserve(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		view, err := n.admin.Observe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if view.Role != RolePrimary || view.MaxMemory != 1<<26 || len(view.Listen) != 1 || view.Listen[0] != n.address ||
			view.Tick != TickBusy || view.Loading || view.SaveFailed {
			t.Errorf("node says of itself %+v", view)
		}
		if !view.Access.Admits(Callers{Tokens: token.OpenSet(noon)}, Rights{}) {
			t.Errorf("access %+v", view.Access)
		}
	})
}

// TestApplyAccess walks a node through a rotation and asks both the node and a
// client after each step.
func TestApplyAccess(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		open := token.OpenSet(noon)
		n := startNode(t, installed, open)
		first, second, stranger := token.Generate(), token.Generate(), token.Generate()
		both, err := open.Rotate(first.Digest(), noon)
		check(t, err)
		closed, err := both.Set(first.Digest())
		check(t, err)
		two, err := closed.Rotate(second.Digest(), noon)
		check(t, err)
		last, err := two.Set(second.Digest())
		check(t, err)
		for _, step := range []struct {
			set  token.Set
			want Logins
		}{
			{open, Logins{Passwordless: true, Refuse: []token.Token{first, second, stranger}}},
			{both, Logins{Passwordless: true, Accept: []token.Token{first}, Refuse: []token.Token{second, stranger}}},
			{closed, Logins{Accept: []token.Token{first}, Refuse: []token.Token{second, stranger}}},
			{two, Logins{Accept: []token.Token{first, second}, Refuse: []token.Token{stranger}}},
			{last, Logins{Accept: []token.Token{second}, Refuse: []token.Token{first, stranger}}},
			{open, Logins{Passwordless: true, Refuse: []token.Token{first, second}}},
		} {
			check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: step.set}, Rights{}))
			view, err := n.admin.Observe(t.Context())
			check(t, err)
			if !view.Access.Admits(Callers{Tokens: step.set}, Rights{}) || len(view.Access.Retired) != 0 {
				t.Errorf("after %s the node has %+v", step.set, view.Access)
			}
			if err := ProveLogins(t.Context(), Path{n.address, n.address.Addr()}, nil, keyring.Prober("node"), step.want); err != nil {
				t.Errorf("after %s: %v", step.set, err)
			}
			wrong := step.want
			wrong.Passwordless = !wrong.Passwordless
			if err := ProveLogins(t.Context(), Path{n.address, n.address.Addr()}, nil, keyring.Prober("node"), wrong); !errors.Is(err, ErrUnproven) {
				t.Errorf("after %s a false expectation was proven: %v", step.set, err)
			}
		}
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
