package engine

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

var (
	noon    = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	keyring = NewKeyring([]byte("a master key of thirty-two bytes"))
)

// sets draws token sets that a group can come to have.
func sets(t *rapid.T, label string) token.Set {
	tokens := []token.Digest{{1}, {2}, {3}}
	set := token.OpenSet(noon)
	for range rapid.IntRange(0, 5).Draw(t, label+" changes") {
		token := rapid.SampledFrom(tokens).Draw(t, label+" token")
		next, err := set.Rotate(token, noon)
		if rapid.Bool().Draw(t, label+" set") {
			next, err = set.Set(token)
		}
		if err == nil {
			set = next
		}
	}
	return set
}

func render(set token.Set) []byte {
	return RenderAccess(Callers{Tokens: set}, Rights{}, keyring.Secrets("node", "group"))
}

// TestRenderingIsAFunctionOfTheSet: equal sets give equal files, different sets
// different ones, and a file grants what its set holds and nothing else.
func TestRenderingIsAFunctionOfTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := sets(t, "a"), sets(t, "b")
		same := bytes.Equal(render(a), render(b))
		if same != (a.String() == b.String()) {
			t.Fatalf("%s and %s: same rendering: %t", a, b, same)
		}
		access := parseAccess(strings.Split(string(render(a)), "\n"))
		if !access.Admits(Callers{Tokens: a}, Rights{}) || a.String() != b.String() && sameMembers(a, b) != access.Admits(Callers{Tokens: b}, Rights{}) {
			t.Fatalf("the file of %s reads as %+v", a, access)
		}
	})
}

// sameMembers compares without order: an ACL has none.
func sameMembers(a, b token.Set) bool {
	if a.Passwordless() != b.Passwordless() || len(a.Tokens()) != len(b.Tokens()) {
		return false
	}
	for _, token := range a.Tokens() {
		if !b.Holds(token.Digest) {
			return false
		}
	}
	return true
}

func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	secret := keyring.Admin("node")
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s", secret, secret, secret, secret),
		fmt.Sprintf("%v %+v", &secret, struct{ S Secret }{secret}),
	} {
		if strings.Contains(text, secret.Reveal()) {
			t.Errorf("secret shows in %s", text)
		}
	}
}

func TestKeyringKeepsItsSecretsApart(t *testing.T) {
	t.Parallel()
	other := NewKeyring([]byte("another master key, as long as 32"))
	seen := map[string]string{}
	for name, value := range map[string]string{
		"admin a": keyring.Admin("a").Reveal(), "admin b": keyring.Admin("b").Reveal(), "probe a": keyring.Probe("a").Reveal(),
		"replication a": keyring.Replication("a").Reveal(), "other admin a": other.Admin("a").Reveal(),
		"config a": keyring.Command("a", "CONFIG"), "acl a": keyring.Command("a", "acl"), "config b": keyring.Command("b", "CONFIG"),
	} {
		if before, taken := seen[value]; taken {
			t.Errorf("%s and %s are the same", before, name)
		}
		seen[value] = name
	}
	if keyring.Command("a", "CONFIG") != keyring.Command("a", "config") {
		t.Error("a command's name depends on its spelling")
	}
}

// TestRenderUsers: users are as their access says, without what no client has; each password of the one named default is a token's user.
func TestRenderUsers(t *testing.T) {
	t.Parallel()
	rights := Rights{Version: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}
	first, second := token.Generate().Digest(), token.Generate().Digest()
	app := user.Account{Name: "app", On: true, Digests: []token.Digest{first, second}}
	off := user.Account{Name: "off", Digests: []token.Digest{first}}
	check(t, app.Access.UnmarshalText([]byte("on ~app:* -@all +get (~x -@all +set)")))
	check(t, off.Access.UnmarshalText([]byte("off -@all")))
	closed := user.Account{Name: user.DefaultID}
	open := user.Account{Name: user.DefaultID, On: true, NoPassword: true, Access: user.FullAccess()}
	own := user.Account{Name: user.DefaultID, On: true, Digests: []token.Digest{second}, Access: user.FullAccess()}
	lines := func(users ...user.Account) map[string]string {
		all := map[string]string{}
		for line := range strings.Lines(string(RenderAccess(Callers{Users: users}, rights, keyring.Secrets("node", "group")))) {
			fields := strings.SplitN(strings.TrimSpace(line), " ", 3)
			all[fields[1]] = fields[2]
		}
		return all
	}
	got := lines(app, closed, off)
	if limits := " " + policy.Limits(rights.Version, rights.Allow); got["app"] != "on #"+first.Hex()+" #"+second.Hex()+" ~app:* -@all +get"+limits+" (~x -@all +set"+limits+") "+module.ClientRules {
		t.Errorf("app is %s", got["app"])
	}
	if !strings.HasPrefix(got["off"], "off #") || !strings.HasPrefix(got["default"], "off -@all") || len(got) != 3+4 {
		t.Errorf("off is %q, default %q, and there are %d in all", got["off"], got["default"], len(got))
	}
	if got := lines(open); !strings.HasPrefix(got["default"], "on nopass ~* +@all") || len(got) != 1+4 {
		t.Errorf("an open default is %q", got["default"])
	}
	if got := lines(own); !strings.HasPrefix(got["default"], "off ~*") || !strings.HasPrefix(got[TokenUser(second)], "on #"+second.Hex()+" ~*") {
		t.Errorf("a default with a password is %q, and %q", got["default"], got[TokenUser(second)])
	}
	wanted, other := Callers{Users: []user.Account{app, closed}}, Callers{Users: []user.Account{app, closed, off}}
	access := parseAccess(strings.Split(string(RenderAccess(wanted, rights, keyring.Secrets("node", "group"))), "\n"))
	if !access.Admits(wanted, rights) || access.Admits(other, rights) || access.Admits(Callers{Tokens: token.OpenSet(noon)}, rights) {
		t.Errorf("what is rendered is not what is wanted: %+v", access)
	}
	mine, another := own, own
	mine.ID, another.ID = "mine", "another"
	access = parseAccess(strings.Split(string(RenderAccess(Callers{Users: []user.Account{mine}}, rights, keyring.Secrets("node", "group"))), "\n"))
	if callers := (Callers{Users: []user.Account{mine, app}}); access.Default != "mine" || access.ends(callers) {
		t.Errorf("with a user more, who is default is another than %q", access.Default)
	}
	if callers := (Callers{Users: []user.Account{another}}); access.Admits(callers, rights) || !access.ends(callers) {
		t.Errorf("another default who is as %q was is taken for it", access.Default)
	}
}
