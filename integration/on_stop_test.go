package integration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/datadir"
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
			heir := inherit(t, g.Server)
			g.Stop()
			if running := <-heir; running > 0 {
				t.Errorf("whoever gets the directory next finds %d engines that are about to be stopped", running)
			}
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

// inherit takes the data directory as soon as it can be had, and tells how many engines run then.
func inherit(t *testing.T, s *harness.Server) <-chan int {
	t.Helper()
	found := make(chan int, 1)
	go func() {
		for until := time.Now().Add(harness.Patience); time.Now().Before(until); {
			dir, err := datadir.Open(s.Dir)
			if err != nil {
				time.Sleep(time.Millisecond) // there is no event for it, and the gap that is looked for is short
				continue
			}
			found <- len(s.Nodes())
			_ = dir.Close()
			return
		}
		found <- -1
	}()
	return found
}
