package engine

import (
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// packagesTime bounds the questions about one program: a busy machine takes seconds for what takes 20 ms else.
const packagesTime = 30 * time.Second

// PackageVersion is the version of the Debian package that a program is from, or ""
// if it is from none: distributions mend holes without changing the version that
// the program prints.
func PackageVersion(ctx context.Context, program string) string {
	ctx, cancel := context.WithTimeout(ctx, packagesTime)
	defer cancel()
	// To ask the package that is called as the program, as those of engines are, takes a tenth of a search, which reads what all have.
	if version := versionIn(ctx, filepath.Base(program), program); version != "" {
		return version
	}
	owner, err := exec.CommandContext(ctx, "dpkg-query", "--search", program).Output()
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(string(owner), ":")
	return versionIn(ctx, name, program)
}

// versionIn is the version of a package, or "" if there is none of that name, or the program is not in it. In one run, dpkg-query would tell both
// too (${db-fsys:Files}), and read what all packages have.
func versionIn(ctx context.Context, name, program string) string {
	files, err := exec.CommandContext(ctx, "dpkg-query", "--listfiles", name).Output()
	if err != nil || !slices.Contains(strings.Split(string(files), "\n"), program) {
		return ""
	}
	version, err := exec.CommandContext(ctx, "dpkg-query", "--show", "--showformat=${Version}", name).Output()
	if err != nil {
		return ""
	}
	return string(version)
}
