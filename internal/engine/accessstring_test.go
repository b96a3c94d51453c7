package engine

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// accessWords are rules of access strings, and what looks like some.
var accessWords = strings.Fields("on off ~* ~a ~a:* %R~a %W~a %RW~b %r~* %W~* ~é ~a)b ~'\" %X~a ~ allkeys resetkeys &* &c &d resetchannels allchannels & " +
	"+@all -@all allcommands nocommands +get +GET -get +set -set +client -client +client|id -client|id +client|kill +select +select|0 +select|1 -select " +
	"-config +config +acl|setuser -acl|setuser +script|show -waitaof +waitaof +@read -@read +@write -@dangerous +@admin +@scripting +@nosuch +nosuch +select| " +
	"(~x +get) (%R~y ( ) () (+@all -@write &e ~z) (~z)) (on) clearselectors sanitize-payload db=0 reset nopass >secret #00 user")

// TestAccessStringsMeanTheSame: what is taken as an access string is rules that each engine takes, whatever it does not know; and those mean
// what the string itself does. All of them together are an access file that an engine starts with.
func TestAccessStringsMeanTheSame(t *testing.T) {
	t.Parallel()
	commands := policy.Commands()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		knows := func(name string) bool { return policy.Has(installed.EngineVersion, name) }
		cannotBeCompared := func(word string) bool { // the engine refuses it
			return strings.ContainsAny(word[:1], "+-") && !knows(strings.ToLower(word[1:])) || word == "("
		}
		var file strings.Builder
		stored := map[string]string{}
		rapid.Check(t, func(rt *rapid.T) {
			for _, words := range rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(accessWords), 1, 8), 5, 5).Draw(rt, "strings") {
				access, err := user.ParseAccess(strings.Join(words, " "), commands)
				if err != nil {
					continue
				}
				rules := onOff(access) + " " + access.Rules(knows, "")
				got, err := n.permissions("rules", strings.Fields(rules))
				if err != nil {
					rt.Fatalf("%q is %q, which the engine does not take: %v", words, rules, err)
				}
				if !slices.ContainsFunc(words, cannotBeCompared) {
					if want, err := n.permissions("raw", words); err != nil || want != got {
						rt.Fatalf("%q means %s (%v); %q means %s", words, want, err, rules, got)
					}
				}
				name := fmt.Sprint("u", len(stored))
				stored[name] = got
				fmt.Fprintf(&file, "user %s %s\n", name, rules)
			}
		})
		if len(stored) < 50 {
			t.Errorf("only %d strings were access strings", len(stored))
		}
		n = startNodeWith(t, installed, append(render(token.OpenSet(noon)), file.String()...))
		for name, want := range stored {
			if got, err := n.permissionsOf(name); err != nil || inOrder(got) != inOrder(want) {
				t.Errorf("%s has %s (%v) from the file, want %s", name, got, err, want)
			}
		}
	})
}

func onOff(a user.Access) string {
	if a.On() {
		return "on"
	}
	return "off"
}

// permissions makes a user with some rules, and says what the engine understood.
func (n node) permissions(name string, rules []string) (string, error) {
	words := append([]string{"SETUSER", name, "reset"}, rules...)
	if err := n.admin.client.Do(context.Background(), n.admin.renamed("ACL", words...)).Error(); err != nil {
		return "", err
	}
	return n.permissionsOf(name)
}

func (n node) permissionsOf(name string) (string, error) {
	answer, err := n.admin.client.Do(context.Background(), n.admin.renamed("ACL", "GETUSER", name)).ToAny()
	// A user that was reset has this flag, one of a file has not. It means nothing: only the flag to skip that does.
	return everyKey.ReplaceAllString(strings.ReplaceAll(fmt.Sprint(answer), " sanitize-payload", ""), "keys ~* channels"), err
}

// everyKey is a list of keys that has all of them: what it has besides, in an order that is the engine's, means nothing.
var everyKey = regexp.MustCompile(`keys (\S+ )*~\* (\S+ )*channels`)

// inOrder makes permissions comparable that two processes tell of: Redis 7.0 lists commands in an order that every process has anew.
func inOrder(permissions string) string {
	words := strings.Fields(permissions)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// The names of the service's own users, and those of tokens, are nobody else's.
func TestInternalNamesAreReserved(t *testing.T) {
	t.Parallel()
	for _, name := range []string{AdminUser, ReplicationUser, ProbeUser, RulesUser, TokenUser(token.Digest{1})} {
		if !slices.ContainsFunc(user.ReservedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			t.Errorf("a user could be named %s", name)
		}
	}
}
