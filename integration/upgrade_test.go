package integration_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// Another binary takes over from the one that runs, after SIGTERM and after SIGKILL:
// no node is touched, no client sees an error, and what comes next goes on as before.
func TestUpgradeTouchesNoNode(t *testing.T) {
	t.Parallel()
	next, err := harness.Build("") // another build: without the fault points
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(filepath.Dir(next)) })
	for i, end := range []struct {
		name string
		with func(*harness.Server)
	}{
		{"terminated", (*harness.Server).Stop},
		{"killed", (*harness.Server).Kill},
	} {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			g := newGroup(t, oneEngine(t, i), 2)
			g.write("before")
			connections, pids := g.hold(), g.pids()
			refusals := g.loginAllTheTime(g.newest())
			end.with(g.Server)
			g.Program = next
			g.Start()
			g.awaitSettled()
			g.mustModify(rotate, tokenOf("after-upgrade", 0))
			g.awaitSettled()
			refusals.stop(t)
			g.write("after")
			g.verify()
			connections.check(t)
			g.wantPIDs(pids)
		})
	}
}
