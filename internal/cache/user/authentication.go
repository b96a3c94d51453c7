package user

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// Authentication is how a user proves who it is, in the words in which it is asked for.
type Authentication string

// The ways to authenticate.
const (
	AuthenticationPassword Authentication = "password"
	AuthenticationNone     Authentication = "no-password-required"
	AuthenticationIAM      Authentication = "iam"
)

// Limits of passwords, in characters, and those that they cannot have.
//
// Source: ElastiCache User Guide, "Role-Based Access Control (RBAC)".
const (
	passwordMin       = 16
	passwordMax       = 128
	passwordForbidden = `,"/@`
	passwordsMax      = 2 // of one user
)

// Login is how a user logs in: in one way, with the digests of the passwords if that is by password.
type Login struct {
	Authentication Authentication `json:"authentication"`
	Passwords      []token.Digest `json:"passwords,omitempty"`
}

// LoginAsked is a login as it is asked for, in two ways: by two parameters of their own, or by AuthenticationMode. The passwords are in
// the clear; they go no further than to [LoginAsked.Resolve].
type LoginAsked struct {
	NoPasswordRequired *bool
	Passwords          []string
	Mode               Authentication // of AuthenticationMode; empty: there is none
	ModePasswords      []string
}

// Resolve makes a login of what is asked for, by a user that had one, or by a new one (nil). Where nothing is asked for it returns what
// there was. No error repeats a password; they are of [cache.KindInvalid] and [cache.KindCombination].
//
// Source: the texts are those that moto has for the original's; the one about no password is quoted in
// hashicorp/terraform-provider-aws issue 24273 and others.
func (asked LoginAsked) Resolve(had *Login) (Login, error) {
	open := asked.NoPasswordRequired != nil && *asked.NoPasswordRequired
	passwords, mode := slices.Concat(asked.Passwords, asked.ModePasswords), asked.Mode
	switch {
	case len(asked.Passwords) > 0 && len(asked.ModePasswords) > 0:
		return Login{}, cache.Errorf(cache.KindCombination, "Passwords provided via multiple arguments. Use only one argument")
	case mode != "":
	case len(passwords) > 0:
		mode = AuthenticationPassword
	case open:
		mode = AuthenticationNone
	case had != nil && (asked.NoPasswordRequired == nil || had.Authentication != AuthenticationNone):
		return *had, nil
	default:
		return Login{}, cache.Errorf(cache.KindInvalid, "No password was provided. If you want to create/update the user without password, please use the NoPasswordRequired flag.")
	}
	if !slices.Contains([]Authentication{AuthenticationPassword, AuthenticationNone, AuthenticationIAM}, mode) {
		return Login{}, cache.Errorf(cache.KindInvalid, "Input Authentication type: %s is not in the allowed list: [password,no-password-required,iam]", cache.QuoteName(string(mode)))
	}
	if open && mode != AuthenticationNone {
		return Login{}, cache.Errorf(cache.KindCombination, "No password required flag is true but provided authentication type is %s", mode)
	}
	if mode != AuthenticationPassword {
		if len(passwords) > 0 {
			return Login{}, cache.Errorf(cache.KindCombination, "Password field is not allowed with authentication type: %s", mode)
		}
		return Login{Authentication: mode}, nil
	}
	if len(passwords) == 0 {
		if had != nil && had.Authentication == AuthenticationPassword {
			return *had, nil
		}
		return Login{}, cache.Errorf(cache.KindCombination, "A user with Authentication Mode: password, must have at least one password")
	}
	return digest(passwords)
}

// digest checks passwords and keeps what may be stored of them.
func digest(passwords []string) (Login, error) {
	login := Login{Authentication: AuthenticationPassword}
	if len(passwords) > passwordsMax {
		return Login{}, cache.Errorf(cache.KindInvalid, "A user can have at most %d passwords.", passwordsMax)
	}
	for _, password := range passwords {
		if n := len(password); n < passwordMin || n > passwordMax {
			return Login{}, cache.Errorf(cache.KindInvalid, "Passwords length must be between %d-%d characters.", passwordMin, passwordMax)
		}
		if strings.ContainsFunc(password, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(passwordForbidden, r) }) {
			return Login{}, cache.Errorf(cache.KindInvalid, "Passwords can only have printable characters of ASCII, and none of %s", strings.Join(strings.Split(passwordForbidden, ""), " "))
		}
		if d := token.Digest(sha256.Sum256([]byte(password))); !slices.Contains(login.Passwords, d) {
			login.Passwords = append(login.Passwords, d)
		}
	}
	return login, nil
}

// Shown is the authentication in the words of answers, which are others than those of requests.
func (l Login) Shown() string {
	if l.Authentication == AuthenticationNone {
		return "no-password"
	}
	return string(l.Authentication)
}
