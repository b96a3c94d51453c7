package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// stored is a store with groups of those ids, available and {NONE, a token}.
func stored(t *testing.T, ids ...string) store.Store {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	err = db.Update(t.Context(), func(tx store.UpdateTx) error {
		for _, id := range ids {
			g, err := replication.NewGroup(replication.Spec{
				ID: id, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Transit: cache.TransitRequired,
			}, noon)
			if err != nil {
				return err
			}
			g.Status = cache.StatusAvailable
			if g.Tokens, err = g.Tokens.Rotate(token.Digest{1}, noon); err != nil {
				return err
			}
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
		}
		return store.Append(tx, store.Failovers, replication.Failover{ID: "f", GroupID: "a", Cause: replication.CauseCrash, DetectedAt: noon})
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func scrape(t *testing.T, options Options) string {
	t.Helper()
	options.Logger = slog.New(slog.DiscardHandler)
	answer := httptest.NewRecorder()
	Handler(options).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	refusals := func(_ context.Context, g *replication.Group) usage.Refusals {
		return usage.Refusals{ByNode: map[string]usage.Refused{g.ID + "-001": {Rules: 7, Source: 2}}, Gates: map[string]usage.Gate{g.ID + "-001": {Listeners: 3, Waiting: 4, QueuedMost: 5, Plaintext: 6, TLS: 7}}, Sources: []usage.RefusedSource{{From: netip.MustParseAddr("10.0.0.7")}}}
	}
	text := scrape(t, Options{Store: stored(t, "a", "b"), Refusals: refusals, Usage: func(_ context.Context, g *replication.Group) (usage.Group, error) {
		var missing []usage.MissingNode
		if g.ID == "b" {
			missing = []usage.MissingNode{{NodeID: "b-001", Reason: cache.Say(cache.FactNotRunning)}}
		}
		return g.Usage([]usage.Record{
			{Credential: token.None, Connections: 2, Authentications: 9, LastUsed: noon, Clients: []usage.Client{{Name: "evil\"name", Address: "10.0.0.7"}}},
			{Credential: "aaaaaaaaaaaa", Authentications: 5, Refused: 1, LastUsed: noon.Add(-time.Hour)},
			{Credential: "bbbbbbbbbbbb", Authentications: 6, Connections: 1, LastUsed: noon},
			{Credential: usage.Unknown, Refused: 40}, {Credential: usage.TLS, Connections: 3},
			{Credential: usage.Plaintext, Connections: 1, LastUsed: noon},
		}, missing, noon), nil
	}})
	for _, want := range []string{
		`aikagi_groups{status="available"} 2`, `aikagi_groups{status="modifying"} 0`, `aikagi_failover_receipts{cause="crash"} 1`,
		`aikagi_credential_info{credential="NONE",group="a",standing="old"} 1`, `aikagi_credential_info{credential="010000000000",group="a",standing="new"} 1`,
		`aikagi_credential_connections{credential="NONE",group="a"} 2`, `aikagi_credential_connections{credential="010000000000",group="a"} 0`,
		`aikagi_credential_authentications_total{credential="NONE",group="a"} 9`, `aikagi_credential_authentications_total{credential="retired",group="a"} 11`,
		`aikagi_credential_connections{credential="retired",group="a"} 1`, `aikagi_credential_refused_total{credential="unknown",group="a"} 40`,
		`aikagi_credential_last_used_timestamp_seconds{credential="NONE",group="a"} 1.`,
		`aikagi_transit_connections{group="a",transport="tls"} 3`, `aikagi_transit_connections{group="a",transport="plaintext"} 1`,
		`aikagi_plaintext_last_used_timestamp_seconds{group="a"} 1.`,
		`aikagi_connections_refused_total{group="a",node="a-001",reason="rules"} 7`, `aikagi_connections_refused_total{group="b",node="b-001",reason="source"} 2`,
		`aikagi_connections_refused_total{group="a",node="a-001",reason="mode"} 0`,
		`aikagi_gate_listeners{group="a",node="a-001"} 3`, `aikagi_gate_waiting_sockets{group="a",node="a-001"} 4`, `aikagi_gate_queue_most{group="a",node="a-001"} 5`,
		`aikagi_connections_accepted_total{group="a",node="a-001",transport="plaintext"} 6`, `aikagi_connections_accepted_total{group="b",node="b-001",transport="tls"} 7`,
		`aikagi_usage_missing_nodes{group="a"} 0`, `aikagi_usage_missing_nodes{group="b"} 1`, `aikagi_usage_groups_skipped 0`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	for _, never := range []string{"evil", "10.0.0.7", "aaaaaaaaaaaa", `aikagi_credential_connections{credential="NONE",group="b"}`, `last_used_timestamp_seconds{credential="010000000000"`} {
		if strings.Contains(text, never) {
			t.Errorf("%s is told:\n%s", never, text)
		}
	}
}

// Groups that are slow cost their own figures, and the scrape its time.
func TestScrapeEnds(t *testing.T) {
	t.Parallel()
	began := time.Now()
	text := scrape(t, Options{Store: stored(t, "a", "b", "c"), Usage: func(ctx context.Context, g *replication.Group) (usage.Group, error) {
		if g.ID == "b" {
			return g.Usage(nil, nil, noon), nil
		}
		<-ctx.Done()
		return usage.Group{}, ctx.Err()
	}})
	if took := time.Since(began); took > 2*Timeout {
		t.Errorf("it took %s", took)
	}
	if !strings.Contains(text, "aikagi_usage_groups_skipped 2") || !strings.Contains(text, `aikagi_credential_connections{credential="NONE",group="b"} 0`) {
		t.Error(text)
	}
}

// A replica that is behind can be alarmed on, and one that is not says so.
func TestReplicasBehind(t *testing.T) {
	t.Parallel()
	db := stored(t)
	g, err := replication.NewGroup(replication.Spec{ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Replicas: 2}, noon)
	if err != nil {
		t.Fatal(err)
	}
	g.Status = cache.StatusAvailable
	g.NoteBehind("g-003", replication.Lateness{Age: 6 * time.Second}, noon)
	if err := db.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }); err != nil {
		t.Fatal(err)
	}
	text := scrape(t, Options{Store: db})
	for _, want := range []string{`aikagi_replica_behind{group="g",node="g-002"} 0`, `aikagi_replica_behind{group="g",node="g-003"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, `node="g-001"`) {
		t.Error("a primary is behind nobody")
	}
}
