package user

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

// some commands, of which clients are not offered config, acl|setuser and psync.
var some = Commands{
	"get": true, "set": true, "select": true, "waitaof": true, "client": true, "client|id": true, "client|kill": true,
	"acl": true, "acl|whoami": true, "acl|setuser": false, "config": false, "psync": false,
}

func TestParseAccess(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]string{
		"on ~* +@all":                              "on ~* +@all",
		"on ~* &* +@all":                           "on ~* &* +@all",
		"off -@all":                                "off -@all",
		"+get ~keys*":                              "off ~keys* -@all +get",
		"~objects:* ~items:* ~public:*":            "off ~objects:* ~items:* ~public:* -@all",
		"on ~app::* -@all +@read +@hash -set":      "on ~app::* -@all +@read +@hash -set",
		"  on   AllKeys  allchannels ALLCOMMANDS ": "on ~* &* +@all",
		"on off on ~a ~a ~b":                       "on ~a ~b -@all",
		"on ~a resetkeys ~b +get nocommands":       "on ~b -@all",
		"on &a resetchannels &b":                   "on resetchannels &b -@all",
		"on &* resetchannels":                      "on resetchannels -@all",
		"on %R~a %W~b %rw~c %wR~d":                 "on %R~a %W~b ~c ~d -@all",
		"on %R~a %W~a":                             "on ~a -@all",
		"on %R~* %W~*":                             "on ~* -@all",
		"on +GET -get +@Read +get":                 "on -@all +@read +get",
		"on +@all -@write -client +client|id":      "on +@all -@write -client +client|id",
		"on +client|id -client":                    "on -@all -client",
		"on +select|0":                             "on -@all +select|0",
		"on +@all -config -acl|setuser":            "on +@all -config -acl|setuser",
		"on (+get ~a) (%R~b +@read) ~c":            "on ~c -@all (~a -@all +get) (%R~b -@all +@read)",
		"on ( ~a +get )":                           "on -@all (~a -@all +get)",
		"on (~a) clearselectors ()":                "on -@all (-@all)",
		"on sanitize-payload ~鍵:* +@all":           "on ~鍵:* +@all",
		"on ~a) ~'\" +@all":                        "on ~a) ~'\" +@all",
	} {
		got, err := ParseAccess(asked, some)
		if err != nil || got.String() != want {
			t.Errorf("%q: %q (%v), want %q", asked, got, err, want)
			continue
		}
		again, err := ParseAccess(want, some)
		if err != nil || again.String() != want {
			t.Errorf("%q: %q (%v) when parsed again", want, again, err)
		}
		var stored Access
		text, err := json.Marshal(got)
		if err == nil {
			err = json.Unmarshal(text, &stored)
		}
		if err != nil || stored.String() != want {
			t.Errorf("%q: %q (%v) when stored", want, stored, err)
		}
	}
}

func TestParseAccessRefuses(t *testing.T) {
	t.Parallel()
	const secret = "correct-horse-battery"
	for asked, says := range map[string]string{
		"":                          "has no rules",
		"   ":                       "has no rules",
		"on\nuser eve on nopass":    "cannot be printed",
		"on\t~*":                    "cannot be printed",
		"on ~\x00":                  "cannot be printed",
		"on ~\xff":                  "cannot be printed",
		"on ~a\u00a0b":              "cannot be printed",
		"on >" + secret:             "rule 2 is a password",
		"on <" + secret:             "is a password",
		"on #" + secret:             "is a password",
		"on !" + secret:             "is a password",
		"on " + secret:              "rule 2 is not one",
		"on (>" + secret + ")":      "is a password",
		"on nopass":                 "passwords are not given",
		"on resetpass":              "passwords are not given",
		"RESET on":                  "passwords are not given",
		"on skip-sanitize-payload":  "always checked",
		"on ~* ~a":                  "rule 3 (~a) adds to all keys",
		"on &* &a":                  "adds to all channels",
		"on ~":                      "is empty",
		"on %R~":                    "is empty",
		"on &":                      "is empty",
		"on + ":                     "is empty",
		"on %X~a":                   "not one that the engines know",
		"on %~a":                    "not one that the engines know",
		"on %RR~a":                  "not one that the engines know",
		"on +nosuch":                "rule 2 (+nosuch) names a command",
		"on -nosuch":                "names a command",
		"on +client|nosuch":         "names a command",
		"on +select|":               "names a command",
		"on -select|0":              "names a command",
		"on +client|id|x":           "names a command",
		"on +@nosuch":               "names a category",
		"on +config":                "never offered",
		"on +config|get":            "never offered",
		"on +acl|setuser":           "never offered",
		"on (+psync)":               "never offered",
		"on (~a":                    "no closing parenthesis",
		"on (~a (~b))":              "a parenthesis within",
		"on (~a))":                  "a parenthesis within",
		"on (on)":                   "not one that the engines know",
		"on (reset)":                "not one that the engines know",
		"on user":                   "not one that the engines know",
		"on db=0":                   "not one that the engines know",
		strings.Repeat("~a ", 2731): "at most 8192",
	} {
		got, err := ParseAccess(asked, some)
		if !cache.IsKind(err, cache.KindInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %q (%v), want %q", asked, got, err, says)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: the error repeats what may be a password: %v", asked, err)
		}
	}
}

// Rules leave out what an engine does not know, and limits hold in each selector.
func TestRules(t *testing.T) {
	t.Parallel()
	old := func(name string) bool { return name != "waitaof" }
	for asked, want := range map[string]string{
		"on ~* +@all":                     "~* +@all -x",
		"on ~a &b +get +waitaof":          "~a resetchannels &b -@all +get -x",
		"off &* +get (~b +@all -waitaof)": "&* -@all +get -x (~b +@all -x)",
		"on resetchannels +select|0":      "resetchannels -@all +select|0 -x",
	} {
		a, err := ParseAccess(asked, some)
		if got := a.Rules(old, "-x"); err != nil || got != want {
			t.Errorf("%q: %q (%v), want %q", asked, got, err, want)
		}
	}
	if got := FullAccess().Rules(old, ""); got != "~* +@all" || FullAccess().String() != "on ~* +@all" || !FullAccess().On() {
		t.Errorf("full access is %q", got)
	}
}

// FuzzParseAccess: what is accepted is one line, parses to itself, and has none of the words that an engine reads as something else.
func FuzzParseAccess(f *testing.F) {
	for _, s := range []string{"on ~* +@all", "off (~a +get) %R~b &c -@write", "on (~a (b)", "reset >x", "on ~a) (+@all)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAccess(s, some)
		if err != nil {
			return
		}
		again, err := ParseAccess(a.String(), some)
		if err != nil || again.String() != a.String() {
			t.Errorf("%q is %q, and that is %q (%v)", s, a, again, err)
		}
		depth := 0
		for _, word := range strings.Split(a.Rules(func(string) bool { return true }, ""), " ") {
			if word == "" || strings.ContainsAny(word, "\n\r\t\x00") {
				t.Fatalf("%q has the word %q", s, word)
			}
			if depth == 0 && word[0] == '(' {
				depth, word = 1, word[1:]
			}
			if depth == 1 && word != "" && word[len(word)-1] == ')' {
				depth, word = 0, word[:len(word)-1]
			}
			if word != "" && word != "resetchannels" && !strings.ContainsAny(word[:1], "~%&+-") {
				t.Fatalf("%q has the rule %q", s, word)
			}
		}
		if depth != 0 {
			t.Errorf("%q leaves a selector open", s)
		}
	})
}
