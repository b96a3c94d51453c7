package module

import (
	"debug/elf"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	path, err := Build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if path != filepath.Join(dir, Name()) || !regexp.MustCompile(`^aikagi-module-[0-9a-f]{12}\.so$`).MatchString(Name()) {
		t.Errorf("path %s, name %s", path, Name())
	}
	if err := Verify(path); err != nil {
		t.Error(err)
	}
	first, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Build(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	second, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(first, second) {
		t.Error("a whole module was built again")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// What a killed build leaves is neither believed nor kept for ever.
func TestBuildAfterCrash(t *testing.T) {
	t.Parallel()
	whole, err := moduleOnce()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for name, left := range map[string][]byte{"empty": nil, "half": content[:len(content)/2], "all but the end": content[:len(content)-1], "text": []byte("#!/bin/sh\n")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, Name()), left, 0o755); err != nil {
				t.Fatal(err)
			}
			stale := filepath.Join(dir, strings.Replace(buildPattern, "*", "1", 1))
			fresh := filepath.Join(dir, strings.Replace(buildPattern, "*", "2", 1))
			for _, d := range []string{stale, fresh} {
				if err := os.Mkdir(d, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			long := time.Now().Add(-2 * staleBuild)
			if err := os.Chtimes(stale, long, long); err != nil {
				t.Fatal(err)
			}
			path, err := Build(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(path); err != nil || info.Size() != int64(len(content)) {
				t.Errorf("module: %v, %v, want %d bytes", info, err, len(content))
			}
			if _, err := os.Stat(stale); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("an old build directory stays: %v", err)
			}
			if _, err := os.Stat(fresh); err != nil {
				t.Errorf("another process's build directory: %v", err)
			}
		})
	}
}

func TestBuildAtTheSameTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if path, err := Build(t.Context(), dir); err != nil || Verify(path) != nil {
				t.Errorf("Build: %v", err)
			}
		})
	}
	wg.Wait()
}

func TestBuildWithoutCompiler(t *testing.T) {
	t.Setenv("CC", "no-such-compiler -O3")
	_, err := Build(t.Context(), t.TempDir())
	if !errors.Is(err, ErrNoCompiler) || !strings.Contains(err.Error(), "apt-get install gcc") {
		t.Errorf("Build: %v", err)
	}
}

func TestBuildFailure(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CC", "cc -include no-such-header.h")
	_, err := Build(t.Context(), dir)
	if err == nil || errors.Is(err, ErrNoCompiler) || !strings.Contains(err.Error(), "no-such-header.h") {
		t.Errorf("Build: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// Whoever loads the module sees its entry point, and those functions of the C library that the gate stands before; no other
// function of it takes the place of one of the engine's.
func TestModuleExportsNothingElse(t *testing.T) {
	t.Parallel()
	file, err := moduleOnce()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	symbols, err := binary.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	var exported []string
	for _, s := range symbols {
		if s.Section != elf.SHN_UNDEF {
			exported = append(exported, s.Name)
		}
	}
	slices.Sort(exported)
	if !slices.Equal(exported, []string{"RedisModule_OnLoad", "accept", "accept4", "bind", "close", "getpeername", "listen", "setsockopt"}) {
		t.Errorf("exported: %v", exported)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	text, err := Settings{ACLSecret: "acl-0123456789abcdef", InternalPrefix: "aikagi:", Network: netip.MustParsePrefix("127.80.0.0/16")}.Render()
	if err != nil || string(text) != "acl-secret acl-0123456789abcdef\ninternal-prefix aikagi:\nconfig-name CONFIG\nusage on\nnetwork 127.80.0.0/16\n" {
		t.Fatalf("Render: %q, %v", text, err)
	}
	for _, s := range []Settings{
		{}, {ACLSecret: "acl-0123456789abcdef"}, {ACLSecret: "acl", InternalPrefix: "a"}, {ACLSecret: "xcl-0123456789abcdef", InternalPrefix: "a"},
		{ACLSecret: "acl-0123456789 abcdef", InternalPrefix: "a"}, {ACLSecret: "acl-" + strings.Repeat("x", 200), InternalPrefix: "a"},
		{ACLSecret: "acl-0123456789abcdef", InternalPrefix: "a b"}, {ACLSecret: "acl-0123456789abcdef", InternalPrefix: strings.Repeat("x", 128)},
	} {
		if _, err := s.Render(); !errors.Is(err, ErrSettings) {
			t.Errorf("Render of %+v: %v", s, err)
		}
	}
}
