package act

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// diary is a witness that writes down what it is told.
type diary struct{ told []string }

func (d *diary) Remember(group cache.Key, _ token.Token) {
	d.told = append(d.told, "remember "+group.ID())
}

func (d *diary) Drop(group cache.Key, _ token.Token) { d.told = append(d.told, "drop "+group.ID()) }

func newGroups(t *testing.T) (Groups, *diary) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	witness := &diary{}
	return Groups{Deps: Deps{Store: db, Now: time.Now}, Witness: witness}, witness
}

func newGroup(t *testing.T) *replication.Group {
	t.Helper()
	g, err := replication.NewGroup(replication.Spec{
		ID: "g", Description: "d", NodeType: cache.DefaultNodeType,
		EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"},
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The witness remembers the token of a change that is stored, and of no other.
func TestWitnessIsToldOfWhatIsStored(t *testing.T) {
	t.Parallel()
	d, witness := newGroups(t)
	token, err := token.Parse("the-first-token-0001")
	if err != nil {
		t.Fatal(err)
	}
	expect := func(what string, want ...string) {
		t.Helper()
		if !slices.Equal(witness.told, want) {
			t.Errorf("%s: the witness was told %q, not %q", what, witness.told, want)
		}
		witness.told = nil
	}
	refusal := errors.New("no")
	change := func(id string, fn func(*replication.Group) error) error {
		_, err := ChangeGroup(t.Context(), d, Group(aws.String(id)), func(g *replication.Group) ([]cache.Event, error) {
			return nil, fn(g)
		}, Token(&token))
		return err
	}

	if err := CreateGroup(t.Context(), d, newGroup(t), &token); err != nil {
		t.Fatal(err)
	}
	expect("a new group", "remember g")
	if err := CreateGroup(t.Context(), d, newGroup(t), &token); !cache.IsKind(err, cache.KindExists) {
		t.Errorf("the same group again: %v", err)
	}
	expect("the same group again", "remember g", "drop g")
	if err := change("other", func(*replication.Group) error { return nil }); !cache.IsKind(err, cache.KindNotFound) {
		t.Errorf("no group: %v", err)
	}
	expect("no group")
	if err := change("G", func(*replication.Group) error { return refusal }); !errors.Is(err, refusal) {
		t.Errorf("a refusal: %v", err)
	}
	expect("a refusal")
	if err := change("G", func(g *replication.Group) error { g.SubnetGroup = "nowhere"; return nil }); !cache.IsKind(err, cache.KindNotFound) {
		t.Errorf("what cannot be stored: %v", err)
	}
	expect("what cannot be stored", "remember g", "drop g")
	if err := change("G", func(g *replication.Group) error { g.Description = "new"; return nil }); err != nil {
		t.Error(err)
	}
	expect("a change", "remember g")
	g, err := ReadGroup(t.Context(), d, Keyed(cache.ResourceReplicationGroup, "g"))
	if err != nil || g.Description != "new" {
		t.Errorf("stored: %+v, %v", g, err)
	}
	if _, err := ReadGroup(t.Context(), d, NamedGroup(nil)); !cache.IsKind(err, cache.KindMissing) {
		t.Errorf("a request that names no group: %v", err)
	}
}
