package module

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/elf"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// The sources have a folder of their own because go build takes a .c file beside Go files for cgo.
//
//go:embed csrc/*.c csrc/*.h csrc/gate/*.c csrc/gate/*.h
var sources embed.FS

// ErrNoCompiler says that the module has to be compiled and that there is no C compiler to do it.
var ErrNoCompiler = errors.New("no C compiler: install one (Debian, Ubuntu: apt-get install gcc libc6-dev) or set CC")

// ErrInvalid says that a file is not a whole engine module for this machine.
var ErrInvalid = errors.New("not an engine module for this machine")

// staleBuild is the age at which a build directory belongs to a process that was killed:
// compiling takes a few seconds.
const staleBuild = 10 * time.Minute

const buildPattern = ".aikagi-module-build-*"

// Name returns the file name of the module that this program needs, for recognising one that was
// built beforehand. Sources, flags and machine decide it, so that a file of this name is
// never out of date.
func Name() string { return moduleName() }

// moduleName is asked for with each start of a node, and always the same.
var moduleName = sync.OnceValue(func() string { return thisMachine().moduleName() })

func (m machine) moduleName() string { return "aikagi-module-" + m.identity() + ".so" }

// identity tells the modules of all releases and machines apart. It is in the file, too.
func (m machine) identity() string {
	h := sha256.New()
	for _, name := range sourceNames() {
		text := source(name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
	}
	fmt.Fprintf(h, "%s %s %q", runtime.GOOS, m.arch, compilerFlags())
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// Build returns the path of the compiled module in dir, compiling it when it is not there yet.
// dir is made when missing and must be writable by nobody else: engines load what is in it.
// The compiler is $CC, or else cc. Processes may build into the same dir at the same time, and
// one that is killed leaves nothing that a later Build takes for the module.
//
// The error is ErrNoCompiler when the module is missing and cannot be compiled here.
func Build(ctx context.Context, dir string) (string, error) {
	return thisMachine().build(ctx, dir)
}

// BuildFor is Build for another machine, named as Go names its architecture. Without $CC the compiler is the one that
// distributions have for it.
func BuildFor(ctx context.Context, dir, arch string) (string, error) {
	m, err := machineOf(arch)
	if err != nil {
		return "", err
	}
	return m.build(ctx, dir)
}

func (m machine) build(ctx context.Context, dir string) (string, error) {
	target := filepath.Join(dir, m.moduleName())
	if m.verify(target) == nil {
		return target, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make module directory: %w", err)
	}
	removeStaleBuilds(dir)
	tmp, err := os.MkdirTemp(dir, buildPattern)
	if err != nil {
		return "", fmt.Errorf("make module build directory: %w", err)
	}
	defer os.RemoveAll(tmp)

	if err := writeSources(tmp); err != nil {
		return "", err
	}
	if err := m.compile(ctx, tmp, "module.so"); err != nil {
		return "", err
	}
	built := filepath.Join(tmp, "module.so")
	if err := m.verify(built); err != nil {
		return "", fmt.Errorf("check compiled module: %w", err)
	}
	if err := publish(built, target); err != nil {
		return "", fmt.Errorf("publish module: %w", err)
	}
	return target, nil
}

// Verify returns nil when file is a whole module of this release that an engine on this machine can
// load. The error is ErrInvalid or one of package io/fs.
func Verify(file string) error { return thisMachine().verify(file) }

func (m machine) verify(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("look at module: %w", err)
	}
	// Engines refuse a module that is not executable.
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o100 == 0 {
		return fmt.Errorf("%w: %s is not an executable file", ErrInvalid, file)
	}
	if runtime.GOOS != "linux" {
		return nil
	}
	// The section headers, which lead to the symbols, end the file: a file cut short has none.
	binary, err := elf.Open(file)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	defer binary.Close()
	if m.elf != 0 && binary.Machine != m.elf {
		return fmt.Errorf("%w: %s is for %s and not for %s", ErrInvalid, file, binary.Machine, m.arch)
	}
	symbols, err := binary.DynamicSymbols()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if !slices.ContainsFunc(symbols, func(s elf.Symbol) bool {
		return s.Name == "RedisModule_OnLoad" && s.Section != elf.SHN_UNDEF
	}) {
		return fmt.Errorf("%w: %s has no RedisModule_OnLoad", ErrInvalid, file)
	}
	return m.identify(file)
}

// identify refuses the modules of others, and of other releases of ours: what the service says to one, and how it reads the answers, may
// have changed in between.
func (m machine) identify(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("look at module: %w", err)
	}
	if !bytes.Contains(content, []byte(identityMark+m.identity()+"\x00")) {
		return fmt.Errorf("%w: %s is not the module of this release of aikagi (aikagi-module-%s)", ErrInvalid, file, m.identity())
	}
	return nil
}

// identityMark is before the identity in the file; as in aikagi.c.
const identityMark = "aikagi-module-identity "

// compilerFlags leaves -Werror to the tests: a warning that a later compiler invents must not
// keep a cache from starting.
func compilerFlags() []string {
	flags := []string{
		"-std=c11", "-D_GNU_SOURCE", "-O2", "-fPIC", "-shared", "-fvisibility=hidden",
		"-Wall", "-Wextra", "-Wpedantic", "-D_FORTIFY_SOURCE=2", "-fstack-protector-strong",
	}
	if runtime.GOOS == "linux" {
		flags = append(flags, "-pthread", "-Wl,-z,relro,-z,now")
	}
	return flags
}

// libraries come behind what needs them. Where they are parts of the C library that does no harm.
func libraries() []string {
	if runtime.GOOS == "linux" {
		return []string{"-ldl"}
	}
	return nil
}

// compile makes one unit of all files. Alone, each takes the compiler longer for the headers of the system than for what is in it: together
// they need 2 seconds instead of 5, for which a first start waits. The price is that a name, also of something static, is in one file only.
func (m machine) compile(ctx context.Context, dir, output string) error {
	cc, err := m.compiler()
	if err != nil {
		return err
	}
	args := slices.Concat(cc[1:], compilerFlags(), []string{`-DIDENTITY="` + m.identity() + `"`, "-o", output, wholeName}, libraries())
	cmd := exec.CommandContext(ctx, cc[0], args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compile module with %s: %w: %s", cc[0], err, strings.TrimSpace(string(out)))
	}
	return nil
}

// publish gives the module its final name only once its content is on the disk, so that the
// name never stands for a part of it, not even after a power cut.
func publish(built, target string) error {
	if err := os.Chmod(built, 0o755); err != nil {
		return err
	}
	if err := syncFile(built); err != nil {
		return err
	}
	if err := os.Rename(built, target); err != nil {
		return err
	}
	return syncFile(filepath.Dir(target))
}

func syncFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// removeStaleBuilds is housekeeping, hence without an error: what it leaves disturbs nobody.
func removeStaleBuilds(dir string) {
	stale, _ := filepath.Glob(filepath.Join(dir, buildPattern))
	for _, build := range stale {
		if info, err := os.Lstat(build); err == nil && time.Since(info.ModTime()) > staleBuild {
			os.RemoveAll(build)
		}
	}
}

// wholeName is the file that includes all units.
const wholeName = "whole.c"

func writeSources(dir string) error {
	for _, name := range sourceNames() {
		if err := writeSource(dir, name, source(name)); err != nil {
			return err
		}
	}
	var whole bytes.Buffer
	for _, name := range unitNames() {
		fmt.Fprintf(&whole, "#include %q\n", name)
	}
	return writeSource(dir, wholeName, whole.Bytes())
}

func writeSource(dir, name string, text []byte) error {
	file := filepath.Join(dir, name)
	err := os.MkdirAll(filepath.Dir(file), 0o700)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write module source: %w", err)
	}
	return nil
}

// sourceNames returns the paths of the files below csrc, in an order that is always the same.
func sourceNames() (names []string) {
	for _, pattern := range []string{"csrc/*.[ch]", "csrc/*/*.[ch]"} {
		paths, err := fs.Glob(sources, pattern)
		if err != nil {
			panic(err) // the pattern is a constant
		}
		for _, p := range paths {
			names = append(names, strings.TrimPrefix(p, "csrc/"))
		}
	}
	return names
}

// unitNames returns the names of the files to compile; the others are included by them.
func unitNames() []string {
	return slices.DeleteFunc(sourceNames(), func(name string) bool { return path.Ext(name) != ".c" })
}

func source(name string) []byte {
	text, err := sources.ReadFile("csrc/" + name)
	if err != nil {
		panic(err) // embedded files can always be read
	}
	return text
}
