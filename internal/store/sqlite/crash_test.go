package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// crashStore names the environment variable that turns the test binary into the
// writer of TestKilledWriter; its value is the store's path.
const crashStore = "AIKAGI_TEST_CRASH_STORE"

// TestKilledWriter kills a process while it writes, several times over the same
// store: whatever it said was committed is there, whole.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	if path := os.Getenv(crashStore); path != "" {
		writeUntilKilled(t, path)
	}
	path := filepath.Join(t.TempDir(), "store.db")
	total := 0
	for _, commits := range []int{1, 20, 60} {
		ids := runWriter(t, path, commits)
		total += len(ids)
		s := open(t, path)
		for _, id := range ids {
			wantWhole(t, s, id)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d commits were reported before the kills", total)
}

// runWriter starts a writer, kills it after it reported some commits, and returns
// the ids of all groups that it reported.
func runWriter(t *testing.T, path string, commits int) []string {
	t.Helper()
	writer := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWriter$", "-test.timeout=1m")
	writer.Env = append(os.Environ(), crashStore+"="+path)
	output, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for lines := bufio.NewScanner(output); lines.Scan(); {
		id, ok := strings.CutPrefix(lines.Text(), "committed ")
		if !ok {
			t.Errorf("the writer said %q", lines.Text())
			continue
		}
		ids = append(ids, id)
		if len(ids) == commits {
			if err := writer.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := writer.Wait(); err == nil || len(ids) < commits {
		t.Fatalf("the writer ended by itself after %d commits: %v", len(ids), err)
	}
	return ids
}

// writeUntilKilled creates, rewrites and announces groups. Each Update writes the
// group and an event with its revision; the second does not wait for the disk.
func writeUntilKilled(t *testing.T, path string) {
	s := open(t, path)
	for i := range 1_000_000 {
		g := group(t, fmt.Sprintf("p%d-%d", os.Getpid(), i), 2)
		address(t, g, os.Getpid()*5000+i)
		for _, ctx := range []context.Context{t.Context(), store.WithDeferredSync(t.Context())} {
			err := s.Update(ctx, func(tx store.UpdateTx) error {
				return errors.Join(store.Put(tx, store.Groups, g), store.Append(tx, store.Events, g.Event(time.Now(), "written")))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		fmt.Printf("committed %s\n", g.ID)
	}
}

// wantWhole wants both of the group's writes, its index rows and its events.
func wantWhole(t *testing.T, s *Store, id string) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		g, err := store.GroupOfNode(tx, id+"-003")
		if err != nil {
			return err
		}
		held, err := store.Addresses(tx)
		if err != nil {
			return err
		}
		events, err := store.Read(tx, store.Events, store.EntryQuery{Label: string(cache.SourceReplicationGroup), Subject: id})
		if g.Revision != 2 || held[g.Shards[0].ReaderEndpoint.Addr().String()] != g.Key() || len(events) != 2 {
			t.Errorf("%s has revision %d, %d events, its reader endpoint is held by %q",
				id, g.Revision, len(events), held[g.Shards[0].ReaderEndpoint.Addr().String()])
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
