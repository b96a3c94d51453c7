package harness

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/aikagi/aikagi/internal/fscrypt/fscrypttest"
)

// StartEncrypting is Start, with further environment variables, for a control plane whose nodes are on a file system that encrypts. It skips the test
// where there can be none.
func StartEncrypting(tb testing.TB, env []string, args ...string) (*Server, *fscrypttest.FileSystem) {
	tb.Helper()
	s := New(tb, args...)
	fs := fscrypttest.New(tb, filepath.Join(s.Dir, "nodes"))
	s.Start(env...)
	tb.Cleanup(func() { // before the file system's own
		s.Kill()
		for _, pid := range s.Nodes() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	return s, fs
}
