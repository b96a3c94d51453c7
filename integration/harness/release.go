package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Releases are commits whose data directories must go on working, by name.
var Releases = map[string]string{
	"before one store of rows": "c6889a39aa317ab21d055c2445227f2686d56168",
}

// BuildRelease compiles a release from the history of this repository, into a directory of its own, which the caller
// removes. It returns the binary's path. The error says why it cannot be had: a clone may have no history.
func BuildRelease(commit string) (string, error) {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..")
	if out, err := exec.Command("git", "-C", root, "cat-file", "-e", commit+"^{commit}").CombinedOutput(); err != nil {
		return "", fmt.Errorf("the history does not have it: %w\n%s", err, out)
	}
	source, err := os.MkdirTemp("", "aikagi-release-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(source)
	unpack := exec.Command("sh", "-c", `git -C "$1" archive "$2" | tar -x -C "$3"`, "sh", root, commit, source)
	if out, err := unpack.CombinedOutput(); err != nil {
		return "", fmt.Errorf("unpack: %w\n%s", err, out)
	}
	return buildIn(source, "")
}
