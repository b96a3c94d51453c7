package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/store"
)

// TestErasedStaysErased: what a token was made of is nowhere in the file once it was erased in
// its group, or with its group.
func TestErasedStaysErased(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path)
	const groups = 40 // over several pages, with and without overflow
	salt := func(i int) string { return fmt.Sprintf("salt-%02d-of-a-token-0123456789", i) }
	for i := range groups {
		g := group(t, fmt.Sprintf("g%02d", i), i%6)
		g.Rotation = &rotation.Rotation{ID: "rotation-1", GroupID: g.ID, State: rotation.Waiting, StartedAt: time.Now(), Salt: salt(i)}
		put(t, s, g)
	}
	for i := range groups {
		err := s.Update(t.Context(), func(tx store.UpdateTx) error {
			g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, fmt.Sprintf("g%02d", i)))
			if err != nil {
				return err
			}
			if i%3 == 0 {
				return store.Delete(tx, store.Groups, g.Key())
			}
			g.Rotation = nil
			return store.Put(tx, store.Groups, g)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for i := range groups {
		if bytes.Contains(text, []byte(salt(i))) {
			left = append(left, salt(i))
		}
	}
	if left != nil {
		t.Errorf("%d of %d are still in the file: %s", len(left), groups, strings.Join(left, " "))
	}
}
