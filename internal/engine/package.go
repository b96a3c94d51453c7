package engine

import (
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// PackageVersion is the version of the Debian package that a program is from, or ""
// if it is from none: distributions mend holes without changing the version that
// the program prints.
func PackageVersion(ctx context.Context, program string) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	// Programs of engines are mostly in a package that is called as they are. To ask that one takes a tenth of a search, which reads
	// what all packages have.
	if version, has := askPackage(ctx, filepath.Base(program), program); has {
		return version
	}
	owner, err := exec.CommandContext(ctx, "dpkg-query", "--search", program).Output()
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(string(owner), ":")
	version, _ := askPackage(ctx, name, program)
	return version
}

// askPackage returns the version of a package, and whether the program is in it.
func askPackage(ctx context.Context, name, program string) (version string, has bool) {
	// Both by one call (dpkg-query(1), --showformat).
	out, err := exec.CommandContext(ctx, "dpkg-query", "--show", `--showformat=${Version}\n${db-fsys:Files}`, name).Output()
	if err != nil {
		return "", false
	}
	version, files, _ := strings.Cut(string(out), "\n")
	return version, slices.Contains(strings.Fields(files), program)
}
