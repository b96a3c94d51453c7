package module

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	servicePrefix = "aikagi:"
	adminUser     = "aikagi:admin-5f0c"
	adminPassword = "the-secret-of-the-admin"
	replicaUser   = "aikagi:replica-77aa"
	replicaSecret = "the-secret-of-replication"
)

// extraEngines adds engines that are no packages, as name=path,name=path.
const extraEngines = "AIKAGI_EXTRA_ENGINES"

// renamed is what clients must not reach: commands that the configuration renames.
var renamed = []string{
	"CONFIG", "DEBUG", "MIGRATE", "REPLICAOF", "SLAVEOF", "SAVE", "BGSAVE", "BGREWRITEAOF",
	"SHUTDOWN", "MODULE", "FAILOVER", "SYNC",
}

// clientRules is what a client may do: the second wall, should a secret name come out.
var clientRules = func() string {
	rules := "~* &* +@all"
	for _, command := range append(slices.Clone(renamed), "ACL", "PSYNC", "REPLCONF") {
		rules += " -" + strings.ToLower(command)
	}
	for _, part := range []string{"whoami", "cat", "dryrun", "genpass", "log", "help", "list", "users"} {
		rules += " +acl|" + part
	}
	return rules
}()

var moduleOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-module")
	if err != nil {
		return "", err
	}
	path, err := Build(testContext, dir)
	return path, err
})

// eachEngine runs test against every installed engine, at the same time.
func eachEngine(t *testing.T, test func(t *testing.T, binary string)) {
	t.Helper()
	t.Parallel()
	engines := [][2]string{{"redis", "redis-server"}, {"valkey", "valkey-server"}}
	for _, pair := range strings.FieldsFunc(os.Getenv(extraEngines), func(r rune) bool { return r == ',' }) {
		name, path, _ := strings.Cut(pair, "=")
		engines = append(engines, [2]string{name, path})
	}
	found := 0
	for _, engine := range engines {
		binary, err := exec.LookPath(engine[1])
		if err == nil {
			found++
		}
		t.Run(engine[0], func(t *testing.T) {
			t.Parallel()
			if err != nil {
				t.Skipf("%s is not installed", engine[1])
			}
			test(t, binary)
		})
	}
	if found == 0 {
		t.Fatal("neither redis-server nor valkey-server is installed")
	}
}

// engine is a running server, configured as a node is.
type engine struct {
	t        *testing.T
	binary   string
	dir      string
	socket   string
	host     string
	port     string
	secret   string // how every secret command name ends
	withRest []string
	preload  bool
	clients  int // that the module's settings allow
	cmd      *exec.Cmd
	output   bytes.Buffer // complaints about the configuration; read only after kill
}

// startEngine runs binary with these lines of an ACL file for its clients, and with more
// lines of configuration.
func startEngine(t *testing.T, binary string, users []string, config ...string) *engine {
	t.Helper()
	// Not t.TempDir: its path is too long for a socket.
	dir, err := os.MkdirTemp("", "aikagi")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	e := &engine{t: t, binary: binary, dir: dir, socket: filepath.Join(dir, "s"), withRest: config}
	random := make([]byte, 8)
	rand.Read(random)
	e.secret = hex.EncodeToString(random)
	e.host = fmt.Sprintf("127.%d.%d.%d", 1+random[0]%250, random[1], 1+random[2]%250)
	e.writeUsers(users...)
	t.Cleanup(e.kill)
	e.start()
	return e
}

// name is what the service calls a restricted command.
func (e *engine) name(command string) string { return strings.ToLower(command) + "-" + e.secret }

func (e *engine) writeUsers(users ...string) {
	e.t.Helper()
	users = append(users,
		fmt.Sprintf("user %s on #%s ~* &* +@all", adminUser, hash(adminPassword)),
		fmt.Sprintf("user %s on #%s ~* &* +@all", replicaUser, hash(replicaSecret)))
	e.write("users.acl", strings.Join(users, "\n")+"\n")
}

func (e *engine) write(name, content string) {
	e.t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, name), []byte(content), 0o600); err != nil {
		e.t.Fatal(err)
	}
}

func (e *engine) config() string {
	e.t.Helper()
	path, err := moduleOnce()
	if err != nil {
		e.t.Fatalf("build module: %v", err)
	}
	settings, err := Settings{ACLSecret: e.name("ACL"), InternalPrefix: servicePrefix, ConfigName: e.name("CONFIG"), Network: netip.PrefixFrom(netip.MustParseAddr(e.host), 32), Clients: e.clients}.Render()
	if err != nil {
		e.t.Fatal(err)
	}
	e.write(SettingsFile, string(settings))
	lines := []string{
		"bind " + e.host, "port " + e.port, "unixsocket " + e.socket, "unixsocketperm 700",
		"dir " + e.dir, "aclfile " + filepath.Join(e.dir, "users.acl"), "logfile " + filepath.Join(e.dir, "log"),
		"repl-diskless-sync-delay 0", "save \"\"",
		"masteruser " + replicaUser, "masterauth " + replicaSecret,
		"slowlog-log-slower-than 0", "slowlog-max-len 100000",
		fmt.Sprintf("loadmodule %q %s", path, SettingsFile),
	}
	for _, command := range renamed {
		lines = append(lines, "rename-command "+command+" "+e.name(command))
	}
	return strings.Join(append(lines, e.withRest...), "\n") + "\n"
}

// start runs the engine until it answers. A free port can be taken meanwhile, hence the tries.
func (e *engine) start() {
	e.t.Helper()
	for range 3 {
		e.port = freePort(e.t, e.host)
		e.write("engine.conf", e.config())
		e.cmd = exec.Command(e.binary, filepath.Join(e.dir, "engine.conf"))
		e.cmd.Stdout = &e.output
		e.cmd.Stderr = &e.output
		if e.preload {
			path, _ := moduleOnce()
			e.cmd.Env = append(os.Environ(), "LD_PRELOAD="+path)
		}
		if err := e.cmd.Start(); err != nil {
			e.t.Fatalf("start engine: %v", err)
		}
		if e.awaitPong() {
			return
		}
		e.kill()
	}
	log, _ := os.ReadFile(filepath.Join(e.dir, "log"))
	e.t.Fatalf("the engine does not start: %s%s", e.output.String(), log)
}

func (e *engine) awaitPong() bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if nc, err := net.Dial("unix", e.socket); err == nil {
			nc.Close()
			admin := e.admin()
			if reply := admin.do("PING"); reply == "PONG" {
				return true
			}
		}
		if e.cmd.ProcessState == nil && exited(e.cmd.Process.Pid) {
			return false
		}
	}
	return false
}

// exited reports whether a child of ours has ended and only waits to be reaped.
func exited(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err != nil || strings.HasPrefix(rest, "Z")
}

func (e *engine) kill() {
	if e.cmd != nil && e.cmd.Process != nil && e.cmd.ProcessState == nil {
		e.cmd.Process.Kill()
		e.cmd.Wait()
	}
}

func (e *engine) client() *conn {
	e.t.Helper()
	return dial(e.t, "tcp", net.JoinHostPort(e.host, e.port))
}

func (e *engine) admin() *conn {
	e.t.Helper()
	c := dial(e.t, "unix", e.socket)
	if reply := c.do("AUTH", adminUser, adminPassword); reply != "OK" {
		e.t.Fatalf("admin login: %v", reply)
	}
	return c
}

func freePort(t *testing.T, host string) string {
	t.Helper()
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func tokenUser(token string) string { return "token:" + hash(token)[:12] }

func userOf(token string) string {
	return fmt.Sprintf("user %s on #%s %s", tokenUser(token), hash(token), clientRules)
}

var (
	openToAll = "user default on nopass " + clientRules
	closed    = "user default off resetpass -@all"
)

// state is a token set as ACL lines.
func state(none bool, tokens ...string) []string {
	users := []string{closed}
	if none {
		users[0] = openToAll
	}
	for _, token := range tokens {
		users = append(users, userOf(token))
	}
	return users
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("timed out waiting until %s", what)
		}
	}
}
