package sqlite

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/store"
)

// Every earlier form of the file is brought up to this release's, with all that was in it.
func TestOpenMigrates(t *testing.T) {
	t.Parallel()
	for version := range int64(8) {
		t.Run(fmt.Sprintf("from %d", version), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store.db")
			g := ofVersion(t, path, version)
			s := open(t, path)
			defer s.Close()
			if version > 0 {
				wantMigrated(t, s, g, version)
			}
			put(t, s, group(t, "new", 0))
			putFailover(t, s, "new")
			putRotation(t, s, "new")
		})
	}
}

// The times of what ofVersion stores, with all of their digits.
var (
	early = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)
	late  = time.Date(2026, 3, 1, 13, 0, 0, 1, time.UTC)
)

// ofVersion makes a store as the release with that migration left it, with something in each of its tables, and returns the
// group that is in it.
func ofVersion(t *testing.T, path string, version int64) *replication.Group {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := connect(path, building, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	create := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	provider, err := newProvider(db)
	if err != nil {
		t.Fatal(err)
	}
	if version == 0 {
		create("CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))")
		create("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)")
		return nil
	}
	if _, err := provider.UpTo(t.Context(), min(version, 6)); err != nil {
		t.Fatal(err)
	}
	g := group(t, "g", 2)
	address(t, g, 1)
	g.Revision = 7
	body := inFirstForm(t, g)
	create("INSERT INTO groups (key, uid, revision, body) VALUES (?, ?, ?, ?)", string(g.Key()), g.UID, g.Revision, body)
	for _, n := range g.Shards[0].Nodes {
		create("INSERT INTO cache_clusters (id, uid, group_key) VALUES (?, ?, ?)", n.ID, n.UID, string(g.Key()))
	}
	for _, a := range g.Addresses() {
		create("INSERT INTO addresses (address, group_key) VALUES (?, ?)", a.Addr().String(), string(g.Key()))
	}
	for sequence := range 3 { // the first is of a cluster, the last was pruned
		source, id := cache.SourceReplicationGroup, "g"
		if sequence == 0 {
			source, id = cache.SourceCacheCluster, "g-001"
		}
		create("INSERT INTO events (sequence, at, source_type, source_id, message) VALUES (?, ?, ?, ?, ?)",
			40+sequence, early.UnixNano(), string(source), id, `it "happened"`)
	}
	create("DELETE FROM events WHERE sequence = 42")
	if version >= 2 {
		f := replication.Failover{ID: "f", GroupID: "g", Cause: replication.CauseCrash, DetectedAt: early}
		create("INSERT INTO failovers (id, group_id, cause, detected_at, body) VALUES (?, ?, ?, ?, ?)",
			f.ID, f.GroupID, string(f.Cause), f.DetectedAt.UnixNano(), string(encoded(t, f)))
	}
	if version >= 3 {
		for _, r := range rotationsOfOld() {
			var ended any
			if !r.EndedAt.IsZero() {
				ended = r.EndedAt.UnixNano()
			}
			create("INSERT INTO rotations (id, group_id, state, started_at, ended_at, body) VALUES (?, ?, ?, ?, ?, ?)",
				r.ID, r.GroupID, string(r.State), r.StartedAt.UnixNano(), ended, string(encoded(t, r)))
		}
	}
	if version >= 4 {
		session := sessionOfOld()
		create("INSERT INTO console_sessions (digest, caller, created_at, expires_at) VALUES (?, ?, ?, ?)",
			session.Digest[:], session.Caller, session.CreatedAt.UnixNano(), session.ExpiresAt.UnixNano())
	}
	if version >= 5 {
		create("UPDATE events SET fact = ? WHERE sequence = 41", string(encoded(t, cache.Say(cache.FactNoReplicaInSync).Fact)))
	}
	if version >= 6 {
		create("INSERT INTO marks (name, value) VALUES (?, ?)", string(store.MarkMasterKey), []byte("\x00mark\xff"))
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil { // from 7 on it has other tables
		t.Fatal(err)
	}
	return g
}

// inFirstForm is the body of a group as releases wrote it before a group had shards, and addresses had ports.
func inFirstForm(t *testing.T, g *replication.Group) string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(encoded(t, g), &body); err != nil {
		t.Fatal(err)
	}
	shard := body["shards"].([]any)[0].(map[string]any)
	for _, of := range append(shard["nodes"].([]any), shard) {
		for _, key := range []string{"address", "primary_endpoint", "reader_endpoint"} {
			if at, ok := of.(map[string]any)[key]; ok {
				of.(map[string]any)[key] = netip.MustParseAddrPort(at.(string)).Addr().String()
			}
		}
	}
	body["node_group"] = shard
	delete(body, "shards")
	return string(encoded(t, body))
}

func rotationsOfOld() []rotation.Rotation {
	return []rotation.Rotation{
		{ID: "over", GroupID: "g", State: rotation.Done, StartedAt: early, EndedAt: late},
		{ID: "under way", GroupID: "g", State: rotation.Waiting, StartedAt: late},
	}
}

func sessionOfOld() store.ConsoleSession {
	s := store.ConsoleSession{Caller: "AKIA'\"鍵", CreatedAt: early, ExpiresAt: late, Revision: 1}
	for i := range s.Digest {
		s.Digest[i] = byte(i * 9)
	}
	return s
}

func wantMigrated(t *testing.T, s *Store, g *replication.Group, version int64) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		got, err := store.GroupOfNode(tx, g.Shards[0].Nodes[2].ID)
		if err != nil {
			return err
		}
		want(t, got, g)
		held, err := store.Addresses(tx)
		if err != nil || len(held) != len(g.Addresses()) || held[g.Shards[0].PrimaryEndpoint.Addr().String()] != g.Key() {
			t.Errorf("the addresses are %v (%v)", held, err)
		}
		return wantMigratedLogs(t, tx, version)
	})
	if err != nil {
		t.Fatal(err)
	}
	if version >= 4 {
		wantMigratedRest(t, s, version)
	}
	// What is written from now on follows, also when the last event had been pruned.
	err = s.Update(t.Context(), func(tx store.UpdateTx) error {
		if err := store.Append(tx, store.Events, g.Event(late, "new")); err != nil {
			return err
		}
		events, err := store.Read(tx, store.Events, store.EntryQuery{Newest: true, Limit: 1})
		if err == nil && events[0].Sequence <= 42 {
			t.Errorf("an event has the sequence %d, which was used", events[0].Sequence)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, g)
}

func wantMigratedLogs(t *testing.T, tx store.Tx, version int64) error {
	t.Helper()
	events := []cache.Event{
		{Sequence: 40, At: early, SourceType: cache.SourceCacheCluster, SourceID: "g-001", Message: `it "happened"`},
		{Sequence: 41, At: early, SourceType: cache.SourceReplicationGroup, SourceID: "g", Message: `it "happened"`},
	}
	if version >= 5 {
		events[1].Fact = cache.Say(cache.FactNoReplicaInSync).Fact
	}
	gotEvents, err := store.Read(tx, store.Events, store.EntryQuery{})
	if err != nil {
		return err
	}
	want(t, gotEvents, events)
	if version >= 2 {
		got, err := store.Read(tx, store.Failovers, store.EntryQuery{Subject: "g", Label: string(replication.CauseCrash)})
		if err != nil {
			return err
		}
		want(t, got, []replication.Failover{{ID: "f", GroupID: "g", Cause: replication.CauseCrash, DetectedAt: early}})
	}
	if version >= 3 {
		got, err := store.Read(tx, store.Rotations, store.EntryQuery{})
		if err != nil {
			return err
		}
		want(t, got, rotationsOfOld())
	}
	return nil
}

func wantMigratedRest(t *testing.T, s *Store, version int64) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		session := sessionOfOld()
		got, err := store.Get(tx, store.ConsoleSessions, session.Digest.String())
		if err != nil {
			return err
		}
		want(t, got, &session)
		if version >= 6 {
			mark, err := store.ReadMark(tx, store.MarkMasterKey)
			if err != nil || string(mark) != "\x00mark\xff" {
				t.Errorf("the mark is %q (%v)", mark, err)
			}
		}
		if n, err := store.Prune(tx, store.Rotations, late.Add(1)); n != 1 || err != nil {
			t.Errorf("%d rotations were pruned (%v), want the one that is over", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
