package client

import (
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

var update = flag.Bool("update", false, "write testdata/own.json anew")

// goldenAnswers are what package elasticache keeps of its answers, by action.
var goldenAnswers = map[string]string{
	"DescribeReplicationGroupAccess": "access", "DescribeAuthTokenUsage": "usage", "DescribeAuthTokenRotations": "rotations",
	"DescribeFailovers": "failovers", "DescribeNodeFaults": "faults", "DescribeReplicationGroupMetrics": "metrics",
	"CreateConsoleLink": "console-link", "PutAuthTokenRotationSchedule": "schedule-put", "StartAuthTokenRotation": "rotation-started",
	"ListReplicationGroupAccess": "access-list", "RepairCacheCluster": "repair", "DescribeTransitEncryptionUsage": "transit",
}

// TestJSONOfAnswers: what commands print with -o json of answers as the service gives them.
func TestJSONOfAnswers(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join("..", "elasticache", "testdata", "own", goldenAnswers[r.PostFormValue("Action")]+".xml"))
	}))
	t.Cleanup(server.Close)
	c, err := New(server.URL, dataDir(t))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for name, call := range map[string]func(context.Context) (any, error){
		"access":     func(ctx context.Context) (any, error) { return c.Access(ctx, "g") },
		"all access": func(ctx context.Context) (any, error) { return c.allAccess(ctx) },
		"usage":      func(ctx context.Context) (any, error) { return c.TokenUsage(ctx, "g") },
		"transit":    func(ctx context.Context) (any, error) { return c.TransitUsage(ctx, "g") },
		"rotations":  func(ctx context.Context) (any, error) { return c.Rotations(ctx, "g") },
		"failovers":  func(ctx context.Context) (any, error) { return c.Failovers(ctx, "g") },
		"metrics": func(ctx context.Context) (any, error) {
			return ask(ctx, c, own.DescribeReplicationGroupMetrics, own.DescribeReplicationGroupMetricsInput{})
		},
		"link":      func(ctx context.Context) (any, error) { return c.ConsoleLink(ctx) },
		"set aside": func(ctx context.Context) (any, error) { return c.RepairNode(ctx, "broken-001") },
		"put": func(ctx context.Context) (any, error) {
			return c.PutRotationSchedule(ctx, "g", own.PutAuthTokenRotationScheduleInput{})
		},
		"started": func(ctx context.Context) (any, error) {
			return c.StartRotation(ctx, "g", own.StartAuthTokenRotationInput{})
		},
		"node faults": func(ctx context.Context) (any, error) { return c.NodeFaults(ctx) },
	} {
		answer, err := call(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got[name] = answer
	}
	sameJSON(t, filepath.Join("testdata", "own.json"), got)
}

// sameJSON compares what data is in JSON with a file, whatever the order of an object's fields.
func sameJSON(t *testing.T, path string, data any) {
	t.Helper()
	text, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(kept, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("not as in %s (-want +got):\n%s", path, d)
	}
}
