package engine

import (
	"slices"
	"strings"
	"testing"

	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// listed is a command or subcommand as an engine lists it: renamed ones by the names that they had.
type listed struct {
	name   string // lower case, "container|subcommand"
	arity  int64
	marked bool // the engine calls it administrative or dangerous
	holds  bool // it has subcommands
}

// commandsOf asks a node for all commands that it has, but for those of the engine module, which decides by itself
// who has them.
func commandsOf(t *testing.T, n node) []listed {
	t.Helper()
	rows, err := n.admin.client.Do(t.Context(), n.admin.command("COMMAND")).ToArray()
	check(t, err)
	var all []listed
	for _, row := range rows {
		fields, err := row.ToArray()
		check(t, err)
		subcommands, err := fields[9].ToArray()
		check(t, err)
		command := readCommand(t, fields)
		if strings.HasPrefix(command.name, "aikagi.") {
			continue
		}
		command.holds = len(subcommands) > 0
		all = append(all, command)
		for _, row := range subcommands {
			fields, err := row.ToArray()
			check(t, err)
			all = append(all, readCommand(t, fields))
		}
	}
	return all
}

func readCommand(t *testing.T, fields []valkey.ValkeyMessage) listed {
	t.Helper()
	name, err := fields[0].ToString()
	check(t, err)
	arity, err := fields[1].AsInt64()
	check(t, err)
	categories, err := fields[6].AsStrSlice()
	check(t, err)
	return listed{
		name: name, arity: arity,
		marked: slices.Contains(categories, "@admin") || slices.Contains(categories, "@dangerous"),
	}
}

// TestPolicyKnowsEveryCommand fails when an engine has a command that nobody has looked at, and when the table has
// one that the engine does not.
func TestPolicyKnowsEveryCommand(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		there := map[string]listed{}
		for _, command := range commandsOf(t, n) {
			there[command.name] = command
			if policy.VerdictOn(command.name) == "" {
				t.Errorf("%s has %s, and the policy does not know it", installed.EngineVersion, command.name)
			}
		}
		for _, rule := range policy.Table() {
			for _, name := range rule.Commands {
				command, exists := there[name]
				switch {
				case !exists && policy.Has(installed.EngineVersion, name):
					t.Errorf("the policy has %s, and %s does not", name, installed.EngineVersion)
				case exists && command.marked != rule.Marked && !command.holds:
					t.Errorf("the policy marks %s as %t, and %s as %t", name, rule.Marked, installed.EngineVersion, command.marked)
				}
			}
		}
	})
}

// TestClientsHaveWhatThePolicyAllows has the engine say of each command whether a client may call it: one without a token, and users that may
// do everything, themselves or by a selector.
func TestClientsHaveWhatThePolicyAllows(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		all := []user.Account{{Name: user.DefaultID, On: true, NoPassword: true}, {Name: "selector", On: true}}
		check(t, all[0].Access.UnmarshalText([]byte("on ~* &* +@all")))
		check(t, all[1].Access.UnmarshalText([]byte("on -@all (~* &* +@all)")))
		for _, allow := range []policy.Allowance{{}, {Restore: true}} {
			rights := Rights{Version: installed.EngineVersion, Allow: allow}
			n := startNodeWith(t, installed, RenderAccess(Callers{Tokens: token.OpenSet(noon)}, rights, keyring.Secrets("node", "group")))
			users := startNodeWith(t, installed, RenderAccess(Callers{Users: all}, rights, keyring.Secrets("node", "group")))
			for _, command := range commandsOf(t, n) {
				verdict := policy.VerdictOn(command.name)
				want := verdict == policy.Allowed || verdict == policy.Tagged && allow.Restore
				if command.holds && command.name != "command" {
					continue // by itself it is no command
				}
				for who, may := range map[string]bool{
					"default": mayCall(t, n, user.DefaultID, command), "user": mayCall(t, users, user.DefaultID, command), "selector": mayCall(t, users, "selector", command),
				} {
					if may != want {
						t.Errorf("%s: %s, and for %s of %s it is %t", command.name, verdict, who, installed.EngineVersion, may)
					}
				}
			}
		}
	})
}

// mayCall asks the ACL with as many words as the command needs.
func mayCall(t *testing.T, n node, who string, command listed) bool {
	t.Helper()
	words := strings.Split(command.name, "|")
	if slices.Contains(policy.Renamed(), strings.ToUpper(words[0])) {
		words[0] = keyring.Command("node", words[0])
	}
	for int64(len(words)) < max(command.arity, -command.arity) {
		words = append(words, "1")
	}
	answer, err := n.admin.client.Do(t.Context(), n.admin.renamed("ACL", append([]string{"DRYRUN", who}, words...)...)).ToString()
	if err != nil {
		t.Fatalf("%v: %v", words, err)
	}
	return answer == "OK"
}
