package integration_test

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the store of a stored directory is given other addresses

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// stored is what is known of a data directory that an earlier release left behind, as testdata/release-*.tar.gz have it
// in stored.json, beside the directory.
type stored struct {
	Engine  string
	Tokens  []string // test data: nobody has ever used them
	Retired []string
	Written map[string]int
	Primary string
	History map[string][]string
	Range   string // of the addresses, like 127.1.2.0/24
}

// TestUpgradeFromStoredDirectory starts on what earlier releases left behind when everything was stopped, as a backup is:
// every node comes back with its data, and nothing that was written down is lost.
func TestUpgradeFromStoredDirectory(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/release-*.tar.gz")
	if err != nil || len(archives) == 0 {
		t.Fatalf("there are no stored directories: %v", err)
	}
	for _, archive := range archives {
		t.Run(filepath.Base(archive), func(t *testing.T) {
			t.Parallel()
			s := harness.New(t)
			unpack(t, archive, s.Dir)
			var past stored
			text, err := os.ReadFile(filepath.Join(s.Dir, "stored.json"))
			if err == nil {
				err = errors.Join(json.Unmarshal(text, &past), os.Remove(filepath.Join(s.Dir, "stored.json")))
			}
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(harness.Engines(t), past.Engine) {
				t.Skipf("its engine, %s, is not installed", past.Engine)
			}
			move(t, filepath.Join(s.Dir, "store.db"), past.Range, s.Range)
			wantHistory(t, filepath.Join(s.Dir, "store.db"), past)
			s.Start()
			g := newSubject(s, "group", past.Engine, 1, true)
			g.tokens, g.retired, g.written, g.primary = past.Tokens, past.Retired, past.Written, past.Primary
			g.awaitSettled()
			g.verifyStore()
			for _, id := range g.nodes {
				g.verifyLogins(id)
				g.verifyNode(id)
			}
			g.write("after")
			g.mustModify(rotate, tokenOf("after", 0))
			g.awaitSettled()
			g.verifyStore()
		})
	}
}

// wantHistory brings a store up, and looks for all that was written down in it. A control plane would remove what is older than
// it keeps such things.
func wantHistory(t *testing.T, path string, past stored) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var there []string
	err = db.View(t.Context(), func(tx store.Tx) error {
		events, err := store.Read(tx, store.Events, store.EntryQuery{})
		for _, e := range events {
			there = append(there, e.Message)
		}
		failovers, failed := store.Read(tx, store.Failovers, store.EntryQuery{Subject: "group"})
		for _, f := range failovers {
			there = append(there, f.ID)
		}
		rotations, broken := store.Read(tx, store.Rotations, store.EntryQuery{Subject: "group"})
		for _, r := range rotations {
			there = append(there, r.ID)
		}
		return errors.Join(err, failed, broken)
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, entries := range past.History {
		for _, entry := range entries {
			var known struct{ Message, ID string }
			if err := json.Unmarshal([]byte(entry), &known); err != nil {
				t.Fatal(err)
			}
			if name := cmp.Or(known.Message, known.ID); name == "" || !slices.Contains(there, name) {
				t.Errorf("the %s %s is gone", what, entry)
			}
		}
	}
}

// move gives a store's groups addresses of another range.
func move(t *testing.T, path, from, to string) {
	t.Helper()
	prefix := func(cidr string) string { return strings.TrimSuffix(cidr, "0/24") }
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		"UPDATE groups SET body = replace(body, ?, ?)", "UPDATE addresses SET address = replace(address, ?, ?)",
	} {
		if _, err := db.ExecContext(t.Context(), statement, prefix(from), prefix(to)); err != nil {
			t.Fatal(err)
		}
	}
}

func unpack(t *testing.T, archive, dir string) {
	t.Helper()
	file, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(plain); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil || !filepath.IsLocal(header.Name) {
			t.Fatalf("unpack %s: %v", archive, err)
		}
		path := filepath.Join(dir, header.Name)
		if header.Typeflag == tar.TypeDir {
			err = os.MkdirAll(path, header.FileInfo().Mode())
		} else {
			var content []byte
			if content, err = io.ReadAll(r); err == nil {
				err = os.WriteFile(path, content, header.FileInfo().Mode())
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestStoreDirectory makes the archive of a release, with AIKAGI_STORE_RELEASE=COMMIT. It is no test otherwise: what was stored once
// is never made anew.
func TestStoreDirectory(t *testing.T) {
	commit := os.Getenv("AIKAGI_STORE_RELEASE")
	if commit == "" {
		t.Skip("AIKAGI_STORE_RELEASE names no commit")
	}
	old, err := harness.BuildRelease(commit)
	if err != nil {
		t.Fatal(err)
	}
	keys := t.TempDir()
	s := harness.New(t, "--delivery-files", keys)
	s.Program = old
	s.Start()
	g := newSubject(s, "group", "redis", 1, true)
	g.automatic = true
	g.tokens, g.retired = []string{tokenOf("first", 0)}, []string{""}
	if err := g.create(g.tokens[0]); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	live(t, g, "before", keys)
	past := stored{Engine: g.engine, Tokens: g.tokens, Retired: g.retired, Written: g.written, Primary: g.primary, History: history(t, g), Range: s.Range}
	s.Stop()
	if out, err := s.Aikagi("down"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := json.MarshalIndent(past, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir, "stored.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	pack(t, s.Dir, "testdata/release-"+commit[:7]+".tar.gz")
}

func pack(t *testing.T, dir, archive string) {
	t.Helper()
	file, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	plain := gzip.NewWriter(file)
	w := tar.NewWriter(plain)
	err = errors.Join(w.AddFS(os.DirFS(dir)), w.Close(), plain.Close(), file.Close())
	if err != nil {
		t.Fatal(err)
	}
}
