package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

// atPoint makes a delivery to a file that does something at the n-th point of a name.
func atPoint(t *testing.T, path, name string, n int, do func()) delivery.Delivery {
	t.Helper()
	return receiver{
		target: rotation.Target{File: &rotation.FileTarget{Path: path}},
		options: delivery.Options{Files: []string{filepath.Dir(path)}, Point: func(reached string) {
			if reached == name {
				if n--; n == 0 {
					do()
				}
			}
		}},
	}.open(t)
}

// While the new token is written and not yet renamed, every other call for the file
// waits, whatever path it comes by; one for another file does not.
func TestFileCallsWaitForEachOther(t *testing.T) {
	t.Parallel()
	dir, secret := t.TempDir(), token.Generate()
	path := filepath.Join(dir, "token")
	write(t, path, oldToken, 0o600)
	if err := os.Symlink(".", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	given, cancel := context.WithCancel(context.Background())
	cancel()
	reached := false
	d := atPoint(t, path, delivery.PointTempWritten, 2, func() {
		reached = true
		for _, same := range []string{path, filepath.Join(dir, "link", "token")} {
			other := changeOf("r2", token.Generate())
			c := fileAt(t, same, dir)
			for name, err := range map[string]error{"check": c.Check(given), "stage": c.Stage(given, other), "deliver": c.Deliver(given, other), "revert": c.Revert(given, other), "finish": c.Finish(given, other)} {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%s of %s beside a delivery: %v", name, same, err)
				}
			}
		}
		if err := fileAt(t, filepath.Join(dir, "another"), dir).Check(given); err != nil {
			t.Errorf("another file: %v", err)
		}
	})
	must(t, d, changeOf("r1", secret), "deliver")
	if got := read(t, path); !reached || got != secret.Reveal() {
		t.Fatalf("delivered, and the file holds %d bytes", len(got))
	}
	if err := fileAt(t, path, dir).Check(given); err != nil {
		t.Fatalf("nobody is there any more: %v", err)
	}
}

// Two groups deliver to one file while a third one checks it. A reader only ever gets
// whole tokens, and no call fails.
func TestFileUsedByManyAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	write(t, path, oldToken, 0o600)
	var known sync.Map
	known.Store(oldToken, true)
	var calls, reader sync.WaitGroup
	for group := range 2 {
		calls.Go(func() {
			d := fileAt(t, path, dir)
			for n := range 15 {
				secret := token.Generate()
				known.Store(secret.Reveal(), true)
				if err := call(d, "deliver", changeOf(fmt.Sprintf("g%d-%d", group, n), secret)); err != nil {
					t.Error(err)
				}
			}
		})
		calls.Go(func() {
			d := fileAt(t, path, dir)
			for range 30 {
				if err := d.Check(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	over := make(chan struct{})
	reader.Go(func() {
		for {
			if content, err := os.ReadFile(path); err != nil {
				t.Error(err)
			} else if _, ok := known.Load(string(content)); !ok {
				t.Errorf("a reader got %d bytes that are no token", len(content))
			}
			select {
			case <-over:
				return
			default:
			}
		}
	})
	calls.Wait()
	close(over)
	reader.Wait()
	if left := names(t, dir); !slices.Equal(left, []string{".token.aikagi-previous", "token"}) {
		t.Fatalf("left behind: %v", left)
	}
}

// The trial of Check has a name of its own. If Check is killed, the next call of any
// kind removes it.
func TestFileTrial(t *testing.T) {
	t.Parallel()
	for _, point := range []int{1, 2} {
		for _, next := range []string{"check", "stage", "deliver", "revert", "finish"} {
			r, change := newFile(t), changeOf("r1", token.Generate())
			if !killed(t, r, "check", change, point) {
				t.Fatal("not killed")
			}
			if left := r.rest(t); left != ".token.aikagi-trial" {
				t.Fatalf("killed at point %d: %q is there", point, left)
			}
			must(t, r.open(t), change, next)
			if left := r.rest(t); strings.Contains(left, "trial") || strings.Contains(left, "next") {
				t.Errorf("%s left %s", next, left)
			}
		}
	}
}

// Deliver and Revert look at what they renamed: something else may have written there.
func TestFileIsReadBack(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]func(path string) error{
		"emptied":  func(path string) error { return os.Truncate(path, 0) },
		"replaced": func(path string) error { return os.WriteFile(path, []byte("written-by-something-else"), 0o600) },
		"removed":  os.Remove,
	} {
		dir, secret := t.TempDir(), token.Generate()
		path := filepath.Join(dir, "token")
		write(t, path, oldToken, 0o600)
		change := changeOf("r1", secret)
		spoiled := func() {
			if err := spoil(path); err != nil {
				t.Error(err)
			}
		}
		err := call(atPoint(t, path, delivery.PointRenamed, 2, spoiled), "deliver", change)
		if err == nil || !strings.Contains(err.Error(), "something else writes to it") || strings.Contains(err.Error(), secret.Reveal()) {
			t.Errorf("%s: deliver: %v", what, err)
		}
		must(t, fileAt(t, path, dir), change, "deliver")
		if read(t, path) != secret.Reveal() {
			t.Errorf("%s: not delivered", what)
		}
		write(t, path, oldToken, 0o600) // what is reverted to must not be what the file was spoiled with
		must(t, fileAt(t, path, dir), change, "deliver")
		if err := call(atPoint(t, path, delivery.PointRenamed, 1, spoiled), "revert", change); err == nil {
			t.Errorf("%s: revert saw nothing", what)
		}
	}
	// The same for the copy: without it, the file is not touched.
	r := newFile(t)
	path := r.target.File.Path
	err := call(atPoint(t, path, delivery.PointRenamed, 1, func() {
		_ = os.Remove(filepath.Join(filepath.Dir(path), ".token.aikagi-previous"))
	}), "deliver", changeOf("r1", token.Generate()))
	if err == nil {
		t.Error("the copy is gone, and nobody saw it")
	}
	r.mustUse(t, oldToken)
}
