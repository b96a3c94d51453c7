package integration

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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
	runPage(t, page{path: "../docs/rotation.md", blocks: 9}, "PONG", "cancelled", "done", "SET")
}

// TestTLSPage runs every command of the page about encryption in transit.
func TestTLSPage(t *testing.T) {
	t.Parallel()
	runPage(t, page{path: "../docs/tls.md", blocks: 5}, "hello", "every node accepts TLS only", "done", "would end no connection")
}

// TestNetworkPage runs every command of the page about addresses, on a machine that has the address of the page's, as it were, with
// each plan that it is for.
func TestNetworkPage(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, n *harness.Network, plan, first, clients string, args ...string) {
		t.Parallel()
		s := n.New(append(args, "--address-plan", plan)...)
		s.Start()
		runPage(t, page{
			path: "../docs/network.md", blocks: 5, begins: "bin/aikagi serve --address-plan host --host-address 10.0.0.7 --port-range 7000-7099\n",
			server: s, there: strings.NewReplacer("10.0.0.7", n.Address, "10.0.0.0/8", clients, "--to host", "--to "+plan),
		}, first, "OK", "hello", "refused, as it should be", "nobody gets in")
	}
	t.Run("host", func(t *testing.T) {
		n := harness.NewNetwork(t)
		run(t, n, "host", n.Address+":7000", "100.64.0.0/10", "--host-address", n.Address, "--port-range", "7000-7099")
	})
	t.Run("pool", func(t *testing.T) {
		n := harness.NewNetwork(t)
		within, _ := n.AddPool()
		run(t, n, "pool", strings.TrimSuffix(within, "/27")+":6379", "10.0.0.0/8", "--pool-range", within)
	})
}

// page is one whose commands are run.
type page struct {
	path   string
	blocks int               // that it has at least
	begins string            // its first block; empty: make run
	server *harness.Server   // that this starts; nil: as make run does, without any directory allowed
	there  *strings.Replacer // what stands for something of the reader's; nil: nothing does
}

// runPage runs every command of a page, in order, in one shell. They print these words.
func runPage(t *testing.T, p page, prints ...string) {
	t.Helper()
	text, err := os.ReadFile(p.path)
	if err != nil {
		t.Fatal(err)
	}
	begins := cmp.Or(p.begins, "make run\n")
	blocks := shellBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) < p.blocks || blocks[0][1] != begins {
		t.Fatalf("the page has %d blocks of commands, or does not begin with %s", len(blocks), begins)
	}
	dir, s := t.TempDir(), p.server
	if s == nil {
		s = harness.Start(t)
	}
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
	if p.there != nil {
		script = p.there.Replace(script)
	}
	words := append(slices.Clone(s.Within), "bash", "-c", script)
	command := exec.CommandContext(t.Context(), words[0], words[1:]...)
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
