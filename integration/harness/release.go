package harness

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// Releases are commits whose data directories must go on working, by name.
var Releases = map[string]string{
	"before one store of rows": "c6889a39aa317ab21d055c2445227f2686d56168",
}

// BuildRelease compiles a release from the history of this repository, and returns the binary's path. It stays in this checkout
// (.tools) for the next time, as do its sources: compiled elsewhere they would be others to the compiler, which takes a minute. The
// error says why it cannot be had: a clone may have no history.
func BuildRelease(commit string) (string, error) {
	if out, err := exec.Command("git", "-C", root(), "cat-file", "-e", commit+"^{commit}").CombinedOutput(); err != nil {
		return "", fmt.Errorf("the history does not have it: %w\n%s", err, out)
	}
	source := filepath.Join(root(), ".tools", "releases", commit)
	if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) {
		if err := unpack(commit, source); err != nil {
			return "", fmt.Errorf("unpack: %w", err)
		}
	}
	path := filepath.Join(source, "bin", "aikagi")
	return path, buildIn(source, path, "")
}

// unpack leaves all of a commit's files, or none.
func unpack(commit, at string) error {
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	whole, err := os.MkdirTemp(filepath.Dir(at), "."+commit+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(whole)
	out, err := exec.Command("sh", "-c", `git -C "$1" archive "$2" | tar -x -C "$3"`, "sh", root(), commit, whole).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return os.Rename(whole, at)
}
