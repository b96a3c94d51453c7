package usage

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// TestOfUser: what a node says of credentials becomes what is known of a user's passwords.
func TestOfUser(t *testing.T) {
	t.Parallel()
	digest := func(password string) token.Digest { return sha256.Sum256([]byte(password)) }
	print := func(password string) string { return digest(password).Fingerprint() }
	access, err := user.ParseAccess("on ~* +@all", user.Commands{})
	if err != nil {
		t.Fatal(err)
	}
	alice := func(name string, login user.Login) *user.User {
		return &user.User{ID: "a", Name: name, Access: access, Login: login}
	}
	two := user.Login{Authentication: user.AuthenticationPassword, Passwords: []token.Digest{digest("one"), digest("two")}}
	itself := user.Credential("alice")
	known := []Record{
		{Credential: user.PasswordCredential("alice", print("two")), Authentications: 5, Connections: 1, LastUsed: noon},
		{Credential: user.PasswordCredential("alice", print("former")), Authentications: 9, Refused: 2, LastUsed: noon},
		{Credential: itself, Connections: 3, Refused: 4, LastUsed: noon, Clients: []Client{{Name: "in", Connections: 3, Refused: 1}, {Name: "out", Refused: 3}}},
		{Credential: user.PasswordCredential("bob", print("one")), Authentications: 7},
		{Credential: print("one"), Authentications: 6},
		{Credential: print("former"), Authentications: 8},
		{Credential: Unknown, Refused: 1},
		{Credential: token.None, Authentications: 2, FirstUsed: noon},
	}
	group := NewGroup("g", token.Set{}, nil, known, nil, noon)
	if slices.ContainsFunc(group.Credentials, func(k Known) bool { return user.IsCredential(k.Credential) }) || len(group.Users) != 4 {
		t.Errorf("the group's: %+v, its users': %+v", group.Credentials, group.Users)
	}
	for _, c := range []struct {
		user *user.User
		want string // password standing connections authentications refused
	}{
		{alice("alice", two), print("one") + " current 0 0 0, " + print("two") + " current 1 5 0, either current 3 0 0, " + print("former") + " retired 0 9 2, unknown unknown 0 0 4"},
		{alice("alice", user.Login{Authentication: user.AuthenticationNone}), "NONE current 3 0 4, " + print("two") + " retired 1 5 0, " + print("former") + " retired 0 9 2"},
		{alice("carol", two), print("one") + " current 0 0 0, " + print("two") + " current 0 0 0"},
		{alice("default", two), print("one") + " current 0 6 0, " + print("two") + " current 0 0 0, " + print("former") + " retired 0 8 0, unknown unknown 0 0 1"},
		{alice("default", user.Login{Authentication: user.AuthenticationNone}), "NONE current 0 2 0, " + print("former") + " retired 0 8 0, " + print("one") + " retired 0 6 0"},
		{&user.User{Name: "alice", Login: user.Login{Authentication: user.AuthenticationPassword, Passwords: two.Passwords[1:]}},
			print("two") + " retired 1 5 0, either retired 3 0 0, " + print("former") + " retired 0 9 2, unknown unknown 0 0 4"},
	} {
		var got []string
		for _, p := range OfUser(c.user, group).Passwords {
			got = append(got, fmt.Sprint(p.Credential, " ", p.Standing, " ", p.Connections, " ", p.Authentications, " ", p.Refused))
		}
		if all := strings.Join(got, ", "); all != c.want {
			t.Errorf("%s (%s):\n%s, want\n%s", c.user.Name, c.user.Login.Authentication, all, c.want)
		}
	}
	passwords := OfUser(alice("alice", two), group).Passwords
	if in, out := passwords[2].Clients, passwords[4].Clients; len(in) != 1 || in[0].Refused != 0 || len(out) != 2 || out[0].Connections != 0 {
		t.Errorf("who was let in %+v, who was not %+v", in, out)
	}
}
