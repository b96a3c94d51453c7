package module

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestC runs the tests of ctest. Each is a run of one program, which has the module's sources in it, and an engine that
// is a few tables. The sanitizers find what a test does not look for: reading past an end, memory that nobody frees,
// and what C leaves undefined.
func TestC(t *testing.T) {
	t.Parallel()
	program := buildTestsInC(t, "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
	names := testsInC(t, program)
	if len(names) < 30 {
		t.Errorf("tests: %q", names)
	}
	for _, name := range names {
		runInC(t, program, name)
	}
}

// TestCThreads runs the tests of the gate, whose files the engine closes on any thread, with the sanitizer that finds what is shared without a lock.
func TestCThreads(t *testing.T) {
	t.Parallel()
	program := buildTestsInC(t, "-fsanitize=thread")
	names := slices.DeleteFunc(testsInC(t, program), func(name string) bool { return !strings.HasPrefix(name, "gate ") })
	if len(names) < 10 {
		t.Errorf("tests: %q", names)
	}
	for _, name := range names {
		runInC(t, program, name)
	}
}

func testsInC(t *testing.T, program string) []string {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), program).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(list)), "\n")
}

func runInC(t *testing.T, program, name string) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		cmd := exec.CommandContext(t.Context(), program, name)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1", "UBSAN_OPTIONS=print_stacktrace=1",
			"TSAN_OPTIONS=halt_on_error=1:die_after_fork=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

// buildTestsInC builds the tests' program with sanitizers.
func buildTestsInC(t *testing.T, sanitizers ...string) string {
	t.Helper()
	cc, err := thisMachine().compiler()
	if err != nil {
		t.Fatal(err)
	}
	var units []string
	for _, dir := range []string{"csrc", "csrc/gate", "ctest"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.c"))
		if err != nil {
			t.Fatal(err)
		}
		units = append(units, files...)
	}
	program := filepath.Join(t.TempDir(), "tests")
	args := slices.Concat(cc[1:], sanitizers, []string{
		"-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-fno-omit-frame-pointer", "-Wall", "-Wextra", "-Wpedantic", "-Icsrc", "-o", program,
	}, strictFlags, units)
	if out, err := exec.CommandContext(t.Context(), cc[0], args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// Each header can be included by itself, and twice.
func TestHeadersStandAlone(t *testing.T) {
	t.Parallel()
	cc, err := thisMachine().compiler()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sourceNames() {
		if filepath.Ext(name) != ".h" {
			continue
		}
		cmd := exec.Command(cc[0], slices.Concat(cc[1:], []string{"-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-Icsrc", "-Icsrc/gate", "-x", "c", "-"})...)
		cmd.Stdin = strings.NewReader(fmt.Sprintf("#include \"%[1]s\"\n#include \"%[1]s\"\n", name))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// strictFlags are for our own eyes: a function that no header promises has to be static.
var strictFlags = []string{"-Werror", "-Wconversion", "-Wshadow", "-Wmissing-prototypes", "-Wstrict-prototypes"}

// Our own compilers find nothing to say about the sources.
func TestSourcesCompileWithoutWarnings(t *testing.T) {
	t.Parallel()
	for _, compiler := range []string{"gcc", "clang"} {
		t.Run(compiler, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(compiler); err != nil {
				t.Skipf("%s is not installed", compiler)
			}
			cmd := exec.Command(compiler, slices.Concat(compilerFlags(), strictFlags, []string{"-o", filepath.Join(t.TempDir(), "x.so")}, unitNames())...)
			cmd.Dir = "csrc"
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s", out)
			}
		})
	}
}
