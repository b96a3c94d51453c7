package integration

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// settled waits in a script until the group of the README has come to rest, as its reader does.
const settled = `settled() { until bin/aikagi status shop | grep -q 'shop is available'; do sleep .05; done; }
`

var longSpace = regexp.MustCompile(` {2,}#.*`)

// TestReadme runs every command of the README's story, in order, in one shell of somebody who
// has keys and an endpoint of their own in the environment, and compares with what it promises.
func TestReadme(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	script := settled
	for _, block := range shellBlock.FindAllStringSubmatch(string(page), -1) {
		script += strings.NewReplacer(`"$@"; }`, `"$@" >/dev/null && settled; }`, "quiet=10s --grace 10s", "quiet=1s --grace 1s").
			Replace(longSpace.ReplaceAllString(block[1], "")) + "settled\n"
	}
	if strings.Count(script, "settled\n") < 4 || strings.Count(script, "&& settled") != 1 {
		t.Fatalf("the README is not what this test knows:\n%s", script)
	}
	w := newShop(t, harness.Start(t))
	r := w.sh("exec 2>&1; set -u\n"+ownSettings+script+"\nbin/aikagi down", "PATH="+os.Getenv("PATH"))
	if r.code != 0 || !inOrder(r.out,
		"undo: eval", `"Status": "creating"`, "OK\n", "hello\n",
		"An error occurred (InvalidParameterValue)", "Please rotate in an AUTH token first.",
		"hello\nhello\n", "PASSWORDLESS ACCESS IS STILL OPEN", "token:", "NOAUTH Authentication required.",
		"is delivered to file:"+w.dir+"/.aikagi/deliveries/shop", "done: every node accepts", "CREDENTIAL", "3 engines stopped",
	) {
		t.Errorf("exit code %d\n%s", r.code, r.out)
	}
}

// TestCommandsPage runs the commands of the page about the command line.
func TestCommandsPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	script := "set -eu\nPATH=$PWD/bin:$PATH\n"
	for _, block := range shellBlock.FindAllStringSubmatch(string(page), -1) {
		script += block[1]
	}
	w := newShop(t, harness.Start(t))
	if out := w.must(script); !inOrder(out, "shop is available", "OK\nhello\n", "shop is available", "Replication group shop created", "shop-001  ", "shop is deleted", `"ReplicationGroups": []`) {
		t.Error(out)
	}
}
