package integration_test

import (
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestStopWithEngines: in a container everything ends with aikagi, so the signal that ends it has the engines save first. Nothing
// that was written is lost, and the next start has the group as it was.
func TestStopWithEngines(t *testing.T) {
	t.Parallel()
	for _, engine := range harness.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := newSubject(harness.Start(t, "--on-stop", "down"), "boxed", engine, 1, true)
			if err := g.create(""); err != nil {
				t.Fatal(err)
			}
			g.awaitSettled()
			g.write("kept")
			g.Stop()
			if running := g.Server.Nodes(); len(running) != 0 {
				t.Fatalf("engines outlive it: %v", running)
			}
			if !strings.Contains(g.Output(), "2 engines with it") {
				t.Errorf("it says: %s", g.Output())
			}
			g.Start()
			g.awaitSettled()
			g.verifyNode(g.primary)
		})
	}
}
