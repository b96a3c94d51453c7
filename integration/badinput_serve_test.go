package integration

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite" // the driver that the store is made with

	"github.com/aikagi/aikagi/integration/harness"
)

// TestServeRefuses starts a control plane in every way in which it must refuse: each
// time it says what to do, and leaves the data directory as it was.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	model := harness.Start(t)
	newCluster(t, model, harness.Engines(t)[0], "alone")
	model.Stop()
	take := takeFrom(anotherDirectory(t))

	empty := t.TempDir()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	notAnEngine, err := filepath.Abs("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("cases", func(t *testing.T) {
		for name, c := range map[string]refusalOfServe{
			"engine path wrong":       {args: []string{"--engine-path", "/nowhere/redis-server"}, want: []string{"/nowhere/redis-server", "--engine-path"}},
			"engine path empty":       {args: []string{"--engine-path", empty}, want: []string{empty, "no redis-server or valkey-server", "--engine-path"}},
			"engine path no engine":   {args: []string{"--engine-path", notAnEngine}, want: []string{notAnEngine, "--engine-path"}},
			"no engine":               {env: []string{"PATH=" + empty}, want: []string{"no engine was found", "apt-get install", "--engine-path"}},
			"engine module wrong":     {args: []string{"--engine-module", "/nowhere/module.so"}, want: []string{"/nowhere/module.so", "aikagi module build"}},
			"port taken":              {args: []string{"--listen", taken.Addr().String()}, want: []string{taken.Addr().String(), "another program", "--listen"}},
			"listen address":          {args: []string{"--listen", "4580"}, want: []string{`"4580"`, "host:port"}},
			"range beyond loopback":   {args: []string{"--address-range", "10.0.0.0/16"}, want: []string{"10.0.0.0/16", "127.0.0.0/8"}},
			"range too small":         {args: []string{"--address-range", "127.0.0.0/30"}, want: []string{"127.0.0.0/30", "use /8 to /28"}},
			"not a range":             {args: []string{"--address-range", "everything"}, want: []string{`"everything"`, "127.80.0.0/16"}},
			"console session long":    {args: []string{"--console-session", "169h"}, want: []string{"--console-session 169h", "1s to 168h"}},
			"console session short":   {args: []string{"--console-session", "999ms"}, want: []string{"--console-session 999ms", "1s to 168h"}},
			"dev beyond loopback":     {args: []string{"--dev", "--listen", "0.0.0.0:0"}, want: []string{"--dev", "loopback only"}},
			"half a certificate":      {args: []string{"--tls-certificate", "/nowhere/cert.pem"}, want: []string{"--tls-certificate and --tls-key"}},
			"no certificate":          {args: []string{"--tls-certificate", "/nowhere/cert.pem", "--tls-key", "/nowhere/key.pem"}, want: []string{"/nowhere/cert.pem"}},
			"directory for all":       {damage: chmod(".", 0o755), want: []string{"others can look into", "chmod 700"}},
			"store is no database":    {damage: overwrite("store.db"), want: []string{"store.db", "Move it away", "restore a backup"}},
			"store cut short":         {damage: truncate("store.db", 8192), want: []string{"store.db", "Move it away", "restore a backup"}},
			"store empty":             {damage: truncate("store.db", 0), want: []string{"store.db", "it is empty", "restore a backup"}},
			"store of a newer aikagi": {damage: newerStore, want: []string{"store.db", "schema version 9999", "Run the release that wrote it"}},
			"master key missing":      {damage: drop("master.key"), want: []string{"master.key is missing, and 1 nodes are there", "from a backup", "aikagi down"}},
			"master key cut short":    {damage: truncate("master.key", 10), want: []string{"master.key has 10 bytes", "restore it from a backup"}},
			"master key empty":        {damage: truncate("master.key", 0), want: []string{"master.key has 0 bytes", "restore it from a backup"}},
			"master key is folder":    {damage: folder("master.key"), want: []string{"master.key is a directory", "move it away"}},
			"master key for all":      {damage: chmod("master.key", 0o640), want: []string{"others may read", "chmod 600"}},
			"master key another's":    {damage: take("master.key"), want: []string{"master.key is not the key that the nodes in", "from a backup", "aikagi down"}},
			"key of unmarked store":   {damage: inTurn(unmarked, take("master.key")), want: []string{"master.key is not the key that the nodes in", "from a backup", "aikagi down"}},
			"store missing":           {damage: drop("store.db"), want: []string{"store.db is missing, and 1 nodes are there", "from a backup", "aikagi down"}},
			"store is folder":         {damage: folder("store.db"), want: []string{"store.db is not a regular file", "move it away"}},
			"store another's":         {damage: take("store.db"), want: []string{"master.key is not the key that", "store.db was made with", "same backup"}},
			"store and key missing":   {damage: inTurn(drop("store.db"), drop("master.key")), want: []string{"is missing, and 1 nodes are there", "from a backup"}},
			"nodes is file":           {damage: replace("nodes"), want: []string{"nodes", "not a directory"}},
			"lock is folder":          {damage: folder("lock"), want: []string{"lock is a directory", "move it away"}},
			"endpoint is folder":      {damage: folder("endpoint"), want: []string{"endpoint is a directory", "move it away"}},
			"audit log is folder":     {damage: folder("audit.log"), want: []string{"audit.log is a directory", "move it away"}},
			"credentials empty":       {damage: truncate("credentials", 0), want: []string{"credentials has no access key", "remove the file to have a new key made"}},
			"credentials is folder":   {damage: folder("credentials"), want: []string{"credentials is a directory", "move it away"}},
			"credentials for all":     {damage: chmod("credentials", 0o644), want: []string{"others may read", "chmod 600"}},
			"CA missing":              {damage: inTurn(drop("ca.pem"), drop("ca-key.pem")), want: []string{"ca.pem and ca-key.pem are missing", "from a backup", "--new-ca"}},
			"CA another's":            {damage: inTurn(take("ca.pem"), take("ca-key.pem")), want: []string{"ca.pem is not the authority that clients of this directory trust", "from a backup", "--new-ca"}},
			"CA key another's":        {damage: take("ca-key.pem"), want: []string{"do not belong together", "from a backup", "--new-ca"}},
			"only another's CA key":   {damage: inTurn(drop("ca.pem"), take("ca-key.pem")), want: []string{"is not the key of the authority that clients trust", "from a backup", "--new-ca"}},
			"CA key empty":            {damage: truncate("ca-key.pem", 0), want: []string{"ca-key.pem", "bring it back from a backup"}},
			"CA key is folder":        {damage: folder("ca-key.pem"), want: []string{"ca-key.pem is a directory", "move it away"}},
			"CA certificate empty":    {damage: truncate("ca.pem", 0), want: []string{"ca.pem", "bring it back from a backup"}},
			"CA certificate folder":   {damage: folder("ca.pem"), want: []string{"ca.pem is a directory", "move it away"}},
			"credentials broken":      {damage: overwrite("credentials"), want: []string{"credentials has no access key", "remove the file to have a new key made"}},
			"CA key broken":           {damage: overwrite("ca-key.pem"), want: []string{"ca-key.pem", "bring it back from a backup"}},
			"CA key missing":          {damage: drop("ca-key.pem"), want: []string{"ca-key.pem", "bring the key back from a backup"}},
			"CA key for all":          {damage: chmod("ca-key.pem", 0o644), want: []string{"ca-key.pem", "chmod 600"}},
			"CA certificate broken":   {damage: overwrite("ca.pem"), want: []string{"ca.pem", "bring it back from a backup"}},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c.check(t, model)
			})
		}
	})
	model.Start() // nothing happened to the model: its cluster is there
	awaitCluster(t, model, "alone", "available")
}

// refusalOfServe is a way to start a control plane, and what it says.
type refusalOfServe struct {
	args, env []string
	damage    func(dir string) error // done to a copy of the model's directory
	want      []string
}

func (c refusalOfServe) check(t *testing.T, model *harness.Server) {
	t.Helper()
	s := harness.New(t, c.args...)
	copyDir(t, model.Dir, s.Dir)
	if c.damage != nil {
		if err := c.damage(s.Dir); err != nil {
			t.Fatal(err)
		}
	}
	before := contents(t, s.Dir)
	err := s.TryStart(c.env...)
	if err == nil {
		t.Fatalf("it serves:\n%s", s.Output())
	}
	for _, words := range c.want {
		if !strings.Contains(s.Output(), words) {
			t.Errorf("%v: it does not say %q:\n%s", err, words, s.Output())
		}
	}
	if diff := cmp.Diff(before, contents(t, s.Dir)); diff != "" {
		t.Errorf("the data directory was changed (-before +after):\n%s", diff)
	}
}

// copyDir copies files and directories with their modes; sockets stay behind.
func copyDir(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == from {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(from, path)
		switch target := filepath.Join(to, name); {
		case entry.IsDir():
			return os.Mkdir(target, info.Mode().Perm())
		case info.Mode().IsRegular():
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(target, text, info.Mode().Perm())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// contents are the files and directories of a data directory, but for the two that
// say who has it, and the index of the store's log, which is made anew whenever the store is opened.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || slices.Contains([]string{"lock", "endpoint", "store.db-shm"}, entry.Name()) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		found[name] = info.Mode().String()
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found[name] += fmt.Sprintf(" %x", sha256.Sum256(text))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func chmod(name string, mode fs.FileMode) func(string) error {
	return func(dir string) error { return os.Chmod(filepath.Join(dir, name), mode) }
}

func overwrite(name string) func(string) error {
	return func(dir string) error {
		return os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat("not what it was\n", 1000)), 0o600)
	}
}

func truncate(name string, size int64) func(string) error {
	return func(dir string) error { return os.Truncate(filepath.Join(dir, name), size) }
}

func drop(name string) func(string) error {
	return func(dir string) error { return os.Remove(filepath.Join(dir, name)) }
}

// newerStore makes the store one that a later release has migrated.
func newerStore(dir string) error {
	db, err := sql.Open("sqlite", filepath.Join(dir, "store.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	return err
}

// TestOneServerPerDirectory starts a second control plane on a directory that is held.
func TestOneServerPerDirectory(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	newCluster(t, s, harness.Engines(t)[0], "alone")
	second := &harness.Server{TB: t, Dir: s.Dir, Range: s.Range}
	before := contents(t, s.Dir)
	if second.TryStart() == nil {
		t.Fatal("two control planes serve one directory")
	}
	for _, words := range []string{"data directory is in use", s.Dir, fmt.Sprintf("process %d", s.PID()), "--data-dir"} {
		if !strings.Contains(second.Output(), words) {
			t.Errorf("it does not say %q:\n%s", words, second.Output())
		}
	}
	if diff := cmp.Diff(before, contents(t, s.Dir)); diff != "" {
		t.Errorf("the data directory was changed (-before +after):\n%s", diff)
	}
	if cluster := describeCluster(t, s, "alone"); *cluster.CacheClusterStatus != "available" {
		t.Errorf("the first one's cluster is %s", *cluster.CacheClusterStatus)
	}
}
