package engine

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// withoutProbe is an access file as it was before nodes counted logins.
func withoutProbe(file []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(file) {
		if !bytes.HasPrefix(line, []byte("user "+ProbeUser+" ")) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// TestProofsOnNodesThatDoNotCount: a node that an older version started is proven as clients log in, and
// never gets to see the mark of what is not to be counted.
func TestProofsOnNodesThatDoNotCount(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		open := token.OpenSet(noon)
		counting := startNode(t, installed, open)
		view, err := counting.admin.Observe(t.Context())
		check(t, err)
		if !view.Access.Counts {
			t.Errorf("a node of today does not count: %+v", view.Access)
		}

		n := startNodeWith(t, installed, withoutProbe(render(open)))
		secret := token.Generate()
		both, err := open.Rotate(secret.Digest(), noon)
		check(t, err)
		check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: both}, Rights{}))
		view, err = n.admin.Observe(t.Context())
		check(t, err)
		if view.Access.Counts || !view.Access.Admits(Callers{Tokens: both}, Rights{}) {
			t.Errorf("access of a node of before: %+v", view.Access)
		}
		want := Logins{Passwordless: true, Accept: []token.Token{secret}, Refuse: []token.Token{keyring.Decoy("group")}}
		check(t, ProveLogins(t.Context(), Path{n.address, n.address.Addr()}, nil, Prober{}, want))
		only, err := both.Set(secret.Digest())
		check(t, err)
		check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: only}, Rights{}))
		want.Passwordless = false
		check(t, ProveLogins(t.Context(), Path{n.address, n.address.Addr()}, nil, Prober{}, want))

		entries, err := n.admin.client.Do(t.Context(), n.admin.renamed("ACL", "LOG")).ToArray()
		check(t, err)
		if len(entries) == 0 || !strings.Contains(entries[0].String(), tokenUserPrefix) {
			t.Errorf("nobody was refused: %v", entries)
		}
		for _, entry := range entries {
			if text := entry.String(); strings.Contains(text, keyring.Command("node", aclCommand)) || strings.Contains(text, ProbeUser) {
				t.Errorf("the log of refused logins has %s", text)
			}
		}
	})
}

// TestLiveConnectionsOfNone: the last command tells what a live connection came for, as for those that ended.
func TestLiveConnectionsOfNone(t *testing.T) {
	t.Parallel()
	const (
		open  = "usage 1 passwordless=1\ncredential NONE held=1 once-held=1\n"
		shut  = "usage 1 passwordless=0\ncredential NONE held=0 once-held=1\nstranger 1 tried=0\n"
		never = "usage 1 passwordless=0\ncredential NONE held=0\nstranger 1 tried=0\n"
	)
	for name, c := range map[string]struct {
		report, line                  string
		connections, logins, refusals int64
	}{
		"asks":                  {open, "age=9 idle=1 cmd=get", 1, 1, 0},
		"is silent":             {open, "age=9 idle=9 cmd=NULL tot-net-in=0", 1, 0, 0},
		"is silent, older":      {open, "age=9 idle=9 cmd=NULL", 1, 0, 0},
		"says nonsense":         {open, "age=9 idle=9 cmd=NULL tot-net-in=5", 1, 1, 0},
		"says nonsense, older":  {open, "age=9 idle=5 cmd=NULL", 1, 1, 0},
		"is refused":            {shut, "age=9 idle=1 cmd=get", 0, 0, 1},
		"is refused for years":  {never, "age=9 idle=1 cmd=get", 0, 0, 0},
		"logged out":            {shut, "age=9 idle=1 cmd=reset", 0, 0, 0},
		"knocks":                {shut, "age=9 idle=9 cmd=NULL", 0, 0, 0},
		"names another user":    {shut, "age=9 idle=9 cmd=auth", 0, 0, 0},
		"an own proof, no more": {shut, "age=9 idle=9 cmd=hello", 0, 0, 0},
	} {
		counted, err := parseUsage(c.report)
		check(t, err)
		counted.addConnections("id=1 addr=10.0.0.7:5 user=default "+c.line+"\n", noon)
		var none usage.Record
		for _, u := range counted.result("node") {
			none = u
		}
		if int64(none.Connections) != c.connections || none.Authentications != c.logins || none.Refused != c.refusals {
			t.Errorf("%s: %+v", name, none)
		}
	}
}
