package server

import (
	"path/filepath"
	"testing"

	"github.com/aikagi/aikagi/internal/datadir"
)

// The module is asked for with each start of a node. It is said to be built when it is, and then no more.
func TestModuleIsBuiltOnce(t *testing.T) {
	t.Parallel()
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	var told []string
	s := &Server{dir: dir, options: Options{Progress: func(what string) { told = append(told, what) }}}
	first, err := s.module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.module(t.Context())
	if err != nil || again != first {
		t.Errorf("%s, %v; at first %s", again, err, first)
	}
	if len(told) != 1 {
		t.Errorf("it is told %q", told)
	}
}
