package sqlite

import (
	"encoding/json"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(t *testing.T) store.Store {
		return open(t, filepath.Join(t.TempDir(), "store.db"))
	})
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// group makes a group without addresses, so that tests need not keep them apart.
func group(t testing.TB, id string, replicas int) *replication.Group {
	t.Helper()
	g, err := replication.NewGroup(replication.Spec{ID: id, Replicas: replicas,
		EngineVersion: cache.EngineVersion{Engine: cache.EngineRedis, Version: "7.0.15"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// address gives the group addresses that depend on n.
func address(t testing.TB, g *replication.Group, n int) {
	t.Helper()
	i := 0
	err := g.AssignAddresses(func() (netip.Addr, error) {
		i++
		return netip.AddrFrom4([4]byte{127, byte(1 + n>>13), byte(n >> 5), byte(n<<3 + i)}), nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, s *Store, groups ...*replication.Group) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		for _, g := range groups {
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func putFailover(t testing.TB, s *Store, id string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		return store.Append(tx, store.Failovers, replication.Failover{ID: id, GroupID: "g", Cause: replication.CauseCrash, DetectedAt: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func putRotation(t testing.TB, s *Store, id string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.UpdateTx) error {
		return store.Append(tx, store.Rotations, rotation.Rotation{ID: id, GroupID: "g", State: rotation.Pending, StartedAt: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// has reports whether the replication group is stored.
func has(t testing.TB, s *Store, id string) bool {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		_, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, id))
		return err
	})
	if err != nil && !cache.IsKind(err, cache.KindNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// want compares all that there is.
func want(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(token.Set{}), cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
