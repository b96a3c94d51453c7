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
	name := filepath.Base(program)
	if !isIn(ctx, name, program) {
		owner, err := exec.CommandContext(ctx, "dpkg-query", "--search", program).Output()
		if err != nil {
			return ""
		}
		name, _, _ = strings.Cut(string(owner), ":")
	}
	version, err := exec.CommandContext(ctx, "dpkg-query", "--show", "--showformat=${Version}", name).Output()
	if err != nil {
		return ""
	}
	return string(version)
}

// isIn reports whether a program is in a package. To ask the one that is called as the program, as those of engines are,
// takes a tenth of a search, which reads what all packages have.
func isIn(ctx context.Context, name, program string) bool {
	files, err := exec.CommandContext(ctx, "dpkg-query", "--listfiles", name).Output()
	return err == nil && slices.Contains(strings.Split(string(files), "\n"), program)
}
