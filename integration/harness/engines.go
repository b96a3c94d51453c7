package harness

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/engine"
)

// Engines returns the names of the installed engines: those that tests run for. The
// environment variable AIKAGI_TEST_ENGINES ("redis valkey") names those that must
// be there; a missing one fails the test instead of being skipped.
func Engines(tb testing.TB) []string {
	tb.Helper()
	found, err := engine.Find(context.Background(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, f := range found {
		if !slices.Contains(names, string(f.Engine)) {
			names = append(names, string(f.Engine))
		}
	}
	for _, want := range strings.Fields(os.Getenv("AIKAGI_TEST_ENGINES")) {
		if !slices.Contains(names, want) {
			tb.Fatalf("%s is to be tested (AIKAGI_TEST_ENGINES), but not installed", want)
		}
	}
	if len(names) == 0 {
		tb.Fatal("no engine is installed")
	}
	return names
}
