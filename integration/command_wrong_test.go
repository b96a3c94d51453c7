package integration

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// oneLine is what a command should say when something is wrong.
func (w *shop) oneLine(script string, code int, want ...string) {
	w.t.Helper()
	r := w.sh(script)
	if r.code != code || r.out != "" || strings.Count(r.problems, "\n") != 1 || !strings.HasPrefix(r.problems, "aikagi: ") || strings.Contains(r.problems, "operation error") {
		w.t.Errorf("%s: exit code %d, want %d and one line on standard error:\n%s%s", script, r.code, code, r.out, r.problems)
	}
	for _, part := range want {
		if !strings.Contains(r.problems, part) {
			w.t.Errorf("%s: %swant %q", script, r.problems, part)
		}
	}
}

// readers are commands that ask the server; those of the AWS SDK and those of our own.
var readers = []string{"status", "list", "describe g", "events", "failovers", "token usage g", "token rotations", "console", "connect g", "env",
	"create g", "delete g -y", "modify g --description x", "token rotate g --finish-only", "token watch g", "token continue g", "token cancel g", "token roll-back g", "token schedule g"}

// TestWhatIsWrongIsSaidInALine: a server that is dead, or was never there, or is another's, and a
// group that is not there, are each one line that says what to do, from every command.
func TestWhatIsWrongIsSaidInALine(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	other := harness.Start(t)
	w.must("bin/aikagi create sessions --no-wait >/dev/null")
	for _, reader := range readers {
		if strings.Contains(reader, " g") && !strings.HasPrefix(reader, "create") && reader != "token schedule g" {
			w.oneLine("bin/aikagi "+reader, 1, "g not found")
		}
		// The keys of one directory, the server of another.
		w.oneLine("bin/aikagi "+reader+" --endpoint-url "+other.URL, 1, "does not accept the access key in "+w.dir, "--data-dir")
		w.oneLine("cd / && HOME="+w.dir+" "+w.dir+"/bin/aikagi "+reader, 1, "no aikagi serves "+w.dir+"/.local/state/aikagi", "no .aikagi in this directory", "aikagi serve --data-dir")
	}
	w.oneLine("bin/aikagi describe sesions", 1, notThere, "Did you mean sessions?")
	w.oneLine("bin/aikagi logs sesions", 1, "Did you mean sessions?")
	w.oneLine("bin/aikagi connect sessions --node sessions-9", 1, "it has sessions-001")
	w.oneLine("bin/aikagi list --data-dir nowhere", 1, "no aikagi serves "+w.dir+"/nowhere", "named by --data-dir")
	w.oneLine("bin/aikagi list --endpoint-url http://127.0.0.1:9", 1, "no answer from http://127.0.0.1:9", "--endpoint-url")

	w.Kill() // the file that says where it answers is still there
	for _, reader := range readers {
		w.oneLine("bin/aikagi "+reader, 1, "the server of "+w.dir+"/.aikagi (.aikagi in this directory) is not running", "start it: aikagi serve --data-dir")
	}
}

// TestOtherVersion: a server that does not know an action says which version it is, to those
// whose key it knows; one that is too old to say so is called that.
func TestOtherVersion(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	unknown := func(version string) string {
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			if version != "" {
				rw.Header().Set("X-Aikagi-Version", version)
			}
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = rw.Write([]byte("<ErrorResponse><Error><Code>InvalidAction</Code><Message>Could not find operation</Message></Error></ErrorResponse>"))
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	w.oneLine("bin/aikagi failovers --endpoint-url "+unknown("v9.9.9"), 1, "version v9.9.9", "start it anew with this program")
	w.oneLine("bin/aikagi failovers --endpoint-url "+unknown(""), 1, "an older version")

	answered := func(key string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL, strings.NewReader("Action=DescribeFailovers&Version=2015-02-02"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", key)
		answer, err := harness.HTTP.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.Header.Get("X-Aikagi-Version")
	}
	if version := answered("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260504/us-east-1/elasticache/aws4_request, SignedHeaders=host, Signature=00"); version != "" {
		t.Errorf("strangers are told the version: %s", version)
	}
}

// TestUsageErrors: the error comes first, in a line, and then how it is right; the exit code is its own.
func TestUsageErrors(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.New(t))
	for args, want := range map[string][2]string{
		"statsu":                        {`did you mean "status"?`, "Usage: aikagi <command> [flags]; see aikagi --help"},
		"status --outptu json":          {`did you mean "--output"?`, "Usage: aikagi status [<group>] [flags]; see aikagi status --help"},
		"list -o xml":                   {"--output must be one of", "see aikagi list --help"},
		"describe":                      {"expected \"<group>\"", "Usage: aikagi describe <group> [flags]"},
		"token":                         {"expected one of", "see aikagi token --help"},
		"help statsu":                   {`did you mean "status"?`, "see aikagi --help"},
		"connect g --reader --node g-1": {"can't be used together", "see aikagi connect --help"},
		"events --since soon":           {"duration", "see aikagi events --help"},
	} {
		r := w.sh("bin/aikagi " + args)
		lines := strings.Split(r.problems, "\n")
		if r.code != 64 || r.out != "" || len(lines) != 3 || !strings.HasPrefix(lines[0], "aikagi: ") || !strings.Contains(lines[0], want[0]) || !strings.Contains(lines[1], want[1]) {
			t.Errorf("%s: exit code %d\n%s%s", args, r.code, r.out, r.problems)
		}
	}
	if out := w.must("bin/aikagi"); !strings.Contains(out, "Exit codes: 0 done;") {
		t.Errorf("without arguments:\n%s", out)
	}
}

// TestDataDirectoryHere: .aikagi in the current directory is found, unless it is somebody else's.
func TestDataDirectoryHere(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	w.must("bin/aikagi list && bin/aikagi status && bin/aikagi console >/dev/null")
	w.oneLine("cd .. && "+w.dir+"/bin/aikagi list", 1, "there is no .aikagi in this directory")
	w.must("cd .. && AIKAGI_DATA_DIR=" + w.Dir + " " + w.dir + "/bin/aikagi list")
	if os.Geteuid() != 0 {
		return // only root can give a directory away
	}
	strange := filepath.Join(w.dir, "strange", ".aikagi")
	if err := os.MkdirAll(strange, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(strange, "endpoint"), []byte(w.URL+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(strange, 4711, 4711); err != nil {
		t.Fatal(err)
	}
	w.oneLine("cd strange && ../bin/aikagi list", 1, "belongs to somebody else")
	w.oneLine("cd strange && SUDO_UID=4712 ../bin/aikagi list", 1, "belongs to somebody else")
	w.oneLine("cd strange && SUDO_UID=4711 ../bin/aikagi list", 1, strange)
}
