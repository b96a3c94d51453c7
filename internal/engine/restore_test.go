package engine

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// restoreItself is a script that makes a key of what DUMP says of another one.
const restoreItself = `local d = redis.call('DUMP', 'from') return redis.call(ARGV[1], ARGV[2], 0, d)`

func mayRestore(installed Installed) Rights {
	return Rights{Version: installed.EngineVersion, Allow: policy.Allowance{Restore: true}}
}

// script calls a command with the payload of the key "from", which was set before, to make the key of the given name.
func (w wire) script(t *testing.T, command, key string) string {
	t.Helper()
	words := []string{"EVAL", restoreItself, "0", command, key}
	text := "*" + strconv.Itoa(len(words)) + "\r\n"
	for _, word := range words {
		text += "$" + strconv.Itoa(len(word)) + "\r\n" + word + "\r\n"
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	reply, err := w.replies.ReadString('\n')
	check(t, err)
	return strings.TrimSpace(reply)
}

// TestRestoreNeedsATag: without it RESTORE is refused in all its forms, with a sentence that says what to do; with it, it works,
// on connections that are open, too, and what a payload holds is checked.
func TestRestoreNeedsATag(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		open := token.OpenSet(noon)
		n := startNode(t, installed, open)
		c := n.open(t)
		c.say(t, "SET from v")
		refused := func() {
			t.Helper()
			for _, command := range []string{"RESTORE", "restore", "RESTORE-ASKING"} {
				if reply := c.say(t, command+" k 0 x"); !strings.HasPrefix(reply, "-NOPERM") || !strings.Contains(reply, cache.TagAllowRestore) {
					t.Errorf("%s: %s", command, reply)
				}
				if reply := c.script(t, command, "k"); !strings.HasPrefix(reply, "-") || !strings.Contains(reply, cache.TagAllowRestore) {
					t.Errorf("%s in a script: %s", command, reply)
				}
			}
			if reply := c.say(t, "EXISTS k"); reply != ":0" {
				t.Errorf("EXISTS: %s", reply)
			}
		}
		refused()
		check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: open}, mayRestore(installed)))
		if reply := c.script(t, "RESTORE", "k"); reply != "+OK" {
			t.Errorf("RESTORE where it is allowed: %s", reply)
		}
		if reply := c.say(t, "STRLEN k"); reply != ":1" {
			t.Errorf("STRLEN: %s", reply)
		}
		if reply := c.say(t, "RESTORE l 0 x"); !strings.HasPrefix(reply, "-ERR DUMP payload") {
			t.Errorf("RESTORE of nonsense where it is allowed: %s", reply)
		}
		settings, err := n.admin.client.Do(t.Context(), n.admin.renamed("CONFIG", "GET", sanitize)).AsStrMap()
		check(t, err)
		if settings[sanitize] != sanitizeClients {
			t.Errorf("%s is %q", sanitize, settings[sanitize])
		}
		check(t, n.admin.ApplyAccess(t.Context(), Callers{Tokens: open}, Rights{}))
		c.say(t, "DEL k")
		refused()
	})
}

// TestReplicaRestoresWhatItsPrimaryDid: where the tag was taken away, a replica may hear of it before what the primary
// still did has come to it.
func TestReplicaRestoresWhatItsPrimaryDid(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		open := token.OpenSet(noon)
		primary, replica := startNode(t, installed, open), startNode(t, installed, open)
		check(t, primary.admin.ApplyAccess(t.Context(), Callers{Tokens: open}, mayRestore(installed)))
		check(t, replica.admin.Replicate(t.Context(), primary.address))
		c, r := primary.open(t), replica.open(t)
		c.say(t, "SET from v")
		if reply := c.script(t, "RESTORE", "k"); reply != "+OK" {
			t.Fatalf("RESTORE: %s", reply)
		}
		c.say(t, "SET after v")
		for deadline := time.Now().Add(time.Minute); r.say(t, "EXISTS after") != ":1"; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the replica does not follow")
			}
		}
		if reply := r.say(t, "EXISTS k"); reply != ":1" {
			t.Errorf("the key on the replica: %s", reply)
		}
	})
}

// TestScriptDebugIsRefused: SYNC froze a node, YES forked at each EVAL.
func TestScriptDebugIsRefused(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		c := startNode(t, installed, token.OpenSet(noon)).open(t)
		for _, command := range []string{"SCRIPT DEBUG SYNC", "script debug yes", "PFSELFTEST", "PFDEBUG GETREG k", "CLUSTER RESET"} {
			if reply := c.say(t, command); !strings.HasPrefix(reply, "-NOPERM") {
				t.Errorf("%s: %s", command, reply)
			}
		}
		if reply := c.say(t, "EVAL return(1) 0"); reply != ":1" {
			t.Errorf("EVAL: %s", reply)
		}
	})
}
