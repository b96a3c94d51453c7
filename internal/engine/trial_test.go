package engine

import (
	"strings"
	"sync"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// TestTry: the engine says what an access lets through, also while others ask, and nothing is left of it.
func TestTry(t *testing.T) {
	t.Parallel()
	const invalid = "(invalid)"
	eachEngine(t, func(t *testing.T, installed Installed) {
		n := startNode(t, installed, token.OpenSet(noon))
		before, err := n.admin.client.Do(t.Context(), n.admin.renamed("ACL", "LIST")).AsStrSlice()
		check(t, err)
		var asking sync.WaitGroup
		for _, c := range []struct{ access, command, refusal string }{
			{"on ~app:* +@read", "GET app:1", ""},
			{"on ~app:* +@read", "get other", "access"},
			{"on ~app:* +@read", "SET app:1 x", "'set' command"},
			{"on %R~in:* %W~out:* +copy", "COPY in:1 out:1", ""},
			{"on %R~in:* %W~out:* +copy", "COPY out:1 in:1", "access"},
			{"on ~* -@all +client|id", "CLIENT ID", ""},
			{"on ~* -@all +client|id", "CLIENT LIST", "'client|list' command"},
			{"on ~* +@all -@dangerous", "KEYS *", "'keys' command"},
			{"on ~* resetchannels &news:* +@all", "SUBSCRIBE news:1 other", "access"},
			{"on -@all (~a +get)", "GET a", ""},
			{"on ~* +@all", "RESTORE a 0 x", "'restore' command"},
			{"on ~* +@all", "GET", invalid},
			{"on ~* +@all", "NOSUCH a", invalid},
			{"on ~* +@all", "CONFIG GET *", invalid}, // here it has another name
		} {
			asking.Go(func() {
				access, err := user.ParseAccess(c.access, policy.Commands())
				if err != nil {
					t.Error(err)
					return
				}
				trial, err := n.admin.Try(t.Context(), access, policy.Allowance{}, strings.Fields(c.command))
				switch {
				case c.refusal == invalid:
					if !cache.IsKind(err, cache.KindInvalid) {
						t.Errorf("%s: %v, want an error about the command", c.command, err)
					}
				case err != nil || (trial.Refusal == "") != (c.refusal == "") || !strings.Contains(trial.Refusal, c.refusal):
					t.Errorf("with %q, %s: %q, %v; want %q", c.access, c.command, trial.Refusal, err, c.refusal)
				case trial.Version != installed.EngineVersion || strings.Contains(trial.Refusal, trialUser):
					t.Errorf("%s: %+v", c.command, trial)
				}
			})
		}
		asking.Wait()
		after, err := n.admin.client.Do(t.Context(), n.admin.renamed("ACL", "LIST")).AsStrSlice()
		check(t, err)
		if strings.Join(before, "\n") != strings.Join(after, "\n") {
			t.Errorf("users were\n%s\nand are\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
	})
}
