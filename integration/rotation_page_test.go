package integration

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// hurry shortens the times of pages: their tests are not about waiting.
var hurry = strings.NewReplacer(
	"quiet=10m,deadline=24h", "quiet=10m,deadline=24h", // of the schedule, which does not come due
	"quiet=10m --brownout 5s", "quiet=1s --brownout 1s --grace 1s", "quiet=10m --grace 10m", "quiet=1s --grace 1s",
	"--grace 10m", "--grace 4s", "deadline=5m --evict-over 60s", "deadline=1s --evict-over 1s --grace 1s",
	"--finish quiet=10m\n", "--finish quiet=1s --grace 1s\n",
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// TestRotationPage runs every command of the page about rotations.
func TestRotationPage(t *testing.T) {
	t.Parallel()
	runPage(t, "../docs/rotation.md", 9, "PONG", "cancelled", "done", "SET")
}

// TestTLSPage runs every command of the page about encryption in transit.
func TestTLSPage(t *testing.T) {
	t.Parallel()
	runPage(t, "../docs/tls.md", 5, "hello", "every node accepts TLS only", "done", "would end no connection")
}

// runPage runs every command of a page, in order, in one shell. The page has so many blocks of them, and they print these words.
func runPage(t *testing.T, path string, least int, prints ...string) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := shellBlock.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < least || blocks[0][1] != "make run\n" {
		t.Fatalf("the page has %d blocks of commands, or does not begin with make run", len(blocks))
	}
	dir := t.TempDir()
	s := harness.Start(t) // as make run does, without any directory allowed
	link := func(from, to string) {
		t.Helper()
		if err := os.Symlink(from, filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	link(s.Dir, ".aikagi")
	binary, err := harness.Binary()
	if err != nil || os.Mkdir(filepath.Join(dir, "bin"), 0o700) != nil {
		t.Fatal(err)
	}
	link(binary, "bin/aikagi")

	script := "set -eux\n"
	for _, block := range blocks[1:] {
		script += hurry.Replace(block[1])
	}
	command := exec.CommandContext(t.Context(), "bash", "-c", script)
	command.Dir, command.Env = dir, s.AWSEnv()
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range prints {
		if !strings.Contains(string(out), want) {
			t.Errorf("the commands never print %q:\n%s", want, out)
		}
	}
}
