package delivery_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

func fileAt(t *testing.T, path string, allowed ...string) delivery.Delivery {
	t.Helper()
	return receiver{target: rotation.Target{File: &rotation.FileTarget{Path: path}}, options: delivery.Options{Files: allowed}}.open(t)
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func TestFileModes(t *testing.T) {
	t.Parallel()
	for before, after := range map[os.FileMode]os.FileMode{0o600: 0o600, 0o644: 0o640, 0o666: 0o640, 0o640: 0o640, 0o400: 0o600, 0o777: 0o640, 0o604: 0o600} {
		dir := t.TempDir()
		path := filepath.Join(dir, "token")
		write(t, path, oldToken, before)
		change := changeOf("r1", token.Generate())
		options := delivery.Options{Files: []string{dir}, Point: func(string) {
			// At no moment can others read anything that we made.
			for _, name := range names(t, dir) {
				if m := mode(t, filepath.Join(dir, name)); name != "token" && m.Perm()&0o137 != 0 {
					t.Errorf("%s has mode %v", name, m)
				}
			}
		}}
		d := receiver{target: rotation.Target{File: &rotation.FileTarget{Path: path}}, options: options}.open(t)
		must(t, d, change, "deliver")
		if got := mode(t, path); got != after {
			t.Errorf("mode %v became %v, want %v", before, got, after)
		}
		must(t, d, change, "revert")
		if got := mode(t, path); got != after {
			t.Errorf("mode %v became %v after revert, want %v", before, got, after)
		}
	}
}

func TestFileKeepsOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("not root: only that the owner stays the same user is seen")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	write(t, path, oldToken, 0o640)
	uid, gid := os.Geteuid(), os.Getegid()
	if uid == 0 {
		uid, gid = 12345, 23456
		if err := os.Chown(path, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	must(t, fileAt(t, path, dir), changeOf("r1", token.Generate()), "deliver", "finish")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if stat := info.Sys().(*syscall.Stat_t); int(stat.Uid) != uid || int(stat.Gid) != gid {
		t.Fatalf("owner is %d:%d, want %d:%d", stat.Uid, stat.Gid, uid, gid)
	}
}

func TestFileThatWasNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	// A copy of another rotation must not come back.
	write(t, filepath.Join(dir, ".token.aikagi-previous"), oldToken, 0o600)
	d, token := fileAt(t, path, dir), token.Generate()
	change := changeOf("r1", token)
	must(t, d, change, "stage", "deliver")
	if read(t, path) != token.Reveal() || mode(t, path) != 0o600 {
		t.Fatal("the file is not as it should be")
	}
	if err := call(d, "revert", change); !errors.Is(err, delivery.ErrNothingBefore) {
		t.Fatalf("revert: %v", err)
	}
	if read(t, path) != token.Reveal() {
		t.Fatal("revert changed the file")
	}
}

func TestFileRevertLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	write(t, path, oldToken, 0o600)
	d, change := fileAt(t, path, dir), changeOf("r1", token.Generate())
	must(t, d, change, "deliver")
	write(t, path, "written-by-hand-in-between", 0o600)
	must(t, d, change, "revert")
	if got := read(t, path); got != "written-by-hand-in-between" {
		t.Fatalf("revert wrote %q", got)
	}
}

func TestFileRefusals(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "token"), "outside", 0o600)
	write(t, filepath.Join(dir, "large"), strings.Repeat("x", 5000), 0o600)
	write(t, filepath.Join(dir, "real"), oldToken, 0o600)
	for link, to := range map[string]string{
		"link": "real", "dangling": "nothing", "away": filepath.Join(outside, "token"),
		"awaydir": outside, "inside": ".", // "inside" is fine: it stays below
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "directory"), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"link": "symbolic link", "dangling": "symbolic link", "away": "symbolic link",
		"awaydir/token": "--delivery-files", "directory": "not a regular file", "large": "more than a token",
		"missing/token": "Create it first", "../" + filepath.Base(outside) + "/token": "--delivery-files",
		"../nowhere/token": "--delivery-files",
	} {
		d := fileAt(t, filepath.Join(dir, path), dir)
		change := changeOf("r1", token.Generate())
		for name, err := range map[string]error{"check": d.Check(context.Background()), "stage": call(d, "stage", change), "deliver": call(d, "deliver", change)} {
			if err == nil || !strings.Contains(err.Error(), want) || !cache.IsKind(err, cache.KindInvalid) {
				t.Errorf("%s of %s: %v, want %q", name, path, err, want)
			}
		}
	}
	if err := fileAt(t, filepath.Join(dir, "inside", "real"), dir).Check(context.Background()); err != nil {
		t.Errorf("a link that stays below is refused: %v", err)
	}
	if err := fileAt(t, filepath.Join(dir, "real")).Check(context.Background()); err == nil || !strings.Contains(err.Error(), "--delivery-files DIRECTORY") {
		t.Errorf("without any directory: %v", err)
	}
	if got := read(t, filepath.Join(outside, "token")); got != "outside" || len(names(t, outside)) != 1 {
		t.Errorf("something was written outside: %v", names(t, outside))
	}
}
