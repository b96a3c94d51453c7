package token

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Length limits of a token in characters, and the characters that it may hold
// besides letters and digits.
//
// Source: Amazon ElastiCache User Guide, "Authenticating with the AUTH command".
const (
	MinLength       = 16
	MaxLength       = 128
	Special         = "!&#$^<>-"
	tokenAlphabet   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + Special
	fingerprintSize = 6 // bytes
)

// Token is an AUTH token in the clear. It lives in memory only, for as long as a
// change is being proven, and prints as *** in every format.
type Token struct{ secret string }

// Parse checks s against the rules for tokens. The error says which rule
// was broken, and never repeats the token.
func Parse(s string) (Token, error) {
	if reason := tokenFault(s); reason != "" {
		return Token{}, cache.Errorf(cache.KindInvalid, "Invalid AuthToken provided. %s", reason)
	}
	return Token{secret: s}, nil
}

func tokenFault(s string) string {
	if n := len(s); n < MinLength || n > MaxLength {
		return fmt.Sprintf("It has %d characters; it must have %d to %d.", n, MinLength, MaxLength)
	}
	for i := range len(s) {
		if !strings.Contains(tokenAlphabet, s[i:i+1]) {
			return fmt.Sprintf("The character at position %d is not allowed; letters, digits and %s are.",
				i+1, strings.Join(strings.Split(Special, ""), " "))
		}
	}
	return ""
}

// Generate makes a token of 48 random letters and digits (285 bits), which
// needs no quoting in any shell.
func Generate() Token {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	secret := make([]byte, 0, 48)
	var random [64]byte
	for len(secret) < cap(secret) {
		_, _ = rand.Read(random[:]) // never fails (crypto/rand)
		for _, b := range random {
			// Bytes past the last whole multiple would favour the first letters.
			if int(b) < 256-256%len(alphabet) && len(secret) < cap(secret) {
				secret = append(secret, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return Token{secret: string(secret)}
}

// Reveal returns the token in the clear, for the one place that logs in with it.
func (t Token) Reveal() string { return t.secret }

// Digest returns what may be stored of the token.
func (t Token) Digest() Digest { return sha256.Sum256([]byte(t.secret)) }

func (t Token) String() string { return "***" }

// GoString keeps %#v from printing the token.
func (t Token) GoString() string { return "cache.Token(***)" }

// MarshalText keeps every encoder (JSON, slog) from printing the token.
func (t Token) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Digest is the SHA-256 of a token, the only form in which tokens are stored and
// the form in which the engines' ACLs take them.
type Digest [sha256.Size]byte

// Hex returns the digest as the engines' ACL rules spell it, without the leading #.
func (d Digest) Hex() string { return hex.EncodeToString(d[:]) }

// Equal compares in constant time.
func (d Digest) Equal(other Digest) bool { return subtle.ConstantTimeCompare(d[:], other[:]) == 1 }

// Fingerprint names the token without giving it away: the first 12 hexadecimal
// digits of the digest. Whoever holds a token can compute it
// (printf %s "$TOKEN" | sha256sum | cut -c1-12) and so tell which of two it is.
func (d Digest) Fingerprint() string { return hex.EncodeToString(d[:fingerprintSize]) }

// String shows the fingerprint only.
func (d Digest) String() string { return d.Fingerprint() }

// MarshalText encodes the digest for the store.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.Hex()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Digest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return fmt.Errorf("read token digest: %d characters, want %d", len(text), hex.EncodedLen(len(d)))
	}
	if _, err := hex.Decode(d[:], text); err != nil {
		return fmt.Errorf("read token digest: %w", err)
	}
	return nil
}
