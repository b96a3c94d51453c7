package token

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// None is what the absence of a token is called wherever credentials are
// listed; a token is called by its fingerprint.
const None = "NONE"

// Credential is one way into a group: a token, known by its digest, or no token
// at all.
type Credential struct {
	Digest  Digest    `json:"digest,omitzero"` // zero: no token (NONE)
	AddedAt time.Time `json:"added_at"`
}

// IsNone reports whether the credential is the absence of a token.
func (c Credential) IsNone() bool { return c.Digest == Digest{} }

func (c Credential) String() string {
	if c.IsNone() {
		return None
	}
	return c.Digest.Fingerprint()
}

// Words names the credential in a sentence.
func (c Credential) Words() string {
	if c.IsNone() {
		return "access without a token"
	}
	return "the token " + c.String()
}

// Set is the ordered set of credentials that a group accepts, oldest first.
// It holds at most two, all different; NONE, if it is in the set, is the oldest,
// because nothing ever adds it to a set that has a token. A set is a value: its
// methods return the next set and leave the receiver as it was. The zero value holds none, and lets nobody in: it is that of
// a group whose clients log in as the users of a user group.
type Set struct{ credentials []Credential }

// OpenSet is {NONE}: a group that asks for no token.
func OpenSet(now time.Time) Set {
	return Set{[]Credential{{AddedAt: now}}}
}

// SetOf is the set of the given credentials, oldest first. It is for those who give a group back what it held; they
// answer for what [Set.Validate] checks.
func SetOf(credentials ...Credential) Set { return Set{credentials} }

// ClosedSet is {T}: a group created with a token, required at once.
func ClosedSet(token Digest, now time.Time) Set {
	return Set{[]Credential{{Digest: token, AddedAt: now}}}
}

// Refusals of a token change. The first is the original's text; the second names
// the documented rule that SET completes the newest ROTATE.
var (
	ErrNoTokenToSet = cache.Errorf(cache.KindInvalid, "There is no AUTH token to SET. Please rotate in an AUTH token first.")
	ErrNotRotated   = cache.Refuse(cache.KindInvalid, "", cache.Say(cache.FactNotRotated))
)

// Rotate adds a token as the newest credential; if that makes three, the oldest
// goes. Rotating in the newest once more is [cache.ErrNoModification].
//
//	{NONE} → {NONE,T}    {NONE,T1} → {T1,T}    {T1} → {T1,T}    {T1,T2} → {T2,T}    {} → {T}
func (s Set) Rotate(token Digest, now time.Time) (Set, error) {
	if s.Empty() {
		return ClosedSet(token, now), nil
	}
	newest := s.newest()
	if !newest.IsNone() && newest.Digest.Equal(token) {
		return Set{}, cache.ErrNoModification
	}
	return Set{[]Credential{newest, {Digest: token, AddedAt: now}}}, nil
}

// Set makes the newest token the only credential. Any other token is refused.
//
//	{NONE} → ErrNoTokenToSet    {NONE,T} → {T}    {T1,T} → {T}    {T} → ErrNoModification    {} → ErrNoTokenToSet
func (s Set) Set(token Digest) (Set, error) {
	newest := s.newest()
	switch {
	case newest.IsNone():
		return Set{}, ErrNoTokenToSet
	case !newest.Digest.Equal(token):
		return Set{}, ErrNotRotated
	case len(s.credentials) == 1:
		return Set{}, cache.ErrNoModification
	}
	return Set{[]Credential{newest}}, nil
}

// Empty reports whether the set holds nothing.
func (s Set) Empty() bool { return len(s.credentials) == 0 }

// Passwordless reports whether clients without a token are accepted.
func (s Set) Passwordless() bool {
	return len(s.credentials) > 0 && s.credentials[0].IsNone()
}

// Tokens returns the tokens of the set, oldest first.
func (s Set) Tokens() []Credential {
	var tokens []Credential
	for _, c := range s.credentials {
		if !c.IsNone() {
			tokens = append(tokens, c)
		}
	}
	return tokens
}

// Holds reports whether the token is in the set.
func (s Set) Holds(token Digest) bool {
	for _, c := range s.Tokens() {
		if c.Digest.Equal(token) {
			return true
		}
	}
	return false
}

// Credentials returns a copy of the set's members, oldest first.
func (s Set) Credentials() []Credential {
	return append([]Credential(nil), s.credentials...)
}

// Validate checks what the type promises; what comes from a store is checked by it.
func (s Set) Validate() error {
	if n := len(s.credentials); n > 2 {
		return fmt.Errorf("token set holds %d credentials, want 2 at most", n)
	}
	if len(s.credentials) == 2 {
		older, newer := s.credentials[0], s.credentials[1]
		if newer.IsNone() {
			return fmt.Errorf("token set has NONE after a token")
		}
		if older.Digest.Equal(newer.Digest) {
			return fmt.Errorf("token set holds %s twice", newer)
		}
	}
	return nil
}

func (s Set) newest() Credential {
	if s.Empty() {
		return Credential{} // nothing that SET could complete
	}
	return s.credentials[len(s.credentials)-1]
}

// String shows the set as the documentation writes sets: {NONE, 6ceaac09e150}.
func (s Set) String() string { return "{" + strings.Join(s.Names(), ", ") + "}" }

// Names are those of the credentials, oldest first.
func (s Set) Names() []string {
	names := make([]string, len(s.credentials))
	for i, c := range s.credentials {
		names[i] = c.String()
	}
	return names
}

// MarshalJSON encodes the set for the store.
func (s Set) MarshalJSON() ([]byte, error) {
	return json.Marshal(append([]Credential{}, s.credentials...))
}

// UnmarshalJSON reads what MarshalJSON wrote and validates it.
func (s *Set) UnmarshalJSON(data []byte) error {
	var next Set
	if err := json.Unmarshal(data, &next.credentials); err != nil {
		return fmt.Errorf("read token set: %w", err)
	}
	if next.credentials == nil { // an empty set is written as such
		return fmt.Errorf("read token set: there is none")
	}
	if err := next.Validate(); err != nil {
		return fmt.Errorf("read token set: %w", err)
	}
	*s = next
	return nil
}

// Ended returns the credential that is lost on the way to the next set, the oldest if there are more: no change of the
// table loses two, but the way to the empty set does.
func (s Set) Ended(next Set) (Credential, bool) {
	for _, c := range s.credentials {
		kept := false
		for _, n := range next.credentials {
			kept = kept || c.Digest.Equal(n.Digest)
		}
		if !kept {
			return c, true
		}
	}
	return Credential{}, false
}
