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
	// Engines are in packages that are called as they are. To search reads what all packages have, and takes ten times as long.
	if version := versionIfIn(ctx, filepath.Base(program), program); version != "" {
		return version
	}
	owner, err := exec.CommandContext(ctx, "dpkg-query", "--search", program).Output()
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(string(owner), ":")
	return versionIfIn(ctx, name, program)
}

// versionIfIn is the version of a package if the program is in it, else "".
//
// Source: dpkg-query(1), "db-fsys:Files": a line for each file, with a space before it.
func versionIfIn(ctx context.Context, name, program string) string {
	out, err := exec.CommandContext(ctx, "dpkg-query", "--show", `--showformat=${Version}\n${db-fsys:Files}`, name).Output()
	if err != nil {
		return ""
	}
	lines := strings.Split(string(out), "\n")
	if !slices.Contains(lines[1:], " "+program) {
		return ""
	}
	return lines[0]
}
