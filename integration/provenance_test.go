package integration

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/datadir"
)

// anotherDirectory is the data directory of a control plane that has nothing to do with the test's.
func anotherDirectory(t *testing.T) string {
	t.Helper()
	s := harness.Start(t)
	s.Stop()
	return s.Dir
}

// takeFrom replaces a file by that of another directory.
func takeFrom(other string) func(name string) func(string) error {
	return func(name string) func(string) error {
		return func(dir string) error {
			text, err := os.ReadFile(filepath.Join(other, name))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, name), text, 0o600)
		}
	}
}

func folder(name string) func(string) error {
	return func(dir string) error {
		return errors.Join(os.RemoveAll(filepath.Join(dir, name)), os.MkdirAll(filepath.Join(dir, name, "inside"), 0o700))
	}
}

// replace puts a file in a directory's place.
func replace(name string) func(string) error {
	return func(dir string) error {
		return errors.Join(os.RemoveAll(filepath.Join(dir, name)), os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
}

func inTurn(first, second func(string) error) func(string) error {
	return func(dir string) error { return errors.Join(first(dir), second(dir)) }
}

// unmarked makes the store one of the release before files were recognised.
func unmarked(dir string) error {
	db, err := sql.Open("sqlite", filepath.Join(dir, "store.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("DELETE FROM objects WHERE kind = 'mark'")
	return err
}

// TestServeMends starts a control plane on directories that lost what it can do without or get back. It says what was
// lost, its cluster is there, and the next start has nothing to say.
func TestServeMends(t *testing.T) {
	t.Parallel()
	const lost = "was lost or replaced"
	take := takeFrom(anotherDirectory(t))
	for name, c := range map[string]struct {
		damage   func(dir string) error
		says     string   // empty: nothing
		restored string   // a file that is as it was before
		args     []string // of the first start
	}{
		"nothing":                   {damage: func(string) error { return nil }},
		"store of an earlier one":   {damage: unmarked},
		"credentials lost":          {damage: drop("credentials"), says: "credentials was missing and has a new access key"},
		"credentials another's":     {damage: take("credentials"), says: "credentials has another access key than before"},
		"CA certificate lost":       {damage: drop("ca.pem"), says: "ca.pem was missing and has been written again", restored: "ca.pem"},
		"… before there were marks": {damage: inTurn(drop("ca.pem"), unmarked), says: "ca.pem was missing and has been written again", restored: "ca.pem"},
		"CA lost":                   {damage: inTurn(drop("ca.pem"), drop("ca-key.pem")), args: []string{"--new-ca"}},
		"CA another's":              {damage: inTurn(take("ca.pem"), take("ca-key.pem")), args: []string{"--new-ca"}},
		"audit log lost":            {damage: drop("audit.log")},
		"audit log for all":         {damage: chmod("audit.log", 0o644)},
		"store for all":             {damage: chmod("store.db", 0o644)},
		"lock broken":               {damage: overwrite("lock")},
		"lock lost":                 {damage: drop("lock")},
		"endpoint broken":           {damage: overwrite("endpoint")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := harness.Start(t)
			newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("mends")})
			s.Stop()
			before := contents(t, s.Dir)
			if err := c.damage(s.Dir); err != nil {
				t.Fatal(err)
			}
			s.Args = c.args
			s.Start()
			if said := strings.Contains(s.Output(), lost); said != (c.says != "") || !strings.Contains(s.Output(), c.says) {
				t.Errorf("it does not say %q:\n%s", c.says, s.Output())
			}
			s.AwaitStatus("mends", "available")
			for name, is := range contents(t, s.Dir) {
				if !strings.Contains(name, "/") && !strings.HasPrefix(is, "-rw-------") && name != "ca.pem" && !strings.HasPrefix(is, "drwx------") {
					t.Errorf("%s is %s", name, is)
				}
				if name == c.restored && is != before[name] {
					t.Errorf("%s is %s, was %s", name, is, before[name])
				}
			}
			s.Stop()
			s.Args = nil
			s.Start()
			if strings.Contains(s.Output(), lost) {
				t.Errorf("the next start says it again:\n%s", s.Output())
			}
			s.AwaitStatus("mends", "available")
		})
	}
}

// TestDownWithoutStore: engines whose store is lost can be stopped, which is the way out.
func TestDownWithoutStore(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("lost")})
	s.Stop()
	if err := os.Remove(filepath.Join(s.Dir, "store.db")); err != nil {
		t.Fatal(err)
	}
	if s.TryStart() == nil {
		t.Fatal("it serves without its store")
	}
	out, err := s.Aikagi("down")
	if err != nil || !strings.Contains(out, "store.db is missing") || !strings.Contains(out, "1 engines stopped") {
		t.Errorf("%v: %s", err, out)
	}
	if running := s.Nodes(); len(running) != 0 {
		t.Errorf("engines are left: %v", running)
	}
	if _, err := os.Stat(filepath.Join(s.Dir, "store.db")); err == nil {
		t.Error("a store was made")
	}
	if _, err := datadir.Holder(s.Dir); err != nil {
		t.Error(err)
	}
}
