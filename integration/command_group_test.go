package integration

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/client"
)

// TestCommandsOfAGroup takes a group through its life with our own commands, without any flag
// that says where the data directory is.
func TestCommandsOfAGroup(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		w := newShop(t, harness.Start(t))
		if out := w.must("bin/aikagi list"); out != "no groups; make one: aikagi create NAME\n" {
			t.Errorf("list of nothing: %s", out)
		}
		created := w.sh("bin/aikagi create shop --engine " + engine + " --num-cache-clusters 2 --tags team=web -o json")
		var g client.Group
		if err := json.Unmarshal([]byte(created.out), &g); err != nil || created.code != 0 {
			t.Fatalf("create: %v, exit code %d\n%s%s", err, created.code, created.out, created.problems)
		}
		if g.ReplicationGroupId != "shop" || g.Status != "available" || g.Engine != engine || len(g.Nodes) != 2 || !g.TransitEncryption ||
			!g.AutomaticFailover || g.Description != "shop" || g.Tags["team"] != "web" || g.PrimaryEndpoint == "" || g.ReaderEndpoint == "" {
			t.Errorf("create made %+v", g)
		}
		if !strings.Contains(created.problems, "shop is creating") {
			t.Errorf("create shows no progress: %q", created.problems)
		}
		w.connects()
		w.modifies()
		w.tells(engine)
		w.deletes()
	})
}

// connects talks to a group that has no token yet.
func (w *shop) connects() {
	w.t.Helper()
	for script, want := range map[string]string{
		"bin/aikagi connect shop set greeting hello && bin/aikagi connect shop wait 1 5000":         "OK\n1\n",
		"bin/aikagi connect shop role | head -1":                                                    "master\n",
		"bin/aikagi connect shop --reader role | head -1":                                           "slave\n",
		"bin/aikagi connect shop --node shop-002 role | head -1":                                    "slave\n",
		"bin/aikagi connect shop -- --no-raw strlen nothing":                                        "(integer) 0\n",
		"echo ping | bin/aikagi connect shop":                                                       "PONG\n",
		"REDISCLI_AUTH=it-has-no-token-at-all bin/aikagi connect shop ping 2>&1":                    "PONG\n",
		"cd / && " + w.dir + "/bin/aikagi connect shop --data-dir " + w.Dir + " ping":               "PONG\n",
		"cd / && AIKAGI_DATA_DIR=" + w.Dir + " " + w.dir + "/bin/aikagi connect shop --reader ping": "PONG\n",
	} {
		if out := w.must(script); out != want {
			w.t.Errorf("%s: %q, want %q", script, out, want)
		}
	}
}

// modifies gives it a token, another node, and another description.
func (w *shop) modifies() {
	w.t.Helper()
	const token = "AIKAGI_AUTH_TOKEN=" + token1 + " "
	w.must(token + "bin/aikagi modify shop --auth-token-update-strategy ROTATE")
	w.must("printf '%s\n' " + token1 + " | bin/aikagi modify shop --auth-token-update-strategy SET")
	if out := w.must("REDISCLI_AUTH=" + token1 + " bin/aikagi connect shop --reader get greeting"); out != "hello\n" {
		w.t.Errorf("with the token: %q", out)
	}
	if out := w.must("echo " + token1 + " | bin/aikagi connect shop get greeting"); out != "hello\n" {
		w.t.Errorf("with the token on standard input: %q", out)
	}
	if r := w.sh("bin/aikagi connect shop ping </dev/null"); r.code != 1 || !strings.Contains(r.problems, "REDISCLI_AUTH") {
		w.t.Errorf("without the token: %+v", r)
	}
	w.must("bin/aikagi modify shop --new-replica-count 2")
	w.must("bin/aikagi modify shop --description 'the shop' --no-automatic-failover-enabled")
	var g client.Group
	if err := json.Unmarshal([]byte(w.must("bin/aikagi describe shop -o json")), &g); err != nil {
		w.t.Fatal(err)
	}
	if len(g.Nodes) != 3 || g.Description != "the shop" || g.AutomaticFailover || !g.NeedsToken() || g.ParameterGroup == "" || g.MaintenanceWindow == "" {
		w.t.Errorf("after all changes: %+v", g)
	}
	w.must("bin/aikagi modify shop --new-replica-count 1")
	for args, want := range map[string]string{"": "say what to change", "--new-replica-count 1 --description x": "one after the other"} {
		if r := w.sh("bin/aikagi modify shop " + args); r.code != 1 || !strings.Contains(r.problems, want) {
			w.t.Errorf("modify %s: %+v", args, r)
		}
	}
}

// tells has status, events and logs told.
func (w *shop) tells(engine string) {
	w.t.Helper()
	events := w.must("bin/aikagi events shop")
	if !strings.HasPrefix(events, "WHEN ") || !strings.Contains(events, " JST  shop      Replication group shop created\n") || !strings.Contains(events, "shop-002") {
		w.t.Errorf("events:\n%s", events)
	}
	var list []client.Event
	if err := json.Unmarshal([]byte(w.must("bin/aikagi events -n 3 -o json")), &list); err != nil || len(list) != 3 || list[2].Date.Before(list[0].Date) {
		w.t.Errorf("the last three events: %v, %+v", err, list)
	}
	for script, want := range map[string]string{
		"bin/aikagi logs shop -n 1000":                     "shop-002  ",
		"bin/aikagi logs shop-001 -n 1000":                 "Running mode=standalone",
		"bin/aikagi logs shop --node shop-002 -n 1000":     "Connecting to ",
		untilItSays("bin/aikagi status --watch", engine):   engine,
		"bin/aikagi status shop -o yaml":                   "\n- fingerprint: ",
		"bin/aikagi describe shop":                         " JST\n",
		"bin/aikagi list -o yaml":                          "transit_encryption: true\n",
		"bin/aikagi token schedule shop -o json":           "null\n",
		"bin/aikagi token usage shop -o yaml":              "\ncredentials:\n",
		"bin/aikagi failovers -o yaml":                     "[]\n",
		"bin/aikagi token rotations -o table":              "no rotations\n",
		"bin/aikagi token usage shop --output text":        "STANDING",
		"AIKAGI_OUTPUT=json bin/aikagi doctor; true":       `"level": "`,
		"bin/aikagi console -o yaml | sed s/code=.*/C/":    "/console/sign-in#C\n",
		untilItSays("bin/aikagi logs shop -f", "shop-001"): "shop-001  ",
		"bin/aikagi version && bin/aikagi --version":       "aikagi ",
		"bin/aikagi help token rotate; bin/aikagi help;":   "Usage: aikagi <command>",
	} {
		if out := w.must(script); !strings.Contains("\n"+out, want) {
			w.t.Errorf("%s:\n%s\nwant %q", script, out, want)
		}
	}
}

// untilItSays is a script that runs a command, which would go on for ever, until it has said a word, and shows what it said.
func untilItSays(command, word string) string {
	return command + ` >said & follower=$!
for i in $(seq 600); do grep -q '` + word + `' said && break; sleep .05; done
kill $follower; wait $follower; cat said`
}

// deletes does so only when it is told to, twice.
func (w *shop) deletes() {
	w.t.Helper()
	if r := w.sh("echo shop | bin/aikagi delete shop"); r.code != 1 || !strings.Contains(r.problems, "--yes") {
		w.t.Errorf("delete without a terminal: %+v", r)
	}
	if out := w.must("bin/aikagi delete shop --yes"); out != "shop is deleted\n" {
		w.t.Errorf("delete: %s", out)
	}
	if r := w.sh("bin/aikagi delete shop --yes"); r.code != 1 || !strings.Contains(r.problems, notThere) {
		w.t.Errorf("delete of what is gone: %+v", r)
	}
	if out := w.must("bin/aikagi create later --no-wait"); !strings.Contains(out, "aikagi status later --watch") {
		w.t.Errorf("create that does not wait: %s", out)
	}
	w.AwaitStatus("later", "available")
}

// TestEventsAreFollowed: what happens while a follower looks is told, each once.
func TestEventsAreFollowed(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	out := w.must(`bin/aikagi create one --num-cache-clusters 1
timeout 60 bin/aikagi events -f -o json > followed & follower=$!
bin/aikagi create two
for i in $(seq 300); do grep -q 'group two created' followed && break; sleep .1; done
bin/aikagi modify two --description x --new-replica-count 1 || bin/aikagi modify two --new-replica-count 1
kill $follower; wait $follower; cat followed`)
	seen := map[client.Event]bool{}
	for line := range strings.Lines(out) {
		var e client.Event
		if !strings.HasPrefix(line, "{") {
			continue // of the other commands
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || time.Since(e.Date) > time.Hour {
			t.Fatalf("%s: %v", line, err)
		}
		if seen[e] {
			t.Errorf("told twice: %+v", e)
		}
		seen[e] = true
	}
	for _, want := range []string{"group one created", "group two created"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not told:\n%s", want, out)
		}
	}
}

// TestCommandsOfACacheCluster: a cluster that stands alone is a group of one node.
func TestCommandsOfACacheCluster(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	engine := harness.Engines(t)[0]
	if _, problems, err := w.AWS("elasticache", "create-cache-cluster", "--cache-cluster-id", "alone", "--engine", "redis", "--cache-node-type", "cache.t4g.micro", "--num-cache-nodes", "1"); err != nil {
		t.Fatal(engine, problems)
	}
	harness.Await(t, harness.Patience, "the cluster to be there", func() (bool, error) {
		r := w.sh("bin/aikagi connect alone ping")
		return r.out == "PONG\n", nil
	})
	for script, want := range map[string]string{
		"bin/aikagi describe alone": "cache-cluster", "bin/aikagi list": "alone  available", "bin/aikagi logs alone": "ready to accept", "bin/aikagi events alone": "  alone  ",
	} {
		if out := w.must(script); !strings.Contains(out, want) {
			t.Errorf("%s: %s", script, out)
		}
	}
	if out := w.must("bin/aikagi delete alone -y && bin/aikagi list"); out != "alone is deleted\nno groups; make one: aikagi create NAME\n" {
		t.Errorf("delete: %s", out)
	}
}
