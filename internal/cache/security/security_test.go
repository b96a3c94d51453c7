package security

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestNew(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec Spec
		says string // empty: it is accepted
	}{
		"an id of its own":        {Spec{Name: "web"}, ""},
		"an id from elsewhere":    {Spec{ID: "sg-0123456789abcdef0", Name: "web", Description: "servers (all)"}, ""},
		"no name":                 {Spec{}, "GroupName must have 1 to 255"},
		"a name of two lines":     {Spec{Name: "a\nb"}, "GroupName"},
		"no id of a group":        {Spec{ID: "web", Name: "web"}, "must be ids of security groups"},
		"an id of many":           {Spec{ID: "sg-" + strings.Repeat("0", 61), Name: "web"}, "must be ids"},
		"a description in colour": {Spec{Name: "web", Description: "\x1b[31m"}, "Description"},
	} {
		g, err := New(c.spec, noon)
		switch {
		case c.says == "" && (err != nil || CheckIDs([]string{g.ID}) != nil || c.spec.ID != "" && g.ID != c.spec.ID || g.CreatedAt != noon):
			t.Errorf("%s: %+v, %v", name, g, err)
		case c.says != "" && (!cache.IsKind(err, cache.KindInvalid) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	g, err := New(Spec{Name: "web", Sources: []string{"10.1.2.3/8", "::1"}}, noon)
	if err != nil || len(g.Rules) != 2 || g.Rules[0].String() != "10.0.0.0/8" {
		t.Errorf("with rules: %+v, %v", g, err)
	}
	if _, err := New(Spec{Name: "web", Sources: []string{"10.0.0.0/8", "10.0.0.1/8", "x"}}, noon); err == nil || !strings.Contains(err.Error(), "has this rule already. The source \"x\"") {
		t.Errorf("with wrong rules: %v", err)
	}
	a, _ := New(Spec{Name: "web"}, noon)
	b, _ := New(Spec{Name: "web"}, noon)
	if a.ID == b.ID || len(a.ID) != len("sg-0123456789abcdef0") {
		t.Errorf("two groups are %s and %s", a.ID, b.ID)
	}
}

func TestCheckIDs(t *testing.T) {
	t.Parallel()
	for ids, good := range map[string]bool{
		"": true, "sg-1": true, "sg-1 sg-0123abcd": true, "sg-": false, "sg-1 default": false, "SG-1": false, "sg-1;": false, strings.Repeat("sg-1 ", 17): false,
	} {
		if err := CheckIDs(strings.Fields(ids)); (err == nil) != good || err != nil && !cache.IsKind(err, cache.KindInvalid) {
			t.Errorf("%q: %v", ids, err)
		}
	}
	if err := CheckIDs([]string{"\x1b[2J" + strings.Repeat("x", 1000)}); err == nil || strings.Contains(err.Error(), "\x1b") || len(err.Error()) > 400 {
		t.Errorf("what somebody sent fills or breaks the message: %v", err)
	}
}

func TestNewRule(t *testing.T) {
	t.Parallel()
	one, many := new(6379), new(6400)
	for _, c := range []struct {
		spec RuleSpec
		want string // the rule, or what is wrong
	}{
		{RuleSpec{Source: "10.0.0.0/8"}, "10.0.0.0/8"},
		{RuleSpec{Source: "10.1.2.3/8", FromPort: one}, "10.0.0.0/8 port 6379"},
		{RuleSpec{Source: "192.0.2.7", FromPort: one, ToPort: many}, "192.0.2.7/32 port 6379 to 6400"},
		{RuleSpec{Source: "::ffff:192.0.2.7"}, "192.0.2.7/32"},
		{RuleSpec{Source: "2001:db8::/32"}, "2001:db8::/32"},
		{RuleSpec{Source: "fe80::1%eth0"}, "is no network"},
		{RuleSpec{Source: "::ffff:10.0.0.0/104"}, "is no network"},
		{RuleSpec{Source: "sg-1"}, "is no network"},
		{RuleSpec{Source: "10.0.0.0/33"}, "is no network"},
		{RuleSpec{Source: "10.0.0.0/8", ToPort: one}, "ToPort needs FromPort"},
		{RuleSpec{Source: "10.0.0.0/8", FromPort: many, ToPort: one}, "must not be greater"},
		{RuleSpec{Source: "10.0.0.0/8", FromPort: new(0)}, "between 1 and 65535"},
		{RuleSpec{Source: "10.0.0.0/8", FromPort: one, ToPort: new(65536)}, "between 1 and 65535"},
		{RuleSpec{Source: "10.0.0.0/8", Description: "\n"}, "Description"},
	} {
		rule, err := NewRule(c.spec)
		if err == nil && rule.String() != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %s, %v, want %q", c.spec, rule, err, c.want)
		}
	}
}

func TestRulesComeAndGo(t *testing.T) {
	t.Parallel()
	g, err := New(Spec{Name: "web"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	a, b := rule(t, "10.0.0.0/8", 0), rule(t, "10.0.0.0/8", 6379)
	described := a
	described.Description = "racks"
	if err := cache.Join(g.Allow(described), g.Allow(b)); err != nil || len(g.Rules) != 2 {
		t.Errorf("two rules: %v, %v", g.Rules, err)
	}
	if err := g.Allow(a); !cache.IsKind(err, cache.KindExists) {
		t.Errorf("the same rule in other words: %v", err)
	}
	if err := g.Revoke(a); err != nil || !slices.Equal(g.Rules, []Rule{b}) {
		t.Errorf("one rule is left: %v, %v", g.Rules, err)
	}
	if err := g.Revoke(a); !cache.IsKind(err, cache.KindNotFound) || !strings.Contains(err.Error(), "10.0.0.0/8 port 6379") {
		t.Errorf("a rule that is gone: %v", err)
	}
	for i := range RulesMax - 1 {
		if err := g.Allow(rule(t, fmt.Sprintf("10.0.0.%d", i), 0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Allow(a); !cache.IsKind(err, cache.KindQuota) {
		t.Errorf("one rule too many: %v", err)
	}
}

func rule(t *testing.T, source string, port int) Rule {
	t.Helper()
	spec := RuleSpec{Source: source}
	if port != 0 {
		spec.FromPort = &port
	}
	r, err := NewRule(spec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	web := &Group{ID: "sg-web", Rules: []Rule{rule(t, "10.1.0.0/16", 6379), rule(t, "192.0.2.7", 0), rule(t, "10.2.0.0/16", 80)}}
	all := &Group{ID: "sg-all", Rules: []Rule{rule(t, "10.0.0.0/8", 0), rule(t, "::/0", 0)}}
	none := &Group{ID: "sg-none"}
	known := []*Group{web, all, none}
	for _, c := range []struct {
		ids      string
		in, out  string
		networks int
		unknown  string
	}{
		{"", "203.0.113.1 ::1", "", 0, ""},
		{"sg-web", "10.1.2.3 192.0.2.7 ::ffff:10.1.2.3", "10.2.0.1 192.0.2.8 ::1", 2, ""},
		{"sg-web sg-all", "10.1.2.3 10.3.0.1 192.0.2.7 2001:db8::1", "11.0.0.1", 3, ""},
		{"sg-none", "", "127.0.0.1 10.1.2.3 ::1", 0, ""},
		{"sg-none sg-web", "10.1.2.3", "127.0.0.1", 2, ""},
		{"sg-web sg-else", "203.0.113.1 10.1.2.3", "", 0, "sg-else"},
	} {
		a := Admit(6379, strings.Fields(c.ids), known)
		for _, from := range strings.Fields(c.in) {
			if !letsIn(a, netip.MustParseAddr(from)) {
				t.Errorf("%q does not let %s in: %+v", c.ids, from, a)
			}
		}
		for _, from := range strings.Fields(c.out) {
			if letsIn(a, netip.MustParseAddr(from)) {
				t.Errorf("%q lets %s in: %+v", c.ids, from, a)
			}
		}
		if len(a.Networks) != c.networks || strings.Join(a.Unknown, " ") != c.unknown || (a.CheckKnown() == nil) != (c.unknown == "") {
			t.Errorf("%q is %+v", c.ids, a)
		}
	}
}

// What lets the same in has the same name, whatever rules say so; everything else has another.
func TestAdmissionsHaveNames(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, sources := range []string{"10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/8 192.0.2.7", "", "::/0", "0.0.0.0/0"} {
		g := &Group{ID: "sg-1"}
		turned := &Group{ID: "sg-1", Rules: []Rule{}}
		for _, s := range strings.Fields(sources) {
			g.Rules = append(g.Rules, rule(t, s, 0))
			turned.Rules = append([]Rule{rule(t, s, 6379)}, turned.Rules...)
		}
		name := Admit(6379, []string{"sg-1"}, []*Group{g}).Name()
		if again := Admit(6379, []string{"sg-1"}, []*Group{turned}).Name(); again != name {
			t.Errorf("%q is %s, and %s", sources, name, again)
		}
		if other, taken := names[name]; taken || name == "" {
			t.Errorf("%q and %q have the name %q", sources, other, name)
		}
		names[name] = sources
	}
	if name := (Admission{}).Name(); name != "" {
		t.Errorf("everybody has the name %s", name)
	}
}

// Where there are more networks than nodes can tell apart, the narrowest are kept out.
func TestTooManyNetworks(t *testing.T) {
	t.Parallel()
	g := &Group{ID: "sg-1", Rules: []Rule{rule(t, "10.0.0.0/8", 0)}}
	for i := range NetworksMax + 10 {
		g.Rules = append(g.Rules, rule(t, fmt.Sprintf("192.%d.%d.7", i/250, i%250), 0), rule(t, fmt.Sprintf("10.0.%d.%d", i/250, i%250), 0))
	}
	a := Admit(6379, []string{"sg-1"}, []*Group{g})
	if len(a.Networks) != NetworksMax || a.LeftOut != 11 || !letsIn(a, netip.MustParseAddr("10.0.0.1")) {
		t.Errorf("%d networks are let in, %d are not", len(a.Networks), a.LeftOut)
	}
}

// Groups of EC2 are changed there, and those that are gone are not given to caches.
func TestGroupsOfEC2(t *testing.T) {
	t.Parallel()
	own, there, gone := &Group{ID: "sg-1"}, &Group{ID: "sg-2", Origin: OriginEC2}, &Group{ID: "sg-3", Origin: OriginEC2, GoneSince: noon}
	if own.CheckOwn() != nil || !cache.IsKind(there.CheckOwn(), cache.KindState) {
		t.Errorf("own: %v, of EC2: %v", own.CheckOwn(), there.CheckOwn())
	}
	if err := CheckThere([]*Group{own, there}); err != nil {
		t.Error(err)
	}
	if err := CheckThere([]*Group{own, gone}); !cache.IsKind(err, cache.KindInvalid) || !strings.Contains(err.Error(), "[sg-3]") {
		t.Errorf("one that is gone: %v", err)
	}
}

// letsIn is what gates make of it.
func letsIn(a Admission, from netip.Addr) bool {
	return !a.Ruled || slices.ContainsFunc(a.Networks, func(n netip.Prefix) bool { return n.Contains(from.Unmap()) })
}
