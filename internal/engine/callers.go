package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// Callers are whom a node lets in: those who have a token of a set, or who have none, where the set says so; or the users of a user
// group, which then are not empty, and the set is.
type Callers struct {
	Tokens token.Set
	Users  []user.Account
}

// Passwordless reports whether a client that does not log in is let in.
func (c Callers) Passwordless() bool {
	if len(c.Users) > 0 {
		a := c.ofDefault()
		return a.On && a.NoPassword
	}
	return c.Tokens.Passwordless()
}

// ofDefault is the account of the name default, which is always among those of a user group; the zero value, which may nothing, where clients do
// not log in as users.
func (c Callers) ofDefault() user.Account {
	if i := slices.IndexFunc(c.Users, func(a user.Account) bool { return a.Name == user.DefaultID }); i >= 0 {
		return c.Users[i]
	}
	return user.Account{}
}

// account is a user of the engine.
type account struct {
	name   string
	rules  string // of one that is new, or was reset
	open   bool   // whoever does not log in is this one
	digest string // in hex, of the token that it is there for; empty: it is there for something else
}

// accounts are all users that clients can be. There is always one named default, which every engine has.
func (c Callers) accounts(rights Rights) []account {
	if len(c.Users) == 0 {
		all := []account{defaultAccount(c.Tokens.Passwordless(), rights.rules())}
		for _, t := range c.Tokens.Tokens() {
			all = append(all, tokenAccount(t.Digest, rights.rules()))
		}
		return all
	}
	var all []account
	for _, a := range c.Users {
		rules := rights.rulesOf(a.Access)
		if a.Name != user.DefaultID {
			all = append(all, account{name: a.Name, rules: loginRules(a) + " " + rules})
			continue
		}
		all = append(all, defaultAccount(a.On && a.NoPassword, rules))
		for _, digest := range a.Digests {
			if a.On { // the module sends each of its passwords to a user of its own
				all = append(all, tokenAccount(digest, rules))
			}
		}
	}
	return all
}

func defaultAccount(open bool, rules string) account {
	if open {
		return account{name: user.DefaultID, open: true, rules: "on nopass " + rules}
	}
	return account{name: user.DefaultID, rules: "off " + rules}
}

func tokenAccount(digest token.Digest, rules string) account {
	return account{name: TokenUser(digest), digest: digest.Hex(), rules: "on #" + digest.Hex() + " " + rules}
}

// loginRules are how a user logs in. One that is to use IAM cannot, by a password.
func loginRules(a user.Account) string {
	words := []string{"off"}
	if a.On {
		words[0] = "on"
	}
	if a.NoPassword {
		words = append(words, "nopass")
	}
	for _, d := range a.Digests {
		words = append(words, "#"+d.Hex())
	}
	return strings.Join(words, " ")
}

// rulesOf are the access rules of a user: what it may of what all clients may, and what the engine module answers itself.
func (r Rights) rulesOf(access user.Access) string {
	knows := func(command string) bool { return policy.Has(r.Version, command) }
	return access.Rules(knows, policy.Limits(r.Version, r.Allow)) + " " + module.ClientRules
}

// retiredRules are those of a token's user that nobody can log in to any more. What it was for decides: a token, which all clients' rights go
// with, or, if users were let in before, a password of the user named default, who has its present rights.
func (c Callers) retiredRules(byUsers bool, rights Rights) string {
	if len(c.Users) == 0 {
		return "off resetpass " + rights.rules()
	}
	if !byUsers {
		return "off resetpass"
	}
	return "reset off " + rights.rulesOf(c.ofDefault().Access)
}

// Digest tells what nodes let in apart. The engines list rules in words of their own, so what was asked for is
// kept beside them: as the password of [RulesUser], who can never log in. Tokens are not part of it: they are listed.
func (c Callers) Digest(rights Rights) string {
	text := rights.rules()
	if len(c.Users) > 0 {
		text += "\ndefault is " + c.ofDefault().ID
		for _, a := range c.accounts(rights) {
			text += "\nuser " + a.name + " " + a.rules
		}
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// mark are the rules of [RulesUser]. The engine module reads there whether it lets RESTORE through.
func (c Callers) mark(rights Rights) string {
	return rights.unmarked(Access{ByUsers: len(c.Users) > 0, Default: c.ofDefault().ID}) + " #" + c.Digest(rights)
}

// Key patterns of [RulesUser]: byUsersMark says that clients log in as users, and defaultMark which of them is the one named default.
const (
	byUsersMark = "~users"
	defaultMark = "~default:"
)

// unmarked is the mark while it is not certain what the node lets in; before is what it was certain of last.
func (r Rights) unmarked(before Access) string {
	mark := "reset off resetkeys resetchannels -@all"
	if before.ByUsers {
		mark += " " + byUsersMark + " " + defaultMark + before.Default
	}
	if r.Allow.Restore {
		mark += " +restore"
	}
	return mark
}
