package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A store that is opened and closed is as it was, once it has what it keeps back.
func TestOpenLeavesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path)
	put(t, s, group(t, "a", 2))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Errorf("opening it changed it: %d bytes, then %d", len(before), len(after))
	}
}
