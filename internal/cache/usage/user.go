package usage

import (
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// Either stands for the connections of a user of which it is not known by which of its passwords they came: engines before 7.2 do not
// tell.
const Either = "either"

// UserIn is what a cache knows of the use of a user's passwords.
type UserIn struct {
	GroupID string
	// Passwords are, by their fingerprints, all that the user has, used or not, in the order in which it has them; then [token.None], if it
	// needs none, and [Either]; then those that are refused: former ones, and [Unknown] for all that were never its.
	Passwords []Known
	Missing   []MissingNode // if there are any, every figure is a lower bound
}

// OfUser finds a user in what is known of a cache.
func OfUser(u *user.User, in Group) UserIn {
	out := UserIn{GroupID: in.GroupID, Missing: in.Missing}
	records := in.recordsOf(u.Name)
	standing := StandingCurrent
	if !u.Access.On() {
		standing = StandingRetired
	}
	held := map[string]bool{}
	for _, digest := range u.Login.Passwords {
		password := digest.Fingerprint()
		held[password] = true
		out.Passwords = append(out.Passwords, Known{Standing: standing, Record: recordOf(records, user.PasswordCredential(u.Name, password), password)})
	}
	itself := recordOf(records, user.Credential(u.Name), Unknown)
	if u.Login.Authentication == user.AuthenticationNone {
		itself.Credential = token.None
		out.Passwords = append(out.Passwords, Known{Standing: standing, Record: itself})
	} else if either := itself.used(); u.Name != user.DefaultID && !either.LastUsed.IsZero() {
		out.Passwords = append(out.Passwords, Known{Standing: standing, Record: either})
	}
	for _, r := range records {
		if password, ok := passwordOf(u.Name, r.Credential); ok && !held[password] {
			r.Credential = password
			out.Passwords = append(out.Passwords, Known{Standing: StandingRetired, Record: r})
		}
	}
	if u.Name == user.DefaultID {
		itself = recordOf(records, Unknown, Unknown)
	}
	if tried := itself.tried(); tried.Refused > 0 && u.Login.Authentication != user.AuthenticationNone {
		out.Passwords = append(out.Passwords, Known{Standing: StandingUnknown, Record: tried})
	}
	return out
}

// recordsOf are the records that those of a user are among. Passwords of the one named [user.DefaultID] are counted as tokens.
func (u *Group) recordsOf(name string) (records []Record) {
	if name != user.DefaultID {
		return u.Users
	}
	for _, known := range u.Credentials {
		records = append(records, known.Record)
	}
	return records
}

// passwordOf returns the fingerprint of a password, if the credential is one of the user.
func passwordOf(name, credential string) (fingerprint string, ok bool) {
	if name == user.DefaultID {
		return credential, credential != token.None && credential != Unknown
	}
	return strings.CutPrefix(credential, user.PasswordCredential(name, ""))
}

// recordOf returns what is known of a credential, by another name.
func recordOf(records []Record, credential, as string) Record {
	r := Record{}
	if i := slices.IndexFunc(records, func(r Record) bool { return r.Credential == credential }); i >= 0 {
		r = records[i]
	}
	r.Credential = as
	return r
}

// used is the part of a record that is about who was let in.
func (u Record) used() Record {
	r := Record{
		Credential: Either, Connections: u.Connections, Authentications: u.Authentications, LastMinute: u.LastMinute,
		FirstUsed: u.FirstUsed, LastUsed: u.LastUsed, OtherClients: u.OtherClients,
	}
	r.OtherClients.Refused = 0
	for _, c := range u.Clients {
		if c.Connections > 0 || c.Closed > 0 {
			c.Refused = 0
			r.Clients = append(r.Clients, c)
		}
	}
	return r
}

// tried is the part that is about who was not.
func (u Record) tried() Record {
	r := Record{Credential: u.Credential, Refused: u.Refused, FirstRefused: u.FirstRefused, LastRefused: u.LastRefused, RefusedBy: u.RefusedBy}
	r.OtherClients.Refused = u.OtherClients.Refused
	for _, c := range u.Clients {
		if c.Refused > 0 {
			c.Connections, c.Closed = 0, 0
			r.Clients = append(r.Clients, c)
		}
	}
	return r
}
