package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestReproducible builds the images and packages of the last commit twice, in clones at different places, and compares every byte.
func TestReproducible(t *testing.T) {
	dist(t)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	first, second := buildOfClone(t, root, "a"), buildOfClone(t, root, "somewhere-else")
	if len(first) < 8 {
		t.Errorf("files: %v", first)
	}
	for name, digest := range first {
		if second[name] != digest {
			t.Errorf("%s differs", name)
		}
	}
	versioned := false
	for name := range first {
		versioned = versioned || strings.HasPrefix(name, "aikagi_") && !strings.Contains(name, "devel") && !strings.Contains(name, "dirty")
	}
	if !versioned {
		t.Errorf("no package has the version of the commit: %v", first)
	}
}

// buildOfClone returns the digest of each file that is built, by its name.
func buildOfClone(t *testing.T, root, name string) map[string]string {
	t.Helper()
	clone := filepath.Join(t.TempDir(), name)
	cache := filepath.Join(root, ".tools", "image") // of packages, which are the same whoever gets them
	run := func(dir, program string, args ...string) {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", program, err, out)
		}
	}
	run(root, "git", "clone", "--quiet", "--no-hardlinks", ".", clone)
	// The packages of the console are as the lock file has them; getting them takes long.
	if _, err := os.Stat(filepath.Join(root, "web", "node_modules")); err == nil {
		if err := os.Symlink(filepath.Join(root, "web", "node_modules"), filepath.Join(clone, "web", "node_modules")); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(clone, "web", "package-lock.json"), time.Time{}, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(clone, ".git", "info", "exclude"), []byte("node_modules\n"), 0o600); err != nil { // a link is no folder
		t.Fatal(err)
	}
	run(clone, "scripts/web.sh", "build")
	run(filepath.Join(clone, "deploy"), "go", "run", "./image", "-cache", cache)
	run(filepath.Join(clone, "deploy"), "go", "run", "./packages", "-cache", cache)
	return digests(t, filepath.Join(clone, "dist"))
}

func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		list[strings.TrimPrefix(path, dir+"/")] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
