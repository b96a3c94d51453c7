package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// A damaged store is refused with a message that names it, and stays as it is.
func TestOpenRefusesDamage(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, path string){
		"empty":           func(t *testing.T, path string) { resize(t, path, 0) },
		"few bytes":       func(t *testing.T, path string) { resize(t, path, 10) },
		"first page only": func(t *testing.T, path string) { resize(t, path, 4096) },
		"half":            func(t *testing.T, path string) { resize(t, path, size(t, path)/8192*4096) },
		"half a page less": func(t *testing.T, path string) {
			alter(t, path, "VACUUM") // or the last page would be one that is free
			resize(t, path, size(t, path)-2048)
		},
		"garbage":            func(t *testing.T, path string) { overwrite(t, path, 0, size(t, path)) },
		"damaged signature":  func(t *testing.T, path string) { overwrite(t, path, 0, 16) },
		"damaged header":     func(t *testing.T, path string) { overwrite(t, path, 16, 84) },
		"damaged schema":     func(t *testing.T, path string) { overwrite(t, path, 100, 3996) },
		"damaged inner page": func(t *testing.T, path string) { overwrite(t, path, root(t, path, "objects"), 4096) },
		"zeroed page":        func(t *testing.T, path string) { write(t, path, root(t, path, "entries"), make([]byte, 4096)) },
		"other program's": func(t *testing.T, path string) {
			alter(t, path, "DROP TABLE goose_db_version")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store.db")
			fill(t, path)
			damage(t, path)
			wantRefused(t, path, store.ErrCorrupt)
		})
	}
}

// The same with a write-ahead log that holds writes, as a kill leaves it: a
// checkpoint would change the file.
func TestOpenRefusesDamageBesideLog(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, path string){
		"missing": func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		},
		"empty":   func(t *testing.T, path string) { resize(t, path, 0) },
		"garbage": func(t *testing.T, path string) { overwrite(t, path, 0, size(t, path)) },
		"damaged page": func(t *testing.T, path string) {
			for page := range size(t, path)/4096 - 2 {
				overwrite(t, path, (page+2)*4096, 4096)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			original := filepath.Join(t.TempDir(), "store.db")
			fill(t, original)
			s := open(t, original)
			defer s.Close()
			put(t, s, group(t, "logged", 0))
			path := filepath.Join(t.TempDir(), "store.db")
			for _, ending := range append(companions(), "") {
				content, err := os.ReadFile(original + ending)
				if err == nil {
					err = os.WriteFile(path+ending, content, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			damage(t, path)
			wantRefused(t, path, store.ErrCorrupt)
		})
	}
}

func TestOpenRefusesNewerStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	fill(t, path)
	alter(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
	wantRefused(t, path, store.ErrNewer)
}

// What is damaged behind a running store's back is reported, and spoils nothing else.
func TestDamagedBody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path)
	defer s.Close()
	put(t, s, group(t, "good", 0), group(t, "bad", 0), group(t, "other", 0))
	alter(t, path, `UPDATE objects SET body = substr(body, 1, 40) WHERE id = 'replicationgroup:bad';
		UPDATE objects SET body = (SELECT body FROM objects WHERE id = 'replicationgroup:good') WHERE id = 'replicationgroup:other'`)
	for _, id := range []string{"bad", "other"} {
		err := s.View(t.Context(), func(tx store.Tx) error {
			_, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, id))
			return err
		})
		wantError(t, err, store.ErrCorrupt, "replicationgroup:"+id, path)
	}
	if !has(t, s, "good") {
		t.Error("the good group is gone")
	}
}

// The same for receipts: they are reported, and the group can still be read.
func TestDamagedReceipt(t *testing.T) {
	t.Parallel()
	damages := map[string]string{
		"cut off":   "UPDATE entries SET body = substr(body, 1, 40) WHERE log = '%[1]s' AND id = 'bad'",
		"another's": "UPDATE entries SET body = (SELECT body FROM entries WHERE log = '%[1]s' AND id = 'good') WHERE log = '%[1]s' AND id = 'bad'",
	}
	reads := map[string]func(store.Tx) error{
		"failover": func(tx store.Tx) error { _, err := store.Read(tx, store.Failovers, store.EntryQuery{}); return err },
		"rotation": func(tx store.Tx) error { _, err := store.Read(tx, store.Rotations, store.EntryQuery{}); return err },
	}
	for name, damage := range damages {
		for log, read := range reads {
			t.Run(log+" "+name, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "store.db")
				s := open(t, path)
				defer s.Close()
				put(t, s, group(t, "g", 0))
				for _, id := range []string{"good", "bad"} {
					putFailover(t, s, id)
					putRotation(t, s, id)
				}
				alter(t, path, fmt.Sprintf(damage, log))
				wantError(t, s.View(t.Context(), read), store.ErrCorrupt, log+" bad", path)
				if !has(t, s, "g") {
					t.Error("the group is gone")
				}
			})
		}
	}
}

// wantRefused opens the store and checks the refusal and that no data changed.
func wantRefused(t *testing.T, path string, want error) {
	t.Helper()
	before := directory(t, filepath.Dir(path))
	s, err := Open(t.Context(), path, Options{})
	if err == nil {
		s.Close()
		t.Fatal("the store was opened")
	}
	wantError(t, err, want, path, "Nothing was changed")
	after := directory(t, filepath.Dir(path))
	if !maps.EqualFunc(before, after, bytes.Equal) {
		t.Errorf("files changed: %s before, %s after", list(before), list(after))
	}
}

func wantError(t *testing.T, err, want error, parts ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

// directory reads all files but those that hold nothing: an empty log and the
// log's index, which SQLite makes anew whenever it is the first to open the store.
func directory(t *testing.T, path string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(path, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if len(content) > 0 && !strings.HasSuffix(entry.Name(), "-shm") {
			files[entry.Name()] = content
		}
	}
	return files
}

func list(files map[string][]byte) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, fmt.Sprintf("%s (%d bytes)", name, len(files[name])))
	}
	return strings.Join(all, ", ")
}

// fill makes a store of some pages and closes it.
func fill(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	for i := range 20 {
		put(t, s, group(t, fmt.Sprintf("g%d", i), 2))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// alter runs SQL behind the store's back.
func alter(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}

// root is where the first page of a table is in the file.
func root(t *testing.T, path, table string) int64 {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var page int64
	if err := db.QueryRowContext(t.Context(), "SELECT rootpage FROM sqlite_schema WHERE name = ?", table).Scan(&page); err != nil {
		t.Fatal(err)
	}
	return (page - 1) * 4096
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func resize(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

// overwrite puts bytes that mean nothing over a part of a file.
func overwrite(t *testing.T, path string, offset, length int64) {
	t.Helper()
	junk := make([]byte, length)
	for i := range junk {
		junk[i] = byte(i*7 + 3)
	}
	write(t, path, offset, junk)
}

func write(t *testing.T, path string, offset int64, content []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt(content, offset); err != nil {
		t.Fatal(err)
	}
}
