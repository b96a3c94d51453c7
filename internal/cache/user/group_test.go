package user

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

// people are users of all sorts.
func people(t *testing.T) []*User {
	leaving := makeUser(t, "leaving", "leaving", "redis")
	leaving.Status = StatusDeleting
	return []*User{
		Default(noon), makeUser(t, "new-default", DefaultID, "redis"), makeUser(t, "a", "a", "redis"), makeUser(t, "b", "b", "redis"),
		makeUser(t, "also-a", "a", "redis"), makeUser(t, "v", "v", "valkey"), leaving,
	}
}

func TestNewGroup(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 101 {
		many = append(many, fmt.Sprint("u", i))
	}
	for name, c := range map[string]struct {
		id, engine string
		ids        []string
		resource   cache.Resource
		says       string
	}{
		"redis":           {"G", "Redis", []string{"Default", "A"}, "", ""},
		"another default": {"g", "redis", []string{"b", "new-default"}, "", ""},
		"valkey":          {"g", "valkey", []string{"v", "a"}, "", ""},
		"valkey, empty":   {"g", "valkey", nil, "", ""},
		"no default":      {"g", "redis", []string{"a"}, cache.ResourceDefaultUser, "Redis user group needs to contain a user with the user name default."},
		"empty":           {"g", "redis", nil, cache.ResourceDefaultUser, "needs to contain"},
		"two defaults":    {"g", "redis", []string{"default", "new-default"}, cache.ResourceUserName, "the user name default"},
		"one name":        {"g", "valkey", []string{"a", "also-a"}, cache.ResourceUserName, "the user name a"},
		"named twice":     {"g", "valkey", []string{"a", "A"}, "", "User a is named twice."},
		"not there":       {"g", "valkey", []string{"nobody"}, cache.ResourceUser, "User nobody not found."},
		"leaving":         {"g", "valkey", []string{"leaving"}, cache.ResourceUser, "has status deleting"},
		"open in valkey":  {"g", "valkey", []string{"default"}, "", "No password user default cannot be added to user group with engine Valkey"},
		"valkey in redis": {"g", "redis", []string{"default", "v"}, "", "User v has engine valkey"},
		"too many":        {"g", "valkey", many, cache.ResourceUser, "at most 100 users"},
		"a wrong id":      {"g-", "redis", []string{"default"}, "", "UserGroupId is not a valid identifier"},
	} {
		g, err := NewGroup(GroupSpec{ID: c.id, Engine: c.engine, UserIDs: c.ids, Users: people(t)}, noon)
		if c.says == "" {
			if err != nil || g.ID != "g" || g.Status != StatusActive || !slices.Equal(g.UserIDs, lower(c.ids)) {
				t.Errorf("%s: %+v (%v)", name, g, err)
			}
			continue
		}
		wantRefusal(t, name, err, c.resource, c.says)
	}
}

func wantRefusal(t *testing.T, name string, err error, resource cache.Resource, says string) {
	t.Helper()
	if e, ok := err.(*cache.Error); !ok || e.Resource != resource || !strings.Contains(e.Message, says) { //nolint:errorlint // none of them is wrapped
		t.Errorf("%s: %v, want %q about %q", name, err, says, resource)
	}
}

func TestModifyGroup(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	cached := []Cache{{"shop", cache.EngineRedis}}
	for name, c := range map[string]struct {
		change   GroupChange
		members  string
		status   Status
		resource cache.Resource
		says     string
	}{
		"nothing":           {GroupChange{}, "default a", StatusActive, "", "No modifications"},
		"added and removed": {GroupChange{Add: []string{"B"}, Remove: []string{"a"}}, "default b", StatusActive, "", ""},
		"in use":            {GroupChange{Add: []string{"b"}, Remove: []string{"a"}, Caches: cached}, "default b", StatusModifying, "", ""},
		"default swapped":   {GroupChange{Add: []string{"new-default"}, Remove: []string{"default"}}, "a new-default", StatusActive, "", ""},
		"default removed":   {GroupChange{Remove: []string{"default"}}, "default a", StatusActive, cache.ResourceDefaultUser, "needs to contain"},
		"default twice":     {GroupChange{Add: []string{"new-default"}}, "default a", StatusActive, cache.ResourceUserName, "the user name default"},
		"one that is there": {GroupChange{Add: []string{"a"}}, "default a", StatusActive, "", "User a is already a member of user group g."},
		"one that is not":   {GroupChange{Remove: []string{"b"}, Add: []string{"v"}}, "default a", StatusActive, "", "User b is not a member of user group g."},
		"the same":          {GroupChange{Add: []string{"b"}, Remove: []string{"b"}}, "default a", StatusActive, "", "at the same time"},
		"to valkey":         {GroupChange{Engine: text("valkey"), Remove: []string{"default"}}, "a", StatusActive, "", ""},
		"to valkey, open":   {GroupChange{Engine: text("valkey")}, "default a", StatusActive, "", "No password user default"},
		"to valkey, for redis": {GroupChange{Engine: text("valkey"), Remove: []string{"default"}, Caches: cached}, "default a", StatusActive, "",
			"cannot be used with a cache of engine redis"},
	} {
		g, err := NewGroup(GroupSpec{ID: "g", Engine: "redis", UserIDs: []string{"default", "a"}, Users: people(t)}, noon)
		if err != nil {
			t.Fatal(err)
		}
		c.change.Users = people(t)
		err = g.Modify(c.change)
		if got := strings.Join(g.Members(), " "); got != c.members || g.Status != c.status {
			t.Errorf("%s: %s with %s, want %s with %s", name, g.Status, got, c.status, c.members)
		}
		if c.says != "" {
			wantRefusal(t, name, err, c.resource, c.says)
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is pending is not the group's until it is settled, and is not changed again before.
func TestPendingUsers(t *testing.T) {
	t.Parallel()
	all := people(t)
	g, err := NewGroup(GroupSpec{ID: "g", Engine: "redis", UserIDs: []string{"default", "a"}, Users: all}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Modify(GroupChange{Add: []string{"b"}, Users: all, Caches: []Cache{{"shop", cache.EngineValkey}}}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(g.UserIDs, []string{"default", "a"}) || !g.Has("b") || g.Has("v") {
		t.Errorf("pending: %+v", g)
	}
	wantRefusal(t, "again", g.Modify(GroupChange{Remove: []string{"a"}, Users: all}), cache.ResourceUserGroup, "User group g has status modifying. Only active user groups can be modified.")
	wantRefusal(t, "drop", g.Drop(all[2], true), cache.ResourceUserGroup, "has status modifying")
	if g.Settle(); g.Status != StatusActive || !slices.Equal(g.UserIDs, []string{"default", "a", "b"}) || len(g.Pending.Add) > 0 {
		t.Errorf("settled: %+v", g)
	}
	wantRefusal(t, "drop the default", g.Drop(all[0], false), cache.ResourceDefaultUser, "can't be deleted")
	if err := g.Drop(all[2], true); err != nil || g.Status != StatusModifying || !slices.Equal(g.Members(), []string{"default", "b"}) {
		t.Errorf("dropped: %+v (%v)", g, err)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	all := people(t)
	names := func(g *Group) (names []string) {
		for _, a := range Accounts(g, all) {
			names = append(names, fmt.Sprintf("%s %t %t %d", a.Name, a.On, a.NoPassword, len(a.Digests)))
		}
		return names
	}
	for want, g := range map[string]*Group{
		"a true false 1, b true false 1, default true true 0": {UserIDs: []string{"b", "default", "a"}},
		"b true false 1, default true false 1":                {UserIDs: []string{"b", "default"}, Pending: Pending{Add: []string{"new-default"}, Remove: []string{"default"}}},
		"default false false 0, v true false 1":               {UserIDs: []string{"v", "nobody"}},
	} {
		if got := strings.Join(names(g), ", "); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
