package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
)

// build compiles the binary under test once for this process, with the fault points
// in it.
var build = sync.OnceValues(func() (string, error) { return Build("faults") })

// Build compiles the binary with build tags, and the engine module, into a directory
// of its own, which the caller removes. It returns the binary's path.
func Build(tags string) (string, error) {
	_, file, _, _ := runtime.Caller(0)
	return buildIn(filepath.Join(filepath.Dir(file), "..", ".."), tags)
}

// buildIn is Build for a source tree.
func buildIn(root, tags string) (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-binary-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "aikagi")
	command := exec.Command("go", "build", "-tags", tags, "-o", path, "./cmd/aikagi")
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build aikagi: %w\n%s", err, out)
	}
	if out, err := exec.Command(path, "module", "build").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build engine module: %w\n%s", err, out)
	}
	return path, nil
}

// Binary returns the path of the binary under test.
func Binary() (string, error) { return build() }

// RemoveBinary cleans up after Binary; TestMain calls it last.
func RemoveBinary() {
	if path, err := build(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
}
