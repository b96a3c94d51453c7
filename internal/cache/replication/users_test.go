package replication

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// The whole table of how clients get in, and of what can be asked there.
func TestUserGroupTable(t *testing.T) {
	t.Parallel()
	team, other := UserGroupUpdate{Add: []string{"team"}}, UserGroupUpdate{Add: []string{"other"}}
	swap := UserGroupUpdate{Add: []string{"other"}, Remove: []string{"team"}}
	leave, all := UserGroupUpdate{Remove: []string{"team"}}, UserGroupUpdate{RemoveAll: true}
	drop := &token.Update{Strategy: token.StrategyDelete}
	set, rotate := &token.Update{Digest: &t2, Strategy: token.StrategySet}, &token.Update{Digest: &t2, Strategy: token.StrategyRotate}
	users := token.Set{}
	for name, row := range map[string]struct {
		from    token.Set
		ask     UserGroupUpdate
		token   *token.Update
		to      token.Set
		group   string
		refusal error
	}{
		"open, users":                        {setOf(none), team, nil, users, "team", nil},
		"open, users and DELETE":             {setOf(none), team, drop, users, "team", nil},
		"open, users and a token":            {setOf(none), team, set, setOf(none), "", errTokenBesideUsers},
		"open, two user groups":              {setOf(none), UserGroupUpdate{Add: []string{"team", "other"}}, nil, setOf(none), "", errOneUserGroup},
		"token, users":                       {setOf(t1), team, nil, setOf(t1), "", errUsersBesideToken},
		"token, users and DELETE":            {setOf(t1), team, drop, users, "team", nil},
		"two tokens, users and DELETE":       {setOf(t1, t3), team, drop, users, "team", nil},
		"both, users and DELETE":             {setOf(none, t1), team, drop, users, "team", nil},
		"token, removal of nothing":          {setOf(t1), all, nil, setOf(t1), "", cache.ErrNoModification},
		"users, the same":                    {users, team, nil, users, "team", cache.ErrNoModification},
		"users, the same and DELETE":         {users, team, drop, users, "team", cache.ErrNoModification},
		"users, another":                     {users, other, nil, users, "team", errOneUserGroup},
		"users, another instead":             {users, swap, nil, users, "other", nil},
		"users, a token":                     {users, UserGroupUpdate{}, set, users, "team", errTokenBesideUsers},
		"users, removal":                     {users, leave, nil, setOf(none), "", nil},
		"users, removal of all":              {users, all, nil, setOf(none), "", nil},
		"users, removal and SET":             {users, all, set, setOf(t2), "", nil},
		"users, removal and ROTATE":          {users, all, rotate, setOf(t2), "", nil},
		"users, removal and DELETE":          {users, all, drop, users, "team", token.ErrDeleteUnsupported},
		"users, another and a token instead": {users, swap, set, users, "team", errTokenBesideUsers},
	} {
		g := newGroup(t, func(s *Spec) { s.Tags = []cache.Tag{{Key: cache.TagSetGuard, Value: string(cache.GuardOff)}} })
		g.Settle(noon, nil)
		if g.Tokens = row.from; row.from.Empty() {
			g.UserGroup = "team"
		}
		before := g.UserGroup
		_, err := g.Modify(Change{UserGroups: row.ask, Token: row.token, Immediately: true}, noon)
		if !errors.Is(err, row.refusal) || (err == nil) != (row.refusal == nil) || g.Tokens.String() != row.to.String() || g.UserGroup != row.group {
			t.Errorf("%s: %s and %q, %v", name, g.Tokens, g.UserGroup, err)
		}
		if changes := row.refusal == nil; g.UserGroupInForce() != before || (g.Status == cache.StatusModifying) != changes {
			t.Errorf("%s: until nodes have it %q is in force; the group is %s", name, g.UserGroupInForce(), g.Status)
		}
		if g.Settle(noon, nil); g.UserGroupInForce() != g.UserGroup || g.CheckAccess() != nil {
			t.Errorf("%s: then %q is in force: %v", name, g.UserGroupInForce(), g.CheckAccess())
		}
	}
}

// Users need TLS, and keep it; and what is about tokens is refused.
func TestUserGroupRefusals(t *testing.T) {
	t.Parallel()
	plain := newGroup(t, func(s *Spec) { s.Transit, s.Tags = cache.TransitPreferred, unguarded })
	plain.Settle(noon, nil)
	if _, err := plain.Modify(Change{UserGroups: UserGroupUpdate{Add: []string{"team"}}}, noon); !errors.Is(err, errUsersNeedTLS) {
		t.Errorf("without TLS: %v", err)
	}
	for name, row := range map[string]struct {
		spec func(*Spec)
		want error
	}{
		"two":           {func(s *Spec) { s.UserGroups = []string{"team", "other"} }, errOneUserGroup},
		"token":         {func(s *Spec) { s.Token = &t1 }, errUsersBesideToken},
		"without TLS":   {func(s *Spec) { s.Transit = cache.TransitNone }, errUsersNeedTLS},
		"TLS preferred": {func(s *Spec) { s.Transit = cache.TransitPreferred }, errUsersNeedTLS},
	} {
		spec := Spec{
			ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, NodeType: "cache.t4g.micro",
			Transit: cache.TransitRequired, UserGroups: []string{"team"}, Tags: unguarded,
		}
		row.spec(&spec)
		if _, err := NewGroup(spec, noon); err == nil || !strings.Contains(err.Error(), row.want.Error()) {
			t.Errorf("creation, %s: %v", name, err)
		}
	}
	g := newGroup(t, func(s *Spec) { s.UserGroups = []string{"team"} })
	if g.Settle(noon, nil); g.CheckAccess() != nil || g.Tokens.Passwordless() {
		t.Errorf("a group with users accepts %s", g.Tokens)
	}
	if _, err := g.Modify(Change{Transit: TransitUpdate{Mode: cache.TransitPreferred}, Immediately: true}, noon); !errors.Is(err, errTransitTokens) {
		t.Errorf("another mode: %v", err)
	}
	if _, err := g.StartRotation(rotation.Spec{}, rotation.Requested, "salt", noon); !errors.Is(err, errTokenBesideUsers) {
		t.Errorf("a rotation: %v", err)
	}
	if f := g.ForecastSet(nil, noon); f.Ends != "" || !strings.Contains(f.Text.Text, "team") {
		t.Errorf("forecast of SET: %+v", f)
	}
}

// TestAccessInvariant drives a group through anything: it never has tokens and users at once, and never neither.
func TestAccessInvariant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := newGroup(t, func(*Spec) {})
		for range rapid.IntRange(1, 12).Draw(rt, "changes") {
			g.Settle(noon, nil)
			var change Change
			names := rapid.SliceOfN(rapid.SampledFrom([]string{"team", "other"}), 0, 2)
			change.UserGroups = UserGroupUpdate{Add: names.Draw(rt, "add"), Remove: names.Draw(rt, "remove"), RemoveAll: rapid.Bool().Draw(rt, "remove all")}
			if rapid.Bool().Draw(rt, "with a token") {
				change.Token = &token.Update{Strategy: rapid.SampledFrom([]token.Strategy{"", token.StrategySet, token.StrategyRotate, token.StrategyDelete}).Draw(rt, "strategy")}
				if rapid.Bool().Draw(rt, "which is given") {
					digest := rapid.SampledFrom([]token.Digest{t1, t2, t3}).Draw(rt, "token")
					change.Token.Digest = &digest
				}
			}
			was := g.Tokens.Passwordless()
			_, err := g.Modify(change, noon)
			if wrong := g.CheckAccess(); wrong != nil {
				rt.Fatalf("%+v (%v): %v", change, err, wrong)
			}
			if g.Tokens.Passwordless() && !was && change.Token != nil {
				rt.Fatalf("%+v opened the group: %s", change, g.Tokens)
			}
		}
	})
}
