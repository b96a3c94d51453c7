package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
)

// built is the binary under test, with the fault points in it. It is compiled once for this process, when it is first asked for.
var built struct {
	once sync.Once
	path string
	err  error
}

// Build compiles the binary with build tags, and the engine module, into a directory
// of its own, which the caller removes. It returns the binary's path.
func Build(tags string) (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-binary-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "aikagi")
	return path, buildIn(root(), path, tags)
}

// root is this checkout.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// buildIn is Build for a source tree. Nothing is done where the binary is there and up to date.
func buildIn(root, path, tags string) error {
	command := exec.Command("go", "build", "-tags", tags, "-o", path, "./cmd/aikagi")
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build aikagi: %w\n%s", err, out)
	}
	if out, err := exec.Command(path, "module", "build").CombinedOutput(); err != nil {
		return fmt.Errorf("build engine module: %w\n%s", err, out)
	}
	return nil
}

// Binary returns the path of the binary under test.
func Binary() (string, error) {
	built.once.Do(func() { built.path, built.err = Build("faults") })
	return built.path, built.err
}

// RemoveBinary cleans up after Binary; TestMain calls it last.
func RemoveBinary() {
	if built.path != "" {
		_ = os.RemoveAll(filepath.Dir(built.path))
	}
}
