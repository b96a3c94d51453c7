package elasticache

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

var (
	listed  = regexp.MustCompile(`(?s)<ReplicationGroups>(.*)</ReplicationGroups>`)
	single  = regexp.MustCompile(`(?s)<DescribeReplicationGroupAccessResult>(.*)</DescribeReplicationGroupAccessResult>`)
	groupID = regexp.MustCompile(`<ReplicationGroupId>([^<]*)<`)
	further = regexp.MustCompile(`<Marker>([^<]*)<`)
)

// ids are those in an answer, each as often as it comes.
func ids(text string) []string {
	var all []string
	for _, m := range groupID.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestListReplicationGroupAccess compares the list with what is answered of each group.
func TestListReplicationGroupAccess(t *testing.T) {
	t.Parallel()
	f := withToken(t)
	f.asked("StartAuthTokenRotation", http.StatusOK, nil, "Delivery", rotationTarget)
	f.asked("CancelAuthTokenRotation", http.StatusOK, nil)
	want := []string{"g"}
	for i := range 24 {
		id := fmt.Sprintf("group-%02d", i)
		f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: &id, NumCacheClusters: aws.Int32(1)})
		want = append(want, id)
	}
	if _, err := f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("lone"), CacheNodeType: aws.String("cache.t4g.micro"), NumCacheNodes: aws.Int32(1), Engine: aws.String("redis")}); err != nil {
		t.Fatal(err)
	}
	status, first := f.ask("ListReplicationGroupAccess", url.Values{"MaxRecords": {"20"}})
	marker := further.FindStringSubmatch(first)
	if status != http.StatusOK || marker == nil {
		t.Fatalf("%d %s", status, first)
	}
	status, second := f.ask("ListReplicationGroupAccess", url.Values{"MaxRecords": {"20"}, "Marker": {marker[1]}})
	if status != http.StatusOK || further.MatchString(second) {
		t.Errorf("second page: %d %s", status, second)
	}
	if !strings.Contains(first, "<LastRotation>") {
		t.Errorf("no last rotation in %s", first)
	}
	text := listed.FindStringSubmatch(first)[1] + listed.FindStringSubmatch(second)[1]
	var one string
	for _, id := range want {
		_, answer := f.ask("DescribeReplicationGroupAccess", url.Values{"ReplicationGroupId": {id}})
		one += "<member>" + single.FindStringSubmatch(answer)[1] + "</member>"
	}
	if got := slices.Compact(ids(text)); !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
	if text != one {
		t.Errorf("the list differs from what is answered of each:\n%s\n%s", text, one)
	}
	if status, text := f.ask("ListReplicationGroupAccess", url.Values{"MaxRecords": {"101"}}); status != http.StatusBadRequest {
		t.Errorf("too large a page: %d %s", status, text)
	}
}

// BenchmarkListReplicationGroupAccess reads a page of 100 of a thousand groups, each with
// a rotation under way and another that is over.
func BenchmarkListReplicationGroupAccess(b *testing.B) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	err = db.Update(b.Context(), func(tx store.UpdateTx) error {
		for i := range 1000 {
			g, err := replication.NewGroup(replication.Spec{
				ID: fmt.Sprintf("group-%04d", i), Replicas: 2, Transit: cache.TransitRequired, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"},
			}, now)
			if err != nil {
				return err
			}
			over := rotation.Rotation{ID: g.ID + "-1", GroupID: g.ID, State: rotation.Done, StartedAt: now, EndedAt: now}
			g.Rotation = &rotation.Rotation{ID: g.ID + "-2", GroupID: g.ID, State: rotation.Waiting, StartedAt: now.Add(time.Hour)}
			if err := errors.Join(store.Put(tx, store.Groups, g), store.Append(tx, store.Rotations, over), store.Append(tx, store.Rotations, *g.Rotation)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	api := New(Options{Store: db, AnyCaller: true, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }})
	form := url.Values{"Action": {"ListReplicationGroupAccess"}, "Version": {"2015-02-02"}}.Encode()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
		request.Header.Set("Accept-Encoding", "gzip")
		answer := httptest.NewRecorder()
		if api.ServeHTTP(answer, request); answer.Code != http.StatusOK {
			b.Fatal(answer.Code, answer.Body)
		}
	}
}
