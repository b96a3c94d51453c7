// Package program builds what images and packages bring: the program without any library, and the engine module that belongs to it,
// for any machine that there is a compiler for. Two builds of one commit are the same, byte for byte, wherever they are made.
package program

import (
	"cmp"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// ErrNoCompiler says that there is no C compiler for a machine, and how to get one.
var ErrNoCompiler = errors.New("no C compiler for it")

// Build is the program for one machine.
type Build struct {
	Arch     string // as Go and Debian call it
	Program  string // file
	Module   string // file; its name is what the program looks for
	Version  string // as the program says
	Revision string // the commit; empty outside of a git clone
	Time     time.Time
}

// Host is the machine that we are on.
func Host() string { return runtime.GOARCH }

// gcc are compilers for another machine than this one, as Debian calls them and their packages.
var gcc = map[string]struct{ program, packages string }{
	"amd64": {"x86_64-linux-gnu-gcc", "gcc-x86-64-linux-gnu libc6-dev-amd64-cross"},
	"arm64": {"aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"},
}

// Make builds the program of a source tree into a directory. The one for this machine must have been built there before that for another:
// it builds the module.
func Make(ctx context.Context, source, dir, arch string) (Build, error) {
	b := Build{Arch: arch, Program: filepath.Join(dir, arch, "aikagi")}
	if arch != Host() {
		if _, err := exec.LookPath(gcc[arch].program); err != nil {
			return b, fmt.Errorf("build for %s: %w: apt-get install %s", arch, ErrNoCompiler, gcc[arch].packages)
		}
	}
	// Neither paths of this machine nor symbols, and no C library, so that it runs on every Linux; and with the commit, whatever is set here.
	goBuild := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=auto", "-ldflags=-s -w", "-o", b.Program, "./cmd/aikagi")
	goBuild.Dir = source
	goBuild.Env = append(goBuild.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
	if out, err := goBuild.CombinedOutput(); err != nil {
		return b, fmt.Errorf("build for %s: %w: %s", arch, err, out)
	}
	if err := b.describe(); err != nil {
		return b, err
	}
	return b, b.makeModule(ctx, dir)
}

// describe reads what Go wrote into the program about its source.
func (b *Build) describe() error {
	info, err := buildinfo.ReadFile(b.Program)
	if err != nil {
		return fmt.Errorf("read version of program: %w", err)
	}
	b.Version, b.Time = cmp.Or(info.Main.Version, "(unknown)"), time.Unix(0, 0).UTC()
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			if b.Time, err = time.Parse(time.RFC3339, s.Value); err != nil {
				return fmt.Errorf("read time of commit: %w", err)
			}
		}
	}
	return nil
}

// makeModule builds it anew: one that is there may be from another compiler.
func (b *Build) makeModule(ctx context.Context, dir string) error {
	into := filepath.Join(dir, b.Arch, "module")
	if err := os.RemoveAll(into); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, filepath.Join(dir, Host(), "aikagi"), "module", "build", "--dir", into, "--arch", b.Arch)
	if b.Arch != Host() { // $CC is for this machine
		build.Env = append(build.Environ(), "CC="+gcc[b.Arch].program)
	}
	var problem strings.Builder
	build.Stderr = &problem
	out, err := build.Output()
	if err != nil {
		return fmt.Errorf("build module for %s: %w: %s", b.Arch, err, problem.String())
	}
	b.Module = strings.TrimSpace(string(out))
	return nil
}

// MakeAll builds for each architecture that it can be built for, with this machine's first. What cannot be built is told, and why.
func MakeAll(ctx context.Context, source, dir string, note func(string)) ([]Build, error) {
	var builds []Build
	for _, arch := range architectures() {
		b, err := Make(ctx, source, dir, arch)
		if errors.Is(err, ErrNoCompiler) {
			note(err.Error())
			continue
		}
		if err != nil {
			return nil, err
		}
		builds = append(builds, b)
	}
	return builds, nil
}

func architectures() []string {
	list := []string{Host()}
	for _, arch := range []string{"amd64", "arm64"} {
		if arch != Host() {
			list = append(list, arch)
		}
	}
	return list
}
