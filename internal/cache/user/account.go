package user

import (
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/token"
)

// Account is a user as a node has it.
type Account struct {
	ID         string // empty: it is nobody's, and there because every engine has one of that name
	Name       string
	On         bool           // else nobody can log in, whatever the rest says
	NoPassword bool           // everybody can
	IAM        bool           // the password is to be a token of IAM; there are no digests
	Digests    []token.Digest // of the passwords; none, and NoPassword false: nobody can log in by password
	Access     Access         // see [Access.Rules]
}

// Accounts are all that a node of a cache with this group lets in, by name. One named [DefaultID], which is in every engine, is always
// among them; if the group has none of that name, it lets nobody in. Users that are not the group's are left out.
func Accounts(g *Group, users []*User) []Account {
	var accounts []Account
	for _, u := range users {
		if slices.Contains(g.Members(), u.ID) {
			accounts = append(accounts, u.account())
		}
	}
	if !slices.ContainsFunc(accounts, func(a Account) bool { return a.Name == DefaultID }) {
		accounts = append(accounts, Account{Name: DefaultID})
	}
	slices.SortFunc(accounts, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return accounts
}

// Open is the first account that everybody can be, without a password; false: there is none.
func Open(accounts []Account) (Account, bool) {
	i := slices.IndexFunc(accounts, func(a Account) bool { return a.On && a.NoPassword })
	if i < 0 {
		return Account{}, false
	}
	return accounts[i], true
}

func (u *User) account() Account {
	return Account{
		ID: u.ID, Name: u.Name, On: u.Access.On(), NoPassword: u.Login.Authentication == AuthenticationNone, IAM: u.Login.Authentication == AuthenticationIAM,
		Digests: u.Login.Passwords, Access: u.Access,
	}
}
