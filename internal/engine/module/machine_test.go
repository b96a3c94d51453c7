package module

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func otherMachine(t *testing.T) machine {
	t.Helper()
	for _, m := range machines {
		if m.arch != runtime.GOARCH {
			return m
		}
	}
	t.Fatal("there is one machine only")
	return machine{}
}

// A module for another machine has another name, and is refused here whatever its name.
func TestBuildForAnotherMachine(t *testing.T) {
	t.Parallel()
	other := otherMachine(t)
	dir := t.TempDir()
	path, err := BuildFor(t.Context(), dir, other.arch)
	if _, missing := exec.LookPath(other.gcc); missing != nil {
		if !errors.Is(err, ErrNoCompiler) || !strings.Contains(err.Error(), "libc6-dev-"+other.arch+"-cross") {
			t.Errorf("BuildFor without %s: %v", other.gcc, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(path) == Name() || other.verify(path) != nil {
		t.Errorf("%s: %v", path, other.verify(path))
	}
	if err := Verify(path); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), other.arch) && !strings.Contains(err.Error(), other.elf.String()) {
		t.Errorf("Verify of a module for %s: %v", other.arch, err)
	}
}

func TestBuildForAnUnknownMachine(t *testing.T) {
	t.Parallel()
	if _, err := BuildFor(t.Context(), t.TempDir(), "pdp11"); err == nil || !strings.Contains(err.Error(), "amd64, arm64") {
		t.Errorf("BuildFor: %v", err)
	}
}

func TestVerifyRefusesAnotherMachine(t *testing.T) {
	t.Parallel()
	whole, err := moduleOnce()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint16(content[18:], uint16(otherMachine(t).elf)) // e_machine
	file := filepath.Join(t.TempDir(), Name())
	if err := os.WriteFile(file, content, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Verify(file); !errors.Is(err, ErrInvalid) {
		t.Errorf("Verify: %v", err)
	}
}

// What the service says to a module changes from release to release, so a module of another one is refused, as is anybody else's.
func TestVerifyRefusesOtherReleases(t *testing.T) {
	t.Parallel()
	whole, err := moduleOnce()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	mark := []byte(identityMark + thisMachine().identity())
	if !bytes.Contains(content, mark) {
		t.Fatalf("%s does not have %q", whole, mark)
	}
	for name, other := range map[string]string{"another release": identityMark + "0123456789ab", "somebody else's": strings.Repeat("x", len(mark))} {
		file := filepath.Join(t.TempDir(), Name()) // the name proves nothing
		if err := os.WriteFile(file, bytes.ReplaceAll(content, mark, []byte(other)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := Verify(file); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "is not the module of this release") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A package installs a program in bin, where no library belongs, and the module in lib.
func TestBeside(t *testing.T) {
	t.Parallel()
	whole, err := moduleOnce()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for where, found := range map[string]bool{"usr/bin": true, "usr/lib/aikagi": true, "usr/lib": false} {
		root := t.TempDir()
		file := filepath.Join(root, where, Name())
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o755); err != nil {
			t.Fatal(err)
		}
		got, err := Beside(filepath.Join(root, "usr/bin/aikagi"))
		if found && (err != nil || got != file) || !found && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("module in %s: %q, %v", where, got, err)
		}
	}
	if _, err := Beside(filepath.Join(t.TempDir(), "sbin", "aikagi")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no module: %v", err)
	}
}
