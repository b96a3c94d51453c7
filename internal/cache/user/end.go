package user

import (
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// End is a way to log in that a change takes away.
type End struct {
	ID, Name string
	Password string // its fingerprint; [token.None]: without one
}

// Credential is what nodes call it.
func (e End) Credential() string {
	if e.Password == token.None {
		return Credential(e.Name)
	}
	return PasswordCredential(e.Name, e.Password)
}

// Saying names it in a sentence.
func (e End) Saying() cache.Saying {
	if e.Password == token.None {
		return cache.Say(cache.FactOpenUser, "user", e.ID)
	}
	return cache.Say(cache.FactUsersPassword, "password", e.Password, "user", e.ID)
}

// Ends are the ways to log in to a cache with these accounts that there are no more with others, in the order of the accounts.
func Ends(before, after []Account) []End {
	var ends []End
	for _, had := range before {
		has := Account{}
		if i := slices.IndexFunc(after, func(a Account) bool { return a.Name == had.Name }); i >= 0 {
			has = after[i]
		}
		if !had.On || has.On && has.NoPassword {
			continue
		}
		if had.NoPassword {
			ends = append(ends, End{had.ID, had.Name, token.None})
		}
		for _, digest := range had.Digests {
			if !has.On || !slices.Contains(has.Digests, digest) {
				ends = append(ends, End{had.ID, had.Name, digest.Fingerprint()})
			}
		}
	}
	return ends
}
