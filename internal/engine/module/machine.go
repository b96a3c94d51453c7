package module

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// machine is what a module is compiled for.
type machine struct {
	arch string      // as Go calls it
	elf  elf.Machine // what is written in the file; 0: not known, and not looked at
	gcc  string      // the compiler for it on another machine, as distributions call it
}

var machines = []machine{
	{arch: "amd64", elf: elf.EM_X86_64, gcc: "x86_64-linux-gnu-gcc"},
	{arch: "arm64", elf: elf.EM_AARCH64, gcc: "aarch64-linux-gnu-gcc"},
}

// machineOf finds the machine that a module can be built for: this one, or one that another compiler is known for.
func machineOf(arch string) (machine, error) {
	for _, m := range machines {
		if m.arch == arch {
			return m, nil
		}
	}
	if arch == runtime.GOARCH {
		return machine{arch: arch}, nil
	}
	return machine{}, fmt.Errorf("build module for %q: here it can be built for %s", arch, strings.Join(architectures(), ", "))
}

// thisMachine is the one that we run on.
func thisMachine() machine {
	m, err := machineOf(runtime.GOARCH)
	if err != nil {
		panic(err) // every program has its own machine
	}
	return m
}

// architectures are those that a module can be built for here, given a compiler.
func architectures() []string {
	list := []string{runtime.GOARCH}
	for _, m := range machines {
		if m.arch != runtime.GOARCH {
			list = append(list, m.arch)
		}
	}
	slices.Sort(list)
	return list
}

// compiler returns the program to compile with, and the words that go before all others.
func (m machine) compiler() ([]string, error) {
	cc := strings.Fields(os.Getenv("CC"))
	switch {
	case len(cc) > 0:
	case m.arch == runtime.GOARCH:
		cc = []string{"cc"}
	default:
		cc = []string{m.gcc}
	}
	if _, err := exec.LookPath(cc[0]); err != nil {
		return nil, fmt.Errorf("compile module for %s with %s: %w", m.arch, cc[0], m.noCompiler())
	}
	return cc, nil
}

func (m machine) noCompiler() error {
	if m.arch == runtime.GOARCH {
		return ErrNoCompiler
	}
	pkg := "gcc-" + strings.ReplaceAll(strings.TrimSuffix(m.gcc, "-gcc"), "_", "-")
	return fmt.Errorf("%w; for %s: apt-get install %s libc6-dev-%s-cross", ErrNoCompiler, m.arch, pkg, m.arch)
}

// Beside returns the module that was installed with a program: in its directory, or, if that is a bin, in lib/aikagi beside
// it, where distributions want libraries that only one program loads. The error is [Verify]'s of the first place.
func Beside(program string) (string, error) {
	dir := filepath.Dir(program)
	first := filepath.Join(dir, Name())
	err := Verify(first)
	if err == nil {
		return first, nil
	}
	if filepath.Base(dir) == "bin" {
		library := filepath.Join(filepath.Dir(dir), "lib", "aikagi", Name())
		other := Verify(library)
		if other == nil {
			return library, nil
		}
		if !errors.Is(other, os.ErrNotExist) {
			err = other
		}
	}
	return "", err
}
