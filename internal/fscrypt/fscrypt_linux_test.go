package fscrypt_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/fscrypt"
	"github.com/aikagi/aikagi/internal/fscrypt/fscrypttest"
)

var key, other = bytes.Repeat([]byte{'k'}, fscrypt.KeySize), bytes.Repeat([]byte{'o'}, fscrypt.KeySize)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openDir(t *testing.T, path string) *os.File {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	dir, err := os.Open(path)
	must(t, err)
	t.Cleanup(func() { dir.Close() })
	return dir
}

// TestSealed goes once round the diagram.
func TestSealed(t *testing.T) {
	t.Parallel()
	fs := fscrypttest.New(t, filepath.Join(t.TempDir(), "fs"))
	secret := []byte("nobody reads this from the disk")
	path := filepath.Join(fs.Dir, "node")
	dir := openDir(t, path)
	if id, err := fscrypt.KeyOf(dir); id != nil || err != nil {
		t.Errorf("before: %v, %v", id, err)
	}
	must(t, fscrypt.Seal(dir, key))
	must(t, fscrypt.Seal(dir, key))
	must(t, os.WriteFile(filepath.Join(path, "dump-of-a-cache.rdb"), secret, 0o600))
	must(t, os.WriteFile(filepath.Join(fs.Dir, "plain"), []byte("whoever has the disk reads this"), 0o600))
	isOpen(t, dir, true)
	if err := fscrypt.Seal(dir, other); !errors.Is(err, fscrypt.ErrOtherKey) {
		t.Errorf("another key: %v", err)
	}
	isOpen(t, dir, true) // and the right one is still there
	dir.Close()
	content := fs.Content()
	if !bytes.Contains(content, []byte("whoever has the disk reads this")) {
		t.Error("what is not encrypted is not found, so that nothing else is says nothing")
	}
	for _, part := range [][]byte{secret, []byte("dump-of-a-cache"), key} {
		if bytes.Contains(content, part) {
			t.Errorf("the disk has %q", part)
		}
	}

	fs.Remount()
	dir = openDir(t, path)
	isOpen(t, dir, false)
	// While somebody else has the file system mounted, the kernel still knows the name.
	if _, err := os.ReadFile(filepath.Join(path, "dump-of-a-cache.rdb")); !errors.Is(err, os.ErrNotExist) && !errors.Is(err, unix.ENOKEY) {
		t.Errorf("a file of a locked directory: %v", err)
	}
	if err := os.WriteFile(filepath.Join(path, "new"), nil, 0o600); !errors.Is(err, unix.ENOKEY) {
		t.Errorf("a new file of a locked directory: %v", err)
	}
	must(t, fscrypt.Seal(dir, key))
	got, err := os.ReadFile(filepath.Join(path, "dump-of-a-cache.rdb"))
	if err != nil || !bytes.Equal(got, secret) {
		t.Errorf("after the machine's restart: %q, %v", got, err)
	}

	id, err := fscrypt.KeyOf(dir)
	must(t, err)
	dir.Close()
	must(t, fscrypt.Forget(openDir(t, fs.Dir), *id))
	must(t, fscrypt.Forget(openDir(t, fs.Dir), *id))
	isOpen(t, openDir(t, path), false)
	must(t, os.RemoveAll(path))
}

func isOpen(t *testing.T, dir *os.File, want bool) {
	t.Helper()
	if is, err := fscrypt.IsOpen(dir); is != want || err != nil {
		t.Errorf("open: %t (%v), want %t", is, err, want)
	}
}

func TestSealRefuses(t *testing.T) {
	t.Parallel()
	fs := fscrypttest.New(t, filepath.Join(t.TempDir(), "fs"))
	dir := openDir(t, filepath.Join(fs.Dir, "full"))
	must(t, os.WriteFile(filepath.Join(dir.Name(), "file"), nil, 0o600))
	if err := fscrypt.Seal(dir, key); !errors.Is(err, fscrypt.ErrNotEmpty) {
		t.Errorf("a directory with a file: %v", err)
	}
	if err := fscrypt.Seal(dir, key[1:]); err == nil {
		t.Error("a short key is taken")
	}
	elsewhere, err := os.Open("/proc")
	must(t, err)
	defer elsewhere.Close()
	if err := fscrypt.Seal(elsewhere, key); !errors.Is(err, fscrypt.ErrUnsupported) {
		t.Errorf("a file system that cannot: %v", err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	fs := fscrypttest.New(t, filepath.Join(t.TempDir(), "fs"))
	sealed := openDir(t, filepath.Join(fs.Dir, "sealed"))
	must(t, fscrypt.Seal(sealed, key))
	for path, want := range map[string]struct {
		inherited bool
		err       error
	}{
		fs.Dir: {}, sealed.Name(): {inherited: true}, "/dev/shm": {err: fscrypt.ErrUnsupported},
	} {
		inherited, err := fscrypt.Check(path, ".check-*")
		if inherited != want.inherited || !errors.Is(err, want.err) {
			t.Errorf("%s: %t, %v", path, inherited, err)
		}
		if left, _ := filepath.Glob(filepath.Join(path, ".check-*")); len(left) > 0 {
			t.Errorf("it leaves %v", left)
		}
	}
}
