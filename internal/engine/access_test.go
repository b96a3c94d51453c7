package engine

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache/token"
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
