package user

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/token"
)

func TestEnds(t *testing.T) {
	t.Parallel()
	one, two := token.Digest(sha256.Sum256([]byte("one"))), token.Digest(sha256.Sum256([]byte("two")))
	account := func(name string, digests ...token.Digest) Account {
		return Account{ID: "id-" + name, Name: name, On: true, Digests: digests}
	}
	off := account("a", one)
	off.On = false
	open := Account{ID: "id-a", Name: "a", On: true, NoPassword: true}
	both := []Account{account("a", one, two), account("b", one)}
	for name, c := range map[string]struct {
		before, after []Account
		want          string
	}{
		"nothing":             {both, both, ""},
		"another right":       {both, []Account{account("b", one), account("a", two, one)}, ""},
		"a new one":           {[]Account{account("a", one)}, both, ""},
		"one of two":          {both, []Account{account("a", two), account("b", one)}, "a one"},
		"all of one":          {both, []Account{account("b", one)}, "a one, a two"},
		"the password of b":   {both, []Account{account("a", one, two), account("b", two)}, "b one"},
		"off":                 {[]Account{account("a", one)}, []Account{off}, "a one"},
		"was off":             {[]Account{off}, nil, ""},
		"opened":              {[]Account{account("a", one)}, []Account{open}, ""},
		"closed":              {[]Account{open}, []Account{account("a", one)}, "a NONE"},
		"everybody":           {both, nil, "a one, a two, b one"},
		"another of the name": {both, []Account{{ID: "other", Name: "a", On: true, Digests: []token.Digest{one}}, account("b", one)}, "a two"},
	} {
		var got []string
		for _, end := range Ends(c.before, c.after) {
			password := strings.NewReplacer(one.Fingerprint(), "one", two.Fingerprint(), "two").Replace(end.Password)
			got = append(got, end.Name+" "+password)
			if end.ID != "id-"+end.Name {
				t.Errorf("%s: %+v", name, end)
			}
		}
		if all := strings.Join(got, ", "); all != c.want {
			t.Errorf("%s: %q ends, want %q", name, all, c.want)
		}
	}
	for _, c := range []struct {
		end        End
		name, says string
	}{
		{End{"id", "a", one.Fingerprint()}, Credential("a") + ":" + one.Fingerprint(), "the password " + one.Fingerprint() + " of user id"},
		{End{"id", "a", token.None}, Credential("a"), "access as user id without a password"},
		{End{"id", DefaultID, one.Fingerprint()}, one.Fingerprint(), "the password " + one.Fingerprint() + " of user id"},
		{End{"id", DefaultID, token.None}, token.None, "access as user id without a password"},
	} {
		if got := fmt.Sprint(c.end.Credential(), " ", c.end.Saying().Text); got != c.name+" "+c.says {
			t.Errorf("%+v: %s", c.end, got)
		}
	}
}
