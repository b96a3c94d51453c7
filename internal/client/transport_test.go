package client

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/datadir"
)

// TestQuickAnswersArrive asks a server that answers at once, with more than fits a
// connection's buffer. With the SDK's own request bodies about one answer in ten is
// lost.
func TestQuickAnswersArrive(t *testing.T) {
	t.Parallel()
	var groups strings.Builder
	for i := range 100 {
		fmt.Fprintf(&groups, "<ReplicationGroup><ReplicationGroupId>group-%d</ReplicationGroupId><Status>available</Status></ReplicationGroup>", i)
	}
	answer := []byte("<DescribeReplicationGroupsResponse><DescribeReplicationGroupsResult><ReplicationGroups>" + groups.String() +
		"</ReplicationGroups></DescribeReplicationGroupsResult></DescribeReplicationGroupsResponse>")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(answer) }))
	t.Cleanup(server.Close)

	c, err := New(server.URL, dataDir(t))
	if err != nil {
		t.Fatal(err)
	}
	once := func(o *elasticache.Options) { o.RetryMaxAttempts = 1 }
	for range 400 {
		out, err := c.ElastiCache.DescribeReplicationGroups(t.Context(), &elasticache.DescribeReplicationGroupsInput{}, once)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.ReplicationGroups) != 100 {
			t.Fatalf("%d groups arrived, want 100", len(out.ReplicationGroups))
		}
	}
}

// dataDir makes a data directory with an access key and nothing else.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path := datadir.CredentialsPath(dir)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
