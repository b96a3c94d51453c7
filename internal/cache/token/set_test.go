package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	t1, t2 = digestOf("the-first-token-0001"), digestOf("the-second-token-002")
	t3     = digestOf("the-third-token-0003")
)

func digestOf(token string) Digest {
	parsed, err := Parse(token)
	if err != nil {
		panic(err)
	}
	return parsed.Digest()
}

// setOf builds a set without going through Rotate and Set; the zero digest is NONE.
func setOf(digests ...Digest) Set {
	var s Set
	for _, d := range digests {
		s.credentials = append(s.credentials, Credential{Digest: d, AddedAt: noon})
	}
	return s
}

var none = Digest{}

// TestTokenTable is the table of the original, row by row.
func TestTokenTable(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		held     Set
		strategy Strategy
		token    Digest
		want     Set
		refusal  error
	}{
		{setOf(none), StrategyRotate, t1, setOf(none, t1), nil},
		{setOf(none), StrategySet, t1, Set{}, ErrNoTokenToSet},
		{setOf(none, t1), StrategyRotate, t2, setOf(t1, t2), nil},
		{setOf(none, t1), StrategyRotate, t1, Set{}, cache.ErrNoModification},
		{setOf(none, t1), StrategySet, t1, setOf(t1), nil},
		{setOf(none, t1), StrategySet, t2, Set{}, ErrNotRotated},
		{setOf(t1), StrategyRotate, t2, setOf(t1, t2), nil},
		{setOf(t1), StrategyRotate, t1, Set{}, cache.ErrNoModification},
		{setOf(t1), StrategySet, t1, Set{}, cache.ErrNoModification},
		{setOf(t1), StrategySet, t2, Set{}, ErrNotRotated},
		{setOf(t1, t2), StrategyRotate, t3, setOf(t2, t3), nil},
		{setOf(t1, t2), StrategyRotate, t2, Set{}, cache.ErrNoModification},
		{setOf(t1, t2), StrategyRotate, t1, setOf(t2, t1), nil},
		{setOf(t1, t2), StrategySet, t2, setOf(t2), nil},
		{setOf(t1, t2), StrategySet, t1, Set{}, ErrNotRotated},

		{Set{}, StrategyRotate, t1, setOf(t1), nil},
		{Set{}, StrategySet, t1, setOf(t1), nil},
	} {
		t.Run(fmt.Sprintf("%s %s %s", row.held, row.strategy, row.token), func(t *testing.T) {
			t.Parallel()
			got, err := row.held.Update(row.token, row.strategy, noon)
			if !errors.Is(err, row.refusal) || (err == nil) != (row.refusal == nil) {
				t.Fatalf("error %v, want %v", err, row.refusal)
			}
			if err == nil && got.String() != row.want.String() {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

// TestTokenSetInvariants drives sets with arbitrary changes.
func TestTokenSetInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := OpenSet(noon)
		if rapid.Bool().Draw(t, "created with a token") {
			set = ClosedSet(t1, noon)
		}
		for range rapid.IntRange(0, 12).Draw(t, "changes") {
			token := rapid.SampledFrom([]Digest{t1, t2, t3}).Draw(t, "token")
			strategy := rapid.SampledFrom([]Strategy{StrategyRotate, StrategySet}).Draw(t, "strategy")
			before := set.String()
			next, err := set.Update(token, strategy, noon)
			if set.String() != before {
				t.Fatalf("%s changed the set that it was called on: %s to %s", strategy, before, set)
			}
			if err != nil {
				continue
			}
			checkNext(t, set, next, strategy, token)
			set = next
		}
	})
}

func checkNext(t *rapid.T, set, next Set, strategy Strategy, token Digest) {
	if err := next.Validate(); err != nil {
		t.Fatalf("%s of %s on %s: %v", strategy, token, set, err)
	}
	if !next.Holds(token) {
		t.Fatalf("%s of %s on %s lost the token: %s", strategy, token, set, next)
	}
	if strategy == StrategyRotate && !set.newest().IsNone() && !next.Holds(set.newest().Digest) {
		t.Fatalf("ROTATE on %s threw the newest token out: %s", set, next)
	}
	if strategy == StrategySet && (len(next.credentials) != 1 || next.Passwordless()) {
		t.Fatalf("SET on %s left more than its token: %s", set, next)
	}
	if next.Passwordless() && !set.Passwordless() {
		t.Fatalf("%s on %s opened passwordless access: %s", strategy, set, next)
	}
}

func TestTokenSetSurvivesTheStore(t *testing.T) {
	t.Parallel()
	for _, set := range []Set{setOf(none), setOf(none, t1), setOf(t1), setOf(t1, t2)} {
		text, err := json.Marshal(set)
		if err != nil {
			t.Fatal(err)
		}
		var back Set
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if back.String() != set.String() || !back.credentials[0].AddedAt.Equal(noon) {
			t.Errorf("%s came back as %s", set, back)
		}
	}
}

func TestTokenSetRefusesWhatBreaksItsPromise(t *testing.T) {
	t.Parallel()
	for _, bad := range []Set{setOf(), setOf(t1, none), setOf(t1, t1), setOf(none, none), setOf(t1, t2, t3)} {
		text, err := json.Marshal(bad.credentials)
		if err != nil {
			t.Fatal(err)
		}
		var back Set
		if err := json.Unmarshal(text, &back); err == nil {
			t.Errorf("%s was read without an error", text)
		}
	}
}
