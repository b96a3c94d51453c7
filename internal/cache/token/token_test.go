package token

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func TestParseToken(t *testing.T) {
	t.Parallel()
	for token, good := range map[string]bool{
		strings.Repeat("a", 15):      false,
		strings.Repeat("a", 16):      true,
		strings.Repeat("a", 128):     true,
		strings.Repeat("a", 129):     false,
		"ABCabc123!&#$^<>-":          true,
		"with a space in it":         false,
		"with@an-at-sign-in":         false,
		`with"a"quote"in"it`:         false,
		"with/a/slash/in/it":         false,
		"umlaut-ä-is-not-ascii":      false,
		"new\nline-is-not-printable": false,
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00": false,
		"": false,
	} {
		_, err := Parse(token)
		if (err == nil) != good {
			t.Errorf("%q: error %v, want good=%t", token, err, good)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "Invalid AuthToken provided.") {
			t.Errorf("%q: %v does not begin with the original's text", token, err)
		}
		if err != nil && token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%v repeats the token", err)
		}
	}
}

func TestTokenDoesNotPrint(t *testing.T) {
	t.Parallel()
	token := Generate()
	encoded, err := json.Marshal(struct{ T Token }{token})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		string(encoded), token.String(),
		fmt.Sprintf("%v %+v %#v %s %q", token, token, token, token, token),
		fmt.Sprintf("%v %+v %#v", &token, struct{ T Token }{token}, []Token{token}),
	} {
		if strings.Contains(text, token.Reveal()) {
			t.Errorf("token shows in %s", text)
		}
	}
}

func TestGenerateToken(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		token := Generate()
		if _, err := Parse(token.Reveal()); err != nil {
			t.Fatalf("generated a token that is not valid: %v", err)
		}
		if seen[token.Reveal()] {
			t.Fatal("generated the same token twice")
		}
		seen[token.Reveal()] = true
	}
}

func FuzzParseToken(f *testing.F) {
	for _, seed := range []string{"", "short", "abcdefghijklmnop", "bad char here in it", strings.Repeat("x", 129), "ü"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		token, err := Parse(s)
		if err != nil {
			if !cache.IsKind(err, cache.KindInvalid) {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		if token.Reveal() != s || len(s) < MinLength || len(s) > MaxLength {
			t.Fatalf("accepted %q", s)
		}
		for _, r := range s {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
			if !letter && !strings.ContainsRune("!&#$^<>-", r) {
				t.Fatalf("accepted the character %q", r)
			}
		}
		if len(token.Digest().Fingerprint()) != 12 {
			t.Fatalf("fingerprint %q", token.Digest().Fingerprint())
		}
	})
}
