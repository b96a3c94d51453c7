package harness

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aikagi/aikagi/internal/engine"
)

// find runs each engine's program once for this process: there is a test for each engine in most tests.
var find = sync.OnceValues(func() ([]engine.Installed, error) { return engine.Find(context.Background(), nil) })

// Engines returns the names of the installed engines: those that tests run for. The
// environment variable AIKAGI_TEST_ENGINES ("redis valkey") names those that must
// be there; a missing one fails the test instead of being skipped.
func Engines(tb testing.TB) []string {
	tb.Helper()
	found, err := find()
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

// EachEngine runs a test for each engine, side by side with all others.
func EachEngine(t *testing.T, test func(t *testing.T, engine string)) {
	t.Helper()
	t.Parallel()
	for _, engine := range Engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			test(t, engine)
		})
	}
}

// NewestEngines returns the newest installed version of each engine, or of the named
// one: those that a new group gets.
func NewestEngines(ctx context.Context, name string) ([]engine.Installed, error) {
	found, err := engine.Find(ctx, nil) // oldest first
	if err != nil {
		return nil, err
	}
	var chosen []engine.Installed
	for i, e := range found {
		last := i+1 == len(found) || found[i+1].Engine != e.Engine
		if last && (name == "" || name == string(e.Engine)) {
			chosen = append(chosen, e)
		}
	}
	if len(chosen) == 0 {
		return nil, errors.New("no such engine is installed")
	}
	return chosen, nil
}
