package process_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/aikagi/aikagi/internal/fscrypt/fscrypttest"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

// keyOf is a key of one letter; asked counts how often it was wanted.
func keyOf(letter byte, asked *int) provider.KeyFunc {
	return func(context.Context) ([]byte, error) {
		*asked++
		key := make([]byte, 64)
		key[0] = letter
		return key, nil
	}
}

// A sealed node is like any other while the machine runs. After a restart it is that again when its key is there.
func TestSealedNode(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	fs := fscrypttest.New(t, filepath.Join(dir, "nodes"))
	options := process.Options{Dir: fs.Dir}
	p, release := open(t, options)
	asked := 0
	seal := func(letter byte) error { return p.Seal(within(t), node, keyOf(letter, &asked)) }
	for range 2 {
		if err := seal('a'); err != nil || asked != 1 {
			t.Fatalf("Seal() = %v; the key was asked for %d times", err, asked)
		}
	}
	install(t, p, node, provider.File{Name: "file", Data: []byte("data")})
	launch := sleeping()
	launch.Incarnation = 7
	start(t, p, node, launch)
	if err := p.Stop(within(t), node); err != nil {
		t.Fatal(err)
	}
	release()

	fs.Remount()
	p, release = open(t, options)
	if s := p.Inspect(node); s.Phase != provider.PhaseStopped || s.Incarnation != 0 {
		t.Errorf("locked, it is %+v", s)
	}
	if _, err := p.ReadFile(node, "file"); err == nil {
		t.Error("a file of a locked node is read")
	}
	lost := errors.New("the key is lost")
	if err := p.Seal(within(t), node, func(context.Context) ([]byte, error) { return nil, lost }); !errors.Is(err, provider.ErrSealed) || !errors.Is(err, lost) {
		t.Errorf("without a key: %v", err)
	}
	if err := seal('b'); !errors.Is(err, provider.ErrSealed) {
		t.Errorf("with another key: %v", err)
	}
	if err := seal('a'); err != nil {
		t.Fatal(err)
	}
	if data, err := p.ReadFile(node, "file"); string(data) != "data" {
		t.Errorf("ReadFile() = %q, %v", data, err)
	}
	if s := p.Inspect(node); s.Incarnation != 7 {
		t.Errorf("open, it is %+v", s)
	}

	// What is removed is gone with its key, so that the next of the name can have another.
	if err := p.Remove(within(t), node); err != nil {
		t.Fatal(err)
	}
	asked = 0
	if err := seal('b'); err != nil || asked != 1 {
		t.Errorf("Seal() = %v after Remove; the key was asked for %d times", err, asked)
	}
	release()
}

// A directory that is there already and is not encrypted stays as it is.
func TestSealRefusesPlainNode(t *testing.T) {
	t.Parallel()
	fs := fscrypttest.New(t, filepath.Join(tempDir(t), "nodes"))
	p, _ := open(t, process.Options{Dir: fs.Dir})
	install(t, p, node, provider.File{Name: "file", Data: []byte("data")})
	asked := 0
	if err := p.Seal(within(t), node, keyOf('a', &asked)); !errors.Is(err, provider.ErrSealed) {
		t.Errorf("Seal() = %v", err)
	}
	if data, err := p.ReadFile(node, "file"); string(data) != "data" {
		t.Errorf("ReadFile() = %q, %v", data, err)
	}
}

// A removal that was cut short leaves a sealed grave, which the next control plane clears away.
func TestSealedGraveIsRemoved(t *testing.T) {
	t.Parallel()
	fs := fscrypttest.New(t, filepath.Join(tempDir(t), "nodes"))
	options := process.Options{Dir: fs.Dir}
	p, release := open(t, options)
	asked := 0
	if err := p.Seal(within(t), node, keyOf('a', &asked)); err != nil {
		t.Fatal(err)
	}
	install(t, p, node, provider.File{Name: "file", Data: []byte("data")})
	release()
	if err := os.Rename(filepath.Join(fs.Dir, string(node)), filepath.Join(fs.Dir, ".removed-"+string(node))); err != nil {
		t.Fatal(err)
	}
	fs.Remount()
	_, release = open(t, options)
	defer release()
	if left, _ := filepath.Glob(filepath.Join(fs.Dir, ".removed-*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
